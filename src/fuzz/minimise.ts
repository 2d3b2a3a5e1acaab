import type { Program } from '../image/index.ts';
import { opcodeByCode, type Instruction } from '../isa/index.ts';
import type { FuzzCase } from './case.ts';

/** Whether a case still shows what is looked for. */
export type Check = (fuzzCase: FuzzCase) => Promise<boolean>;

/**
 * A program with `count` instructions at `from` replaced by others; jumps, entry and loop follow. Undefined when nothing would be
 * left.
 */
export function spliced(
  program: Program,
  from: number,
  count: number,
  inserted: readonly Instruction[] = [],
): Program | undefined {
  const moved = (pc: number): number => {
    if (pc <= from) return pc;
    return pc >= from + count ? pc - count + inserted.length : from;
  };
  const follow = (instruction: Instruction): Instruction => {
    const { opcode, immediate } = instruction;
    if (opcodeByCode(opcode)?.immediate !== 'target') return instruction;
    return { ...instruction, immediate: moved(immediate) };
  };
  const instructions = [
    ...program.instructions.slice(0, from).map(follow),
    ...inserted,
    ...program.instructions.slice(from + count).map(follow),
  ];
  const last = instructions.length - 1;
  if (last < 0) return undefined;
  const entry = Math.min(moved(program.entry), last);
  const loop = program.loop === undefined ? undefined : Math.min(moved(program.loop), last);
  return { ...program, instructions, entry, loop };
}

/** The case without some instructions. */
function without(fuzzCase: FuzzCase, from: number, count: number): FuzzCase | undefined {
  const program = spliced(fuzzCase.program, from, count);
  return program === undefined ? undefined : { ...fuzzCase, program };
}

/** Takes instructions away, many at a time and then one by one, until none can go. */
async function removeInstructions(start: FuzzCase, check: Check): Promise<FuzzCase> {
  let best = start;
  for (let size = best.program.instructions.length >> 1 || 1; ;) {
    let removed = false;
    for (let from = 0; from < best.program.instructions.length;) {
      const smaller = without(best, from, size);
      if (smaller !== undefined && (await check(smaller))) {
        best = smaller;
        removed = true;
      } else {
        from += size;
      }
    }
    if (size === 1 && !removed) return best;
    size = removed ? size : Math.max(1, size >> 1);
  }
}

/** Programs so short that every two of their instructions can be tried. */
const SHORT = 24;

/** Takes away two instructions that only together can go, such as both halves of two equal constants. */
async function removePairs(start: FuzzCase, check: Check): Promise<FuzzCase> {
  const count = start.program.instructions.length;
  if (count > SHORT) return start;
  for (let second = 1; second < count; second += 1) {
    const once = without(start, second, 1);
    for (let first = 0; first < second && once !== undefined; first += 1) {
      const twice = without(once, first, 1);
      if (twice !== undefined && (await check(twice))) return removePairs(twice, check);
    }
  }
  return start;
}

const sameInstruction = (a: Instruction, b: Instruction): boolean =>
  a.opcode === b.opcode && a.flags === b.flags && a.immediate === b.immediate;

/** Plainer forms of an instruction, the plainest first. */
function plainer(instruction: Instruction): Instruction[] {
  const { flags, immediate } = instruction;
  const immediates = [0, 1].filter((simple) => simple < immediate);
  return [
    ...(flags === 0 ? [] : [0, ...immediates].map((simple) => ({ flags: 0, immediate: simple }))),
    ...immediates.map((simple) => ({ flags, immediate: simple })),
    ...(flags === 0 ? [] : [{ flags: 0, immediate }]),
  ].map((change) => ({ ...instruction, ...change }));
}

/** Makes instructions plainer where that changes nothing: all that are equal at once, or one alone. */
async function simplifyInstructions(start: FuzzCase, check: Check): Promise<FuzzCase> {
  let best = start;
  for (const index of start.program.instructions.keys()) {
    const { instructions } = best.program;
    const original = instructions[index];
    if (original === undefined) break;
    const changes = plainer(original).flatMap((simple) => [
      instructions.map((it) => (sameInstruction(it, original) ? simple : it)),
      instructions.with(index, simple),
    ]);
    for (const changed of changes) {
      const simpler = { ...best, program: { ...best.program, instructions: changed } };
      if (!(await check(simpler))) continue;
      best = simpler;
      break;
    }
  }
  return best;
}

/** Everything of a case but its code, made as plain as it can be. */
async function simplifyRest(start: FuzzCase, check: Check): Promise<FuzzCase> {
  let best = start;
  const changes: ((it: FuzzCase) => FuzzCase)[] = [
    (it) => ({ ...it, program: { ...it.program, strings: [] } }),
    (it) => ({ ...it, program: { ...it.program, loop: undefined } }),
    (it) => ({ ...it, program: { ...it.program, entry: 0 } }),
    (it) => ({ ...it, rounds: 0 }),
    (it) => ({ ...it, inputs: 0 }),
  ];
  for (const change of changes) {
    const simpler = change(best);
    if (await check(simpler)) best = simpler;
  }
  for (let steps = 1; steps < best.steps; steps *= 2) {
    if (await check({ ...best, steps })) return { ...best, steps };
  }
  return best;
}

/**
 * Goes on where fast-check's shrinking ended, which works on what the program was generated from: takes away every instruction
 * that isn't needed for `check` to hold, and makes the rest as plain as it can be.
 */
export async function minimise(start: FuzzCase, check: Check): Promise<FuzzCase> {
  let best = start;
  for (;;) {
    const shorter = await removePairs(await removeInstructions(best, check), check);
    const simpler = await simplifyRest(await simplifyInstructions(shorter, check), check);
    const before = best.program.instructions;
    best = simpler;
    if (best.program.instructions.length === before.length) return best;
  }
}
