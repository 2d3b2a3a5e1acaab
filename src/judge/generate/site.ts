/** Where something is written: what is visible there, and how much room is left. */
import type { Effects } from './effects.ts';
import type { Expression } from './syntax.ts';
import type { ScalarType } from './types.ts';
import { plain, type Written } from './written.ts';

export interface Variable {
  readonly kind: 'variable';
  /** Unlike any other in the program. */
  readonly id: string;
  readonly name: string;
  readonly type: ScalarType;
  readonly writable: boolean;
  /** Highest value of a variable that is never negative; of others undefined. */
  readonly max: number | undefined;
  /** A statement that brings the counter of a loop nearer to its end, of a counter. */
  readonly bump?: string;
  /** For the list of constructs. */
  readonly sort: 'global' | 'local' | 'static' | 'const' | 'parameter' | 'counter';
}

export interface ArrayVariable {
  readonly kind: 'array';
  readonly id: string;
  readonly name: string;
  readonly type: ScalarType;
  readonly length: number;
  readonly writable: boolean;
}

export type Named = Variable | ArrayVariable;

/** Names of one block, and of those around it. */
export class Scope {
  readonly #outer: Scope | undefined;
  /** Statements for the end of the block: they show what became of what was declared in it. */
  readonly reports: string[] = [];
  readonly #names = new Map<string, Named>();

  constructor(outer?: Scope) {
    this.#outer = outer;
  }

  declare(named: Named): void {
    this.#names.set(named.name, named);
  }

  /** Everything that can be named here, outermost first. */
  get visible(): Named[] {
    return [...this.#all().values()];
  }

  get variables(): Variable[] {
    return this.visible.filter((it) => it.kind === 'variable');
  }

  get arrays(): ArrayVariable[] {
    return this.visible.filter((it) => it.kind === 'array');
  }

  /** Variables that a declaration here may hide. C++ keeps the counter of a `for` from being hidden in its body. */
  get hideable(): Variable[] {
    return this.variables.filter(({ name, sort }) => sort !== 'counter' && !this.#names.has(name));
  }

  #all(): Map<string, Named> {
    const outer = this.#outer;
    const all = outer === undefined ? new Map<string, Named>() : outer.#all();
    for (const [name, named] of this.#names) all.set(name, named);
    return all;
  }
}

/** A function that can be called. */
export interface Callable {
  readonly name: string;
  readonly result: ScalarType | undefined;
  readonly parameters: readonly ScalarType[];
  /** Its first parameter counts down to where it ends. */
  readonly counts: boolean;
  readonly effects: Effects;
  /** Instructions, words and frames it takes at most. */
  readonly cost: number;
  readonly words: number;
  readonly frames: number;
  /** Declared before everything else. */
  readonly prototype: boolean;
}

/** The function being written. */
export interface Frame {
  /** Undefined: void. */
  readonly result: ScalarType | undefined;
  /** Functions that may call this one back: itself, and the other of a pair. */
  readonly group: readonly Callable[];
  /** The parameter that counts down. */
  readonly counter: string;
  /** Local arrays are static, which functions that call themselves may not have. */
  readonly recursive: boolean;
  /** What was written so far takes. */
  cost: number;
  slots: number;
  height: number;
  calleeWords: number;
  calleeFrames: number;
  /** How often it calls its group. */
  calls: number;
  /** Local names so far. */
  names: number;
  readonly reads: Set<string>;
  readonly writes: Set<string>;
  readonly noted: string[];
  readonly uses: string[];
}

/** What the whole program has. */
export interface ProgramContext {
  /** Built-in constants and `#define`s, as expressions. */
  readonly constants: readonly Written[];
  readonly pool: readonly Expression[];
  /** Functions written so far. */
  callables: readonly Callable[];
  /** Static variables and local arrays: the machine has room for few. */
  statics: number;
  arrays: number;
}

export interface Site {
  readonly program: ProgramContext;
  readonly scope: Scope;
  /** Undefined in a global's initial value. */
  readonly frame: Frame | undefined;
  /** How often this is executed, at most, each time the function is. */
  readonly factor: number;
  readonly inLoop: boolean;
  readonly inSwitch: boolean;
}

/** Instructions of one function, those it calls included. setup() and a few rounds of loop() stay far below the judge's bound. */
const MAX_COST = 4_000;
/** Words of the operand stack and frames that a function and all that it calls may take: below 128 and 24, for what is not counted. */
const MAX_WORDS = 100;
const MAX_FRAMES = 20;
/** Levels of a recursion: its counter is at most 3. */
export const DEPTH = 4;

/** The one of several that a number chooses; undefined when there is none. */
export function choose<T>(all: readonly T[], choice: number): T | undefined {
  return all[choice % all.length];
}

/** Instructions a function may take. One that calls itself does so up to 15 times: twice on each of DEPTH levels. */
const room = ({ recursive }: Frame): number => (recursive ? MAX_COST / 16 : MAX_COST);

/** True when there is room for a call of `callee`. */
export function mayCall({ frame, factor }: Site, callee: Callable): boolean {
  if (frame === undefined) return callee.cost < MAX_COST;
  if (frame.group.includes(callee)) return frame.calls + factor <= 2;
  return (
    frame.cost + callee.cost * factor < room(frame) &&
    (frame.slots + frame.height + callee.words) * (frame.recursive ? DEPTH : 1) < MAX_WORDS &&
    (callee.frames + 1) * (frame.recursive ? DEPTH : 1) < MAX_FRAMES
  );
}

/** Calls of functions that may call the running one back. */
function groupCalls({ group }: Frame, { uses }: Written): number {
  return uses.filter((id) => group.some(({ name }) => name === id)).length;
}

/** Takes an expression into the function's account. One for which there is no room any more becomes a number. */
export function account({ frame, factor }: Site, part: Written): Written {
  if (frame === undefined) return part;
  const calls = groupCalls(frame, part) * factor;
  const fits = frame.cost + part.cost * factor <= room(frame) && frame.calls + calls <= 2;
  const taken = fits ? part : plain(1);
  frame.cost += taken.cost * factor;
  frame.height = Math.max(frame.height, taken.height);
  frame.calleeWords = Math.max(frame.calleeWords, taken.calleeWords);
  frame.calleeFrames = Math.max(frame.calleeFrames, taken.calleeFrames);
  if (fits) frame.calls += calls;
  for (const id of taken.effects.reads) frame.reads.add(id);
  for (const id of taken.effects.writes) frame.writes.add(id);
  frame.noted.push(...taken.noted);
  frame.uses.push(...taken.uses);
  return taken;
}

/** A place for statements. */
export interface StatementSite extends Site {
  readonly frame: Frame;
}

export function note({ frame }: StatementSite, ...names: string[]): void {
  frame.noted.push(...names);
}
