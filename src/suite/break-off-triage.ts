import type { CauseClass } from '../errors/index.ts';
import type { Triage } from '../results/index.ts';
import type { BoardLeg, NativeLeg } from './triage.ts';

/**
 * What the programs beside one have to do with it. Known by a run of it alone: when the board dies of that too, they are innocent; when it
 * ends, it only stood still while the board died of one of them.
 */
export type Others = 'none' | 'innocent' | 'guilty' | 'unknown';

/** Everything the verdict on a run that broke off rests on. */
export interface BreakOffWitnesses {
  /** Where it broke off, such as `step 12`; undefined when that isn't known. */
  readonly place: string | undefined;
  /** What the board did there, such as `fell silent`. */
  readonly what: string;
  /** Whether the instruction there goes through the drivers of the board. */
  readonly io: boolean;
  /** The programs that ran beside it; a board that dies does so for all of them. */
  readonly others: Others;
  /** Up to that step and with it. Does as the board when it dies there too. */
  readonly native: NativeLeg;
  /** Reruns. Same: broke off in the same way; otherwise: in another, or with a divergence. */
  readonly board: BoardLeg;
  /** What the firmware says of itself; `none` is a good build. */
  readonly defect: string;
}

function nativeText({ native, place = '' }: BreakOffWitnesses): string {
  if (!native.ran) return native.why;
  switch (native.does) {
    case 'model':
      return `does what the model does, up to and with ${place}`;
    case 'board':
      return `does not end ${place} either: ${native.text ?? 'no details'}`;
    case 'else':
      return `differs from the model: ${native.text ?? 'no details'}`;
  }
}

function boardText({ board, what }: BreakOffWitnesses): string {
  if (!board.ran) return board.why;
  const { same, otherwise, agreed, cut } = board;
  return [
    `${same} of ${same + otherwise + agreed} reruns ${what} too`,
    ...(otherwise > 0 ? [`${otherwise} went wrong in another way`] : []),
    ...(agreed > 0 ? [`${agreed} came to their end`] : []),
    ...(cut === undefined ? [] : [cut]),
  ].join(', ');
}

/** The class, and the reason for it; the same questions in the same order as of a divergence. */
function classify({ place, io, others, native, board }: BreakOffWitnesses): {
  cause: CauseClass;
  reason: string;
} {
  if (native.ran && native.does !== 'model') {
    return {
      cause: 'semantics',
      reason:
        native.does === 'board'
          ? 'the C sources don’t end that step on this machine either: it is in the sources, not in the build or the board'
          : 'the C sources differ from the model on this machine too: docs/vm.md decides who is right',
    };
  }
  if (board.ran && board.agreed > 0) {
    const all = board.same + board.otherwise + board.agreed;
    return {
      cause: 'transient',
      reason: `${board.agreed} of ${all} reruns came to their end, unlike the run itself`,
    };
  }
  if (board.ran && board.otherwise > 0) {
    return {
      cause: 'hardware',
      reason:
        'equal runs went wrong in different ways: nothing that is fixed in the firmware does that',
    };
  }
  if (others === 'guilty' || others === 'unknown') {
    return { cause: 'firmware', reason: OTHERS_REASONS[others] };
  }
  if (native.ran && board.ran && !io) {
    return {
      cause: 'toolchain',
      reason:
        'model and native C end that step and the board never does: compiler, flags, or other sources than here',
    };
  }
  return { cause: 'firmware', reason: unknownReason(place, native, board) };
}

const OTHERS_REASONS = {
  guilty:
    'alone it comes behind that step: the board died of another program, and with it this one',
  unknown: 'the board died for all its programs at once, and of which one is not known',
} as const;

function unknownReason(place: string | undefined, native: NativeLeg, board: BoardLeg): string {
  if (place === undefined) return 'at which step it broke off isn’t known';
  if (!native.ran) return 'without the native C engine nothing tells the sources from the build';
  if (!board.ran) {
    return 'model and native C end that step; without reruns nothing tells a steady fault from a passing one';
  }
  return 'model and native C end that step, which on the board goes through drivers that native C does not have';
}

/** Whose fault it is that a run broke off, from what native C and reruns say. */
export function breakOffTriage(witnesses: BreakOffWitnesses): Triage {
  const { native, board, defect } = witnesses;
  const { cause, reason } = classify(witnesses);
  return {
    cause,
    reasons: [
      reason,
      ...(defect === 'none'
        ? []
        : [`the firmware says of itself that it has the deliberate defect ${defect}`]),
    ],
    legs: {
      model: { ran: false, text: 'not asked: no effect of a step is in doubt' },
      native: { ran: native.ran, text: nativeText(witnesses) },
      board: { ran: board.ran, text: boardText(witnesses) },
    },
    ...(board.ran
      ? { reruns: { same: board.same, otherwise: board.otherwise, agreed: board.agreed } }
      : {}),
  };
}
