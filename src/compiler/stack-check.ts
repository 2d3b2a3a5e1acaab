/** Programs that would overflow one of the machine's stacks. */
import type { Program } from '../image/index.ts';
import { LIMITS } from '../isa/index.ts';
import type { Diagnostics, Span } from './diagnostics.ts';
import { pathText, stackUse, type DeepestPath } from './stack-use.ts';

/** Functions named in a message. */
const SHOWN = 6;

interface Limit {
  readonly limit: number;
  readonly what: string;
  readonly hint: string;
}

const STACK: Limit = {
  limit: LIMITS.STACK_DEPTH,
  what: 'words of stack',
  hint: 'use fewer variables at a time or smaller expressions',
};

const FRAMES: Limit = {
  limit: LIMITS.CALL_DEPTH,
  what: 'call frames',
  hint: 'let functions call each other less deeply',
};

/**
 * Reports a chain of calls, without recursion, that needs more than the machine has. How deep recursion goes is not known.
 * @param spans where each instruction comes from
 */
export function checkStackUse(
  program: Program,
  spans: readonly Span[],
  diagnostics: Diagnostics,
): void {
  const use = stackUse(program);
  if (use === undefined) throw new Error('the height of the stack depends on the way');
  for (const [deepest, allowed] of [
    [use.stack, STACK],
    [use.frames, FRAMES],
  ] as const) {
    if (deepest.need > allowed.limit) report(deepest, allowed, spans, diagnostics);
  }
}

function report(
  deepest: DeepestPath,
  { limit, what, hint }: Limit,
  spans: readonly Span[],
  diagnostics: Diagnostics,
): void {
  // The call for which there is no frame; of a stack, that of the function in which it is highest.
  const call = deepest.calls[limit] ?? deepest.calls.at(-1);
  const span = spans[call ?? deepest.path[0]?.start ?? 0];
  if (span === undefined) return;
  const message = `${pathText(deepest, SHOWN)} needs ${deepest.need} ${what}: there are ${limit}`;
  diagnostics.error(span, message, hint);
}
