import { pathText, stackUse, type DeepestPath, type StackUse } from '../../compiler/index.ts';
import type { Program } from '../../image/index.ts';
import { LIMITS } from '../../isa/index.ts';
import { table } from '../../report/index.ts';

const ROOM = {
  stack: `of ${LIMITS.STACK_DEPTH} words`,
  frames: `of ${LIMITS.CALL_DEPTH}`,
} as const;

/** What `compile --stats` says of a program that the compiler made: its parts, its stack at worst, and its functions. */
export function statsLines(program: Program): string[] {
  const use = stackUse(program);
  const rows = [
    ['instructions', `${program.instructions.length} of ${LIMITS.PROGRAM_LENGTH}`],
    ['strings', stringsText(program)],
    ['globals', `${program.debug?.globals.length ?? 0} of ${LIMITS.GLOBAL_COUNT}`],
    ['arrays', arraysText(program)],
    ...(use === undefined
      ? []
      : [
          ['stack', needText(use, use.stack, ROOM.stack)],
          ['frames', needText(use, use.frames, ROOM.frames)],
        ]),
  ];
  return [...table(rows, []), '', ...table(functionRows(program, use), [1, 2])];
}

function stringsText({ strings }: Program): string {
  const bytes = strings.reduce((sum, text) => sum + text.length, 0);
  return strings.length === 0 ? '0' : `${strings.length}, ${bytes} bytes`;
}

function arraysText({ debug }: Program): string {
  const arrays = debug?.arrays ?? [];
  const words = arrays.reduce((sum, { length }) => sum + length, 0);
  const count = `${arrays.length} of ${LIMITS.ARRAY_COUNT}`;
  if (arrays.length === 0) return count;
  const names = arrays.map(({ name, length }) => `${name}[${length}]`);
  return `${count}, ${words} words: ${names.join(', ')}`;
}

function needText({ recursion }: StackUse, deepest: DeepestPath, room: string): string {
  const need = `${deepest.need} ${room}: ${pathText(deepest)}`;
  if (recursion === undefined) return need;
  const circle = recursion.map(({ name }) => name).join(' > ');
  return `unbounded by the recursion ${circle}; without it ${need}`;
}

/** Functions in the order of the program. One that is never called has no stack. */
function functionRows(
  { debug }: Program,
  use: StackUse | undefined,
): readonly (readonly string[])[] {
  const words = new Map(use?.functions.map((each) => [each.start, each.words]));
  const rows = (debug?.functions ?? []).map(({ name, start, end }) => {
    return [name, `${end - start}`, `${words.get(start) ?? 'not called'}`];
  });
  return [['function', 'instructions', 'stack'], ...rows];
}
