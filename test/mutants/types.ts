import type { Effect, OpcodeName } from '../../src/isa/index.ts';
import type { Engine } from '../../src/vm/index.ts';

/** What is compared in a run; docs/lockstep.md. `free` compares the state left behind alone. */
export const MODES = ['trace', 'digest', 'free'] as const;
export type Mode = (typeof MODES)[number];

/** What kind of mistake a mutant has. */
export const CLASSES = [
  'wrong operator',
  'sign or width',
  'bound off by one',
  'swapped operands',
  'frame not restored',
  'wrong error code',
  'wrong fault priority',
  'fault that changes state',
  'stray write',
  'bit flip at one step',
  'missed clear',
  'stack or depth limit',
  'shift',
  'printf',
  'clock',
  'pins and buttons',
  'memory operation',
  'jump or dispatch',
  'budget',
  'image loader',
  'isolation',
  'hang or crash',
] as const;
export type MutantClass = (typeof CLASSES)[number];

/** A change to the text of a source file. */
export interface Edit {
  /** Exact text, which must occur. */
  readonly find: string;
  readonly replace: string;
  /** Which occurrence, from 1; left out: the text must occur exactly once. */
  readonly nth?: number;
}

/** One step of a program on the reference model. Valid only while a function of the mutant looks at it. */
export interface Moment {
  /** Since load, from 0; a fault takes a number too. */
  readonly step: number;
  /** `NONE` at the end of the program, and for opcodes that don't exist. */
  readonly op: OpcodeName | 'NONE';
  readonly flags: number;
  readonly immediate: number;
  /** The second value and the top before the step; 0 where there is none. */
  readonly a: number;
  readonly b: number;
  /** Values on the whole stack before the step, the frame base, and the values of the running function. */
  readonly sp: number;
  readonly base: number;
  readonly own: number;
  /** Call frames before the step. */
  readonly depth: number;
  /** The whole machine: before the step for {@link Differs}, after it for {@link Spoil}. */
  readonly machine: Engine;
  /** What the step did. */
  readonly effect: Effect;
  /** Code of its fault; 0 = none. */
  readonly fault: number;
}

/** Whether the mutant's effect is another at this step. Asked for each step of a run in order. */
export type Differs = (moment: Moment) => boolean;

/** Does to the model, after a step, what the mutant does beside the step's effect. */
export type Spoil = (machine: Engine, moment: Moment) => void;

/** How a run ends on the good firmware. */
export interface Ending {
  readonly steps: number;
  /** The budget it was given: most steps, and rounds; 0 = no limit of rounds. */
  readonly stepLimit: number;
  readonly loops: number;
  /** HALT or a fault ended it, not a budget. */
  readonly stopped: boolean;
  /** An instruction's fault did. */
  readonly faulted: boolean;
}

/** How a mutant must be found. */
export type Sight =
  /** The effect of a step is wrong: the comparison must name the first step for which this holds. */
  | { readonly kind: 'step'; readonly differs: () => Differs }
  /**
   * A step leaves something wrong that its effect doesn't show. The comparison must name the first later step whose effect
   * follows from that, or find it in the state left behind: a model that is spoiled in the same way says which. `differs`: the
   * steps whose own effect is wrong all the same.
   */
  | { readonly kind: 'hidden'; readonly spoil: () => Spoil; readonly differs?: () => Differs }
  /** As `hidden`, but what is left wrong survives a load: `load` spoils a machine that was just loaded. */
  | {
      readonly kind: 'carried';
      readonly spoil: () => { readonly load: (machine: Engine) => void; readonly after: Spoil };
    }
  /** A value read is wrong. The model can only replay it, so what a person expects must show it. */
  | { readonly kind: 'read'; readonly differs: () => Differs }
  /** The board hangs or dies at the first step for which this holds. */
  | { readonly kind: 'silent'; readonly differs: () => Differs }
  /** Every step is right, but the run ends elsewhere or for another reason. */
  | { readonly kind: 'end'; readonly differs: (ending: Ending) => boolean }
  /** No run of one program can show it; the named part of the regression suite must. */
  | { readonly kind: 'leg'; readonly leg: Leg; readonly reason: string }
  /** Nothing can show it, because it changes no behaviour. */
  | { readonly kind: 'equivalent'; readonly reason: string };

/** Parts of the regression suite beside the runs of one program. */
export const LEGS = {
  images: 'mutated program images, judged by both parsers',
  together: 'four programs at once, one on each VM',
  'c-unit': 'unit tests of the C sources',
} as const;
export type Leg = keyof typeof LEGS;

/** A firmware with one mistake. */
export interface Mutant {
  /** Short and telling; unique. */
  readonly id: string;
  readonly class: MutantClass;
  /** Under firmware/. */
  readonly file: string;
  readonly edits: readonly Edit[];
  readonly sight: Sight;
  /** The modes whose runs execute what is changed; left out: all. Traced runs are single steps, the others use the run loop. */
  readonly modes?: readonly Mode[];
  /** Modes that find it but, in some runs, can't name the step, each with the reason. */
  readonly vague?: Partial<Readonly<Record<Mode, string>>>;
}
