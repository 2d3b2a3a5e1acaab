import type { CauseClass } from '../errors/index.ts';
import type { Triage } from '../results/index.ts';

/** A leg that could not be asked, and why. */
interface Silent {
  readonly ran: false;
  readonly why: string;
}

/** The model's second run. */
export type ModelLeg = Silent | { readonly ran: true; readonly repeats: boolean };

/** The native C engine, beside the model. */
export type NativeLeg =
  | Silent
  | {
      readonly ran: true;
      /** It does what the model does, what the board did, or something else. */
      readonly does: 'model' | 'board' | 'else';
      /** What it did, when that is neither the model's nor the board's. */
      readonly text?: string;
    };

/** Reruns on the board. */
export type BoardLeg =
  | Silent
  | {
      readonly ran: true;
      readonly same: number;
      readonly otherwise: number;
      readonly agreed: number;
      /** Why there were fewer than asked for. */
      readonly cut?: string;
    };

/** Everything the verdict on a finding rests on. */
export interface Witnesses {
  /** Where it was found, such as `step 12`. */
  readonly place: string;
  readonly model: ModelLeg;
  readonly native: NativeLeg;
  readonly board: BoardLeg;
  /** What the firmware says of itself; `none` is a good build. */
  readonly defect: string;
  /** Whether the program read from outside, so that reruns needn't be equal. */
  readonly live: boolean;
  /** Why a value that the board read can't be true, when that is the finding. */
  readonly implausible: string | undefined;
}

/** What a class means, as the end of a sentence about a finding. */
export const CAUSE_TEXTS: Readonly<Partial<Record<CauseClass, string>>> = {
  model: 'the reference model does not repeat itself',
  semantics: 'model and C sources understand an instruction differently',
  toolchain: 'it is how the firmware was built, or from which sources',
  hardware: 'the board is wrong in another way each time',
  transient: 'the board is wrong only now and then',
  firmware: "it is on the board's side",
};

function modelText(leg: ModelLeg, place: string): string {
  if (!leg.ran) return leg.why;
  return leg.repeats ? `run again: the same at ${place}` : `run again: something else at ${place}`;
}

function nativeText(leg: NativeLeg, place: string): string {
  if (!leg.ran) return leg.why;
  switch (leg.does) {
    case 'model':
      return `does what the model does, up to and with ${place}`;
    case 'board':
      return `does what the board did at ${place}, and not what the model does`;
    case 'else':
      return `differs from the model and from the board: ${leg.text ?? 'no details'}`;
  }
}

const total = ({ same, otherwise, agreed }: Extract<BoardLeg, { ran: true }>): number =>
  same + otherwise + agreed;

function boardText(leg: BoardLeg, { place, live }: Witnesses): string {
  if (!leg.ran) return leg.why;
  const what = live ? 'wrong at the same instruction' : `wrong in the same way at ${place}`;
  const parts = [`${leg.same} of ${total(leg)} reruns ${what}`];
  if (leg.otherwise > 0) parts.push(`${leg.otherwise} wrong in another way`);
  if (leg.agreed > 0) parts.push(`${leg.agreed} without a fault`);
  if (leg.cut !== undefined) parts.push(leg.cut);
  return parts.join(', ');
}

/** The class, and the reason for it. The order of the questions is the order of how sure their answers are. */
function classify({ model, native, board }: Witnesses): { cause: CauseClass; reason: string } {
  if (model.ran && !model.repeats) {
    return {
      cause: 'model',
      reason: 'the same program with the same inputs gives two results in the model',
    };
  }
  if (native.ran && native.does !== 'model') {
    return {
      cause: 'semantics',
      reason:
        native.does === 'board'
          ? 'the C sources do the same on this machine as on the board: docs/vm.md decides who is right'
          : 'the C sources differ from the model on this machine too: docs/vm.md decides who is right',
    };
  }
  if (board.ran && board.agreed > 0) {
    const wrong = board.same + board.otherwise;
    return {
      cause: 'transient',
      reason: `the board was wrong in ${wrong} of ${total(board)} reruns, and in the run itself`,
    };
  }
  if (board.ran && board.otherwise > 0) {
    return {
      cause: 'hardware',
      reason:
        'equal runs went wrong in different ways: nothing that is fixed in the firmware does that',
    };
  }
  if (board.ran && native.ran) {
    return {
      cause: 'toolchain',
      reason:
        'model and native C agree and the board is always wrong alike: compiler, flags, or other sources than here',
    };
  }
  return {
    cause: 'firmware',
    reason: native.ran
      ? 'model and native C agree; without reruns nothing tells a steady fault of the board from a passing one'
      : 'without the native C engine nothing tells the sources from the build',
  };
}

/** Whose fault a finding is, from what the three legs say. */
export function triage(witnesses: Witnesses): Triage {
  const { place, model, native, board, defect, live, implausible } = witnesses;
  const { cause, reason } = classify(witnesses);
  const reasons = [reason];
  if (defect !== 'none') {
    reasons.push(`the firmware says of itself that it has the deliberate defect ${defect}`);
  }
  if (implausible !== undefined) {
    reasons.push(
      `the wrong value was read from outside (${implausible}), which the native C engine can’t do`,
    );
  } else if (live) {
    reasons.push(
      'it reads live values, so reruns may take another way: they were compared by instruction',
    );
  }
  return {
    cause,
    reasons,
    legs: {
      model: { ran: model.ran, text: modelText(model, place) },
      native: { ran: native.ran, text: nativeText(native, place) },
      board: { ran: board.ran, text: boardText(board, witnesses) },
    },
    ...(board.ran
      ? { reruns: { same: board.same, otherwise: board.otherwise, agreed: board.agreed } }
      : {}),
  };
}
