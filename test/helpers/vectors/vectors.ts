import type { Program } from '../../../src/image/index.ts';
import {
  EFFECT_KINDS,
  LIMITS,
  opcodeByName,
  PORTS,
  type Effect,
  type Opcode,
} from '../../../src/isa/index.ts';
import { assemble, pathOf, placeOf, type Assembly } from './assemble.ts';
import { parseEffect, parseFrames, parsePort } from './notation.ts';
import {
  readVectorFiles,
  type MatrixCase,
  type StepCase,
  type TableCase,
  type VectorFile,
} from './schema.ts';
import { parseValues } from './values.ts';

/** What a machine is like after the last marked instruction. */
export interface Situation {
  /** Index of the next instruction. */
  readonly pc: number;
  /** Error code; 0 = none. */
  readonly error: number;
  readonly halted: boolean;
  /** Executed instructions. */
  readonly executed: number;
  readonly stack: readonly number[];
  readonly frames: readonly (readonly [returnPc: number, base: number])[];
  /** All 64. */
  readonly globals: readonly number[];
  /** Elements of each of the 16 arrays, as many as declared; none when it is inactive. */
  readonly arrays: readonly (readonly number[])[];
  /** Cells that are not 0 although no array has declared them; undefined where nobody looked. */
  readonly strays: number | undefined;
}

/** One case, ready for an executor. */
export interface Vector {
  /** `ADD: edge values`. */
  readonly id: string;
  /** Undefined for the cases of no opcode. */
  readonly opcode: Opcode | undefined;
  /** Flags values of the marked instructions. */
  readonly flags: readonly number[];
  readonly fault: number;
  readonly program: Program;
  /** Steps to execute: up to and with the last marked instruction. */
  readonly steps: number;
  /** The marked steps by index, and what each must do. */
  readonly effects: ReadonlyMap<number, Effect>;
  readonly after: Situation;
  /** Put on the inputs from outside, by port. */
  readonly inputs: ReadonlyMap<number, number>;
  /** What the inputs read by themselves, by port. */
  readonly reads: ReadonlyMap<number, number>;
  readonly needs: 'adc' | 'pwm' | undefined;
  readonly variant: boolean;
}

/** The arrays of a situation from all 16 * 64 cells and the declared lengths. */
export function splitArrays(
  cells: Int32Array,
  lengths: Uint8Array,
): Pick<Situation, 'arrays' | 'strays'> {
  const arrays: number[][] = [];
  let strays = 0;
  for (const [id, length] of lengths.entries()) {
    const start = id * LIMITS.ARRAY_LENGTH;
    arrays.push([...cells.subarray(start, start + length)]);
    const outside = cells.subarray(start + length, start + LIMITS.ARRAY_LENGTH);
    strays += outside.filter((cell) => cell !== 0).length;
  }
  return { arrays, strays };
}

type Case = StepCase | TableCase | MatrixCase;

const latin1 = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'latin1'));

function portsOf(ports: Readonly<Record<string, number>> = {}): Map<number, number> {
  return new Map(Object.entries(ports).map(([port, value]) => [parsePort(port), value]));
}

function programOf({ instructions }: Assembly, strings: readonly string[]): Program {
  return {
    instructions,
    strings: strings.map(latin1),
    entry: 0,
    loop: undefined,
    debug: undefined,
  };
}

/** A matrix or table as `operands > instruction -> result` lines. */
function linesOf(test: TableCase | MatrixCase): readonly string[] {
  if ('table' in test) return test.table;
  const { a, b, results } = test.matrix;
  const [rows, columns] = [a.split(' '), b.split(' ')];
  if (results.length !== rows.length) throw new Error(`${results.length} rows of results`);
  return rows.flatMap((row, index) => {
    const values = (results[index] ?? '').split(' ');
    if (values.length !== columns.length) throw new Error(`row ${row}: ${values.length} results`);
    return columns.map((column, at) => `${row} ${column} -> ${values[at] ?? ''}`);
  });
}

/** A table as one program that leaves its results on the stack. */
function stepsOfTable(test: TableCase | MatrixCase): StepCase {
  const entries = linesOf(test).map((line) => {
    const [before = '', result = ''] = line.split('->');
    const [operands = '', instruction = '$'] = before.split('>');
    return { operands: operands.trim(), instruction: instruction.trim(), result: result.trim() };
  });
  const code = entries.map(({ operands, instruction }) =>
    operands === '' ? `> ${instruction}` : `${operands}; > ${instruction}`,
  );
  return {
    name: test.name,
    ...(test.variant ? { variant: test.variant } : {}),
    code: code.join('; '),
    stack: entries.map(({ result }) => result).join(' '),
  };
}

/** Kind, address, value and text of what the n-th marked instruction does. */
function effectOf(
  test: StepCase,
  n: number,
  top: number,
): Pick<Effect, 'kind' | 'address' | 'value' | 'text'> {
  if (test.fault !== undefined) return { kind: EFFECT_KINDS.ERROR, address: 0, value: test.fault };
  if (test.effect !== undefined) return parseEffect(test.effect);
  if (test.prints === undefined) return { kind: EFFECT_KINDS.TOP, address: 0, value: top };
  const text = latin1(test.prints[n] ?? '');
  return { kind: EFFECT_KINDS.PRINT, address: PORTS.PRINT, value: 0, text };
}

function effectsOf(
  test: StepCase,
  assembly: Assembly,
  path: readonly number[],
  stack: readonly number[],
  isTable: boolean,
): Map<number, Effect> {
  const marked = path.flatMap((pc, step) => (assembly.marks.includes(pc) ? [step] : []));
  if (marked.length !== assembly.marks.length) throw new Error('a mark is passed twice or never');
  if (test.prints !== undefined && test.prints.length !== marked.length)
    throw new Error(`${test.prints.length} texts for ${marked.length} marks`);
  return new Map(
    marked.map((step, n) => {
      const pc = path[step] ?? 0;
      const sp = isTable ? n + 1 : stack.length;
      const opcode = assembly.instructions[pc]?.opcode ?? 0;
      return [step, { pc, opcode, sp, ...effectOf(test, n, stack[sp - 1] ?? 0) }];
    }),
  );
}

/** Where pc is afterwards when the case doesn't say. */
function defaultPc(test: StepCase, last: number): number {
  return test.fault === undefined && test.halts === undefined ? last + 1 : last;
}

function afterOf(test: StepCase, assembly: Assembly, path: readonly number[]): Situation {
  const globals = Array.from({ length: LIMITS.GLOBAL_COUNT }, (_, id) => {
    return parseValues(test.globals?.[id] ?? '0')[0] ?? 0;
  });
  const arrays = Array.from({ length: LIMITS.ARRAY_COUNT }, (_, id) => {
    return parseValues(test.arrays?.[id] ?? '');
  });
  const { pc = defaultPc(test, path.at(-1) ?? 0) } = test;
  return {
    pc: typeof pc === 'number' ? pc : placeOf(pc, assembly.labels),
    error: test.fault ?? 0,
    halted: test.halts ?? false,
    executed: path.length - (test.fault === undefined ? 0 : 1),
    stack: parseValues(test.stack),
    frames: parseFrames(test.frames ?? [], assembly.labels),
    globals,
    arrays,
    strays: 0,
  };
}

function vectorOf(original: Case, opcode: Opcode | undefined): Vector {
  const isTable = !('code' in original);
  const test = isTable ? stepsOfTable(original) : original;
  const assembly = assemble(test.code.replaceAll('$', opcode?.name ?? '$'));
  const path = pathOf(assembly);
  const after = afterOf(test, assembly, path);
  const tested = assembly.marks.map((pc) => assembly.instructions[pc]);
  if (opcode !== undefined && tested.some((one) => one?.opcode !== opcode.code))
    throw new Error('another opcode than that of its block is marked');
  return {
    id: `${opcode?.name ?? 'machine'}: ${test.name}`,
    opcode,
    flags: tested.map((one) => one?.flags ?? 0),
    fault: test.fault ?? 0,
    program: programOf(assembly, test.strings ?? []),
    steps: path.length,
    effects: effectsOf(test, assembly, path, after.stack, isTable),
    after,
    inputs: portsOf(test.inputs),
    reads: portsOf(test.reads),
    needs: test.needs,
    variant: test.variant ?? false,
  };
}

function vectorsOf(file: VectorFile): Vector[] {
  return file.blocks.flatMap(({ opcodes, cases }) => {
    const names = opcodes === '' ? [undefined] : opcodes.split(' ');
    return names.flatMap((name) =>
      cases.map((test) => {
        const where = `${file.name}.json, ${name ?? 'machine'}: ${test.name}`;
        const opcode = name === undefined ? undefined : opcodeByName(name);
        if (name !== undefined && opcode?.group !== file.name) throw new Error(`${where}: group`);
        try {
          return vectorOf(test, opcode);
        } catch (error) {
          throw new Error(where, { cause: error });
        }
      }),
    );
  });
}

/** Every case of test/vectors/semantics. Throws an Error naming the case that is written wrongly. */
export function loadVectors(): { readonly vectors: readonly Vector[]; readonly digest: string } {
  const { files, digest } = readVectorFiles();
  const vectors = files.flatMap(vectorsOf);
  const ids = new Set<string>();
  for (const { id } of vectors) {
    if (ids.has(id)) throw new Error(`two cases are called "${id}"`);
    ids.add(id);
  }
  return { vectors, digest };
}
