/** How much of the operand stack and of the call stack a program needs at most. */
import { functionAt, type Program } from '../image/index.ts';
import { LIMITS, type Instruction } from '../isa/index.ts';
import { OPCODE, RET_VALUE } from './opcode-names.ts';
import { stackEffect } from './stack-effect.ts';

/** One function, or the code at the entry. */
export interface FunctionUse {
  /** Index of its first instruction. */
  readonly start: number;
  readonly name: string;
  /** Instructions that can be reached in it. */
  readonly instructions: number;
  /** Most words above its frame base, arguments included and callees not. */
  readonly words: number;
}

/** A chain of calls and what it needs. */
export interface DeepestPath {
  /** Words of operand stack, or frames. */
  readonly need: number;
  /** The functions, from the entry on. */
  readonly path: readonly FunctionUse[];
  /** The instructions that call the second, the third, ... function of the path. */
  readonly calls: readonly number[];
}

export interface StackUse {
  readonly functions: readonly FunctionUse[];
  /** Functions that call each other in a circle, the first one last again; undefined when there are none. */
  readonly recursion: readonly FunctionUse[] | undefined;
  /** Deepest operand stack, and most frames, of all chains of calls in which no function occurs twice. */
  readonly stack: DeepestPath;
  readonly frames: DeepestPath;
  /** True when no run can overflow either stack. */
  readonly fits: boolean;
}

const ENTRIES = ['setup', 'loop', 'main'];

/**
 * A chain of calls as text: `setup > blink > wait`. The code before `setup` is named only when it calls something else.
 * @param most names shown; of more, those in the middle are left out
 */
export function pathText({ path }: DeepestPath, most = Infinity): string {
  const all = path.map(({ name }) => name);
  const names = all.length > 1 && ENTRIES.includes(all[1] ?? '') ? all.slice(1) : all;
  if (names.length <= most) return names.join(' > ');
  const half = Math.floor(most / 2);
  return [...names.slice(0, half), '...', ...names.slice(-half)].join(' > ');
}

interface Call {
  readonly pc: number;
  readonly callee: number;
  /** Words above the caller's frame base that lie below the callee's. */
  readonly below: number;
}

interface Traced extends FunctionUse {
  readonly calls: readonly Call[];
}

/** Where an instruction may continue in the same function. */
function successors({ opcode, immediate }: Instruction, pc: number): readonly number[] {
  if (opcode === OPCODE.RET || opcode === OPCODE.HALT) return [];
  if (opcode === OPCODE.JMP) return [immediate];
  const falls = pc + 1;
  return opcode === OPCODE.JMP_TRUE || opcode === OPCODE.JMP_FALSE ? [falls, immediate] : [falls];
}

/**
 * Every instruction of a function that can be reached, and how high the stack is before it. Undefined when that depends on the
 * way; for RET, which drops all there is, the greatest height counts.
 */
function walk(
  { instructions }: Program,
  start: number,
  height: number,
  effectOf: (instruction: Instruction) => number,
): ReadonlyMap<number, number> | undefined {
  const heights = new Map([[start, height]]);
  for (const [pc, before] of heights) {
    const instruction = instructions[pc];
    if (instruction === undefined) return undefined;
    const after = before + effectOf(instruction);
    for (const next of successors(instruction, pc)) {
      // Map iteration goes on to what is added here.
      const known = heights.get(next) ?? after;
      if (known !== after && instructions[next]?.opcode !== OPCODE.RET) return undefined;
      heights.set(next, Math.max(known, after));
    }
  }
  return heights;
}

/** The functions that can be called, by the index of their first instruction, with the number of their arguments. */
function findFunctions(program: Program): ReadonlyMap<number, number> {
  const found = new Map([[program.entry, 0]]);
  for (const [start] of found) {
    for (const pc of walk(program, start, 0, () => 0)?.keys() ?? []) {
      const { opcode, flags, immediate } = program.instructions[pc] ?? {
        opcode: 0,
        flags: 0,
        immediate: 0,
      };
      if (opcode === OPCODE.CALL) found.set(immediate, flags);
    }
  }
  return found;
}

function returnsValue(program: Program, start: number): boolean {
  const pcs = walk(program, start, 0, () => 0)?.keys() ?? [];
  return [...pcs].some((pc) => {
    const instruction = program.instructions[pc];
    return instruction?.opcode === OPCODE.RET && instruction.flags === RET_VALUE;
  });
}

/** A function and its calls; undefined when the height of its stack depends on the way that is taken. */
function trace(
  program: Program,
  start: number,
  args: number,
  results: ReadonlyMap<number, number>,
): Traced | undefined {
  const change = ({ opcode, flags, immediate }: Instruction): number => {
    const { pops, pushes } = stackEffect(opcode, flags);
    return pushes - pops + (opcode === OPCODE.CALL ? (results.get(immediate) ?? 0) : 0);
  };
  const heights = walk(program, start, args, change);
  if (heights === undefined) return undefined;
  const calls: Call[] = [];
  let words = args;
  for (const [pc, height] of heights) {
    const instruction = program.instructions[pc];
    if (instruction === undefined) continue;
    words = Math.max(words, height);
    if (instruction.opcode !== OPCODE.CALL) continue;
    calls.push({ pc, callee: instruction.immediate, below: height - instruction.flags });
  }
  const name = functionAt(program.debug, start)?.name ?? `function at ${start}`;
  return { start, name, instructions: heights.size, words, calls };
}

/** The chain of calls from a function on that needs most, by `own` and what lies below each callee. */
function deepest(
  functions: ReadonlyMap<number, Traced>,
  start: number,
  own: (traced: Traced) => number,
  below: (call: Call) => number,
): DeepestPath {
  const known = new Map<number, DeepestPath>();
  const open = new Set<number>();
  const visit = (at: number): DeepestPath | undefined => {
    const traced = functions.get(at);
    if (traced === undefined || open.has(at)) return undefined;
    const before = known.get(at);
    if (before !== undefined) return before;
    open.add(at);
    let result: DeepestPath = { need: own(traced), path: [traced], calls: [] };
    for (const call of traced.calls) {
      const inner = visit(call.callee);
      if (inner === undefined || below(call) + inner.need <= result.need) continue;
      const need = below(call) + inner.need;
      result = { need, path: [traced, ...inner.path], calls: [call.pc, ...inner.calls] };
    }
    open.delete(at);
    known.set(at, result);
    return result;
  };
  return visit(start) ?? { need: 0, path: [], calls: [] };
}

/** A circle of calls; undefined when there is none. */
function findRecursion(
  functions: ReadonlyMap<number, Traced>,
  start: number,
): readonly Traced[] | undefined {
  const finished = new Set<number>();
  const open: Traced[] = [];
  const visit = (at: number): readonly Traced[] | undefined => {
    const traced = functions.get(at);
    if (traced === undefined || finished.has(at)) return undefined;
    const since = open.indexOf(traced);
    if (since >= 0) return [...open.slice(since), traced];
    open.push(traced);
    for (const { callee } of traced.calls) {
      const circle = visit(callee);
      if (circle !== undefined) return circle;
    }
    open.pop();
    finished.add(at);
    return undefined;
  };
  return visit(start);
}

/**
 * Works out from a program's instructions what it needs. Undefined when they are not as the compiler makes them: a jump out of
 * the program, or ways that meet with the stack at different heights.
 */
export function stackUse(program: Program): StackUse | undefined {
  const found = findFunctions(program);
  const results = new Map(
    [...found.keys()].map((start) => [start, returnsValue(program, start) ? 1 : 0]),
  );
  const functions = new Map<number, Traced>();
  for (const [start, args] of found) {
    const traced = trace(program, start, args, results);
    if (traced === undefined) return undefined;
    functions.set(start, traced);
  }
  const { entry } = program;
  const recursion = findRecursion(functions, entry);
  const stack = deepest(
    functions,
    entry,
    ({ words }) => words,
    ({ below }) => below,
  );
  const frames = deepest(
    functions,
    entry,
    () => 0,
    () => 1,
  );
  const fits =
    recursion === undefined && stack.need <= LIMITS.STACK_DEPTH && frames.need <= LIMITS.CALL_DEPTH;
  const sorted = [...functions.values()].toSorted((a, b) => a.start - b.start);
  return { functions: sorted, recursion, stack, frames, fits };
}
