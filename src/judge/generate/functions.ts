/** Functions while they are written, and when they are done. */
import { seenFromOutside } from './effects.ts';
import type { Item } from './globals.ts';
import type { Callable, Frame } from './site.ts';
import type { FunctionSyntax } from './syntax.ts';

/** A function's item. */
export interface FunctionItem extends Item {
  readonly callable: Callable;
  /** `int f(int a)`. */
  readonly head: string;
}

/** A function that is about to be written. */
export function newFrame(own: Pick<Frame, 'result' | 'group' | 'counter' | 'recursive'>): Frame {
  return {
    ...own,
    ...{ cost: 0, slots: 0, height: 0, calleeWords: 0, calleeFrames: 0, calls: 0, names: 0 },
    ...{ reads: new Set(), writes: new Set(), noted: [], uses: [] },
  };
}

/** The text of a function. */
export function finish(
  name: string,
  head: string,
  lines: readonly string[],
  frame: Frame,
): Omit<FunctionItem, 'callable'> {
  return {
    ...{ id: name, head, uses: frame.uses, noted: frame.noted },
    lines: [`${head} {`, ...lines.map((line) => `  ${line}`), '}'],
  };
}

/** What callers need to know of a function. */
export function callableOf(
  {
    name,
    result,
    parameters,
    prototype,
  }: Pick<FunctionSyntax, 'result' | 'parameters' | 'prototype'> & { name: string },
  counts: boolean,
  frame: Frame,
): Callable {
  const types = parameters.map(({ type }) => type);
  const { cost, slots, height, calleeWords, calleeFrames } = frame;
  return {
    ...{ name, result: result?.type, parameters: types, counts, prototype },
    ...{ cost: cost + 6, words: slots + height + 2 + calleeWords, frames: 1 + calleeFrames },
    effects: seenFromOutside(frame),
  };
}
