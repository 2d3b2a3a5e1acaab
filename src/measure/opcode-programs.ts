import type { Program } from '../image/index.ts';
import { OPCODES, type Instruction } from '../isa/index.ts';

/**
 * A program that executes one instruction many times. What one execution costs is the difference of two runs over the difference
 * of their lengths, so that entering and leaving the run loop isn't in it.
 */
export interface OpcodeProgram {
  /** As the disassembler writes it, such as `PUSH.WIDE`; with the case where an instruction has two, such as `JMP_TRUE (taken)`. */
  readonly name: string;
  /** A shorter and a longer one; each ends in HALT. */
  readonly programs: readonly [Program, Program];
  /** Executions in each. */
  readonly counts: readonly [number, number];
  /** Steps before the first execution, in each. */
  readonly before: readonly [number, number];
}

/** CVM_RUN_HALTED of `enum cvm_run_result`, how each of the programs ends. */
export const HALTED = 2;

type Name = (typeof OPCODES)[number]['name'];

const CODES = new Map<string, number>(OPCODES.map(({ name, code }) => [name, code]));

function op(name: Name, immediate = 0, flags = 0): Instruction {
  const opcode = CODES.get(name);
  if (opcode === undefined) throw new Error(`no opcode ${name}`);
  return { opcode, flags, immediate };
}

/** Multiples of 8 apart, whatever the run loop is unrolled by. The operand stack has room for 128 values. */
const MANY = [20, 100] as const;
/** For instructions that take two values. */
const TWO_VALUES = [10, 58] as const;
/** The call stack has room for 24 frames, and there are 16 arrays. */
const FRAMES = [4, 20] as const;
const ARRAYS = [4, 12] as const;

const repeat = (count: number, instruction: (index: number) => Instruction): Instruction[] =>
  Array.from({ length: count }, (_, index) => instruction(index));

const ones = (count: number): Instruction[] => repeat(count, () => op('PUSH', 1));
const zeros = (count: number): Instruction[] => repeat(count, () => op('PUSH', 0));

const program = (instructions: readonly Instruction[]): Program => ({
  instructions: [...instructions, op('HALT')],
  strings: [Buffer.from('x')],
  entry: 0,
  loop: undefined,
  debug: undefined,
});

function build(
  name: string,
  counts: readonly [number, number],
  before: readonly Instruction[],
  /** The `index`th execution, at instruction `pc`. */
  body: (index: number, pc: number) => Instruction,
): OpcodeProgram {
  const ofCount = (count: number): Program =>
    program([...before, ...repeat(count, (index) => body(index, before.length + index))]);
  return {
    name,
    programs: [ofCount(counts[0]), ofCount(counts[1])],
    counts,
    before: [before.length, before.length],
  };
}

/** `a b -- r`, over and over on a stack of enough values. */
const binary = (name: Name, values: Instruction[] = ones(MANY[1] + 1)): OpcodeProgram =>
  build(name, MANY, values, () => op(name));

/** `a -- r`. */
const unary = (name: Name): OpcodeProgram => build(name, MANY, ones(1), () => op(name));

/** `-- v`. */
const source = (name: Name): OpcodeProgram => build(name, MANY, ones(1), () => op(name));

/** `a --`. */
const sink = (name: Name): OpcodeProgram => build(name, MANY, ones(MANY[1] + 1), () => op(name));

/** `a b --`. */
const sinkTwo = (name: Name): OpcodeProgram =>
  build(name, TWO_VALUES, ones(2 * TWO_VALUES[1]), () => op(name));

/** Returns out of nested calls: each CALL is followed by the return that its callee comes back to, the first one by HALT. */
function returns(name: string, flags: number): OpcodeProgram {
  const back = op('RET', 0, flags);
  const ofCount = (count: number): Program => {
    const calls = repeat(count, (index) => op('CALL', 2 * index + 2));
    const nest = calls.flatMap((call, index) => [call, index === 0 ? op('HALT') : back]);
    return program([...nest, op('PUSH', 1), back]);
  };
  const [few, many] = FRAMES;
  return {
    name,
    programs: [ofCount(few), ofCount(many)],
    counts: FRAMES,
    before: [few + 1, many + 1],
  };
}

const BINARY = [
  ...(['ADD', 'SUB', 'MUL', 'DIV'] as const),
  ...(['EQ', 'NE', 'LT', 'GT', 'LE', 'GE'] as const),
  ...(['EQ_SIGNED', 'NE_SIGNED', 'LT_SIGNED', 'GT_SIGNED', 'LE_SIGNED', 'GE_SIGNED'] as const),
  ...(['AND', 'OR', 'BITWISE_AND', 'BITWISE_OR', 'BITWISE_XOR'] as const),
] as const;

const JUMPS: OpcodeProgram[] = [
  build('JMP', MANY, [], (_, pc) => op('JMP', pc + 1)),
  build('JMP_TRUE (taken)', MANY, ones(MANY[1]), (_, pc) => op('JMP_TRUE', pc + 1)),
  build('JMP_TRUE (not taken)', MANY, zeros(MANY[1]), () => op('JMP_TRUE')),
  build('JMP_FALSE (taken)', MANY, zeros(MANY[1]), (_, pc) => op('JMP_FALSE', pc + 1)),
  build('JMP_FALSE (not taken)', MANY, ones(MANY[1]), () => op('JMP_FALSE')),
  build('CALL', FRAMES, [], (_, pc) => op('CALL', pc + 1)),
  returns('RET', 0),
  returns('RET.VALUE', 1),
];

const MEMORY: OpcodeProgram[] = [
  build('LOAD_GLOBAL', MANY, [], () => op('LOAD_GLOBAL', 5)),
  build('STORE_GLOBAL', MANY, ones(MANY[1]), () => op('STORE_GLOBAL', 5)),
  build('LOAD_LOCAL', MANY, ones(1), () => op('LOAD_LOCAL', 0)),
  build('STORE_LOCAL', MANY, ones(MANY[1] + 1), () => op('STORE_LOCAL', 0)),
  build('LOAD_ARRAY', MANY, [op('PUSH', 64), op('CREATE_ARRAY', 3), op('PUSH', 0)], () =>
    op('LOAD_ARRAY', 3),
  ),
  build(
    'STORE_ARRAY',
    TWO_VALUES,
    [op('PUSH', 64), op('CREATE_ARRAY', 3), ...ones(2 * TWO_VALUES[1])],
    () => op('STORE_ARRAY', 3),
  ),
  build(
    'CREATE_ARRAY (64)',
    ARRAYS,
    repeat(ARRAYS[1], () => op('PUSH', 64)),
    (index) => op('CREATE_ARRAY', index),
  ),
];

const STACK: OpcodeProgram[] = [
  build('PUSH', MANY, [], () => op('PUSH', 5)),
  build('PUSH.SIGNED', MANY, [], () => op('PUSH', 0xffff, 1)),
  build('PUSH.WIDE', MANY, ones(1), () => op('PUSH', 5, 2)),
  sink('POP'),
];

const IO: OpcodeProgram[] = [
  ...(['DIGITAL_WRITE', 'ANALOG_WRITE', 'PIN_MODE'] as const).map(sinkTwo),
  ...(['DIGITAL_READ', 'ANALOG_READ', 'BUTTON_PRESSED', 'BUTTON_RELEASED'] as const).map(unary),
  ...(['MILLIS', 'MICROS'] as const).map(source),
  sink('DELAY'),
  build('PRINTF ("x")', MANY, [], () => op('PRINTF')),
];

const OTHERS: OpcodeProgram[] = [
  // Each result is the next divisor, which must not become 0: n - 1 modulo n is n - 1.
  binary(
    'MOD',
    repeat(MANY[1] + 1, (index) => op('PUSH', 100 + index)),
  ),
  ...(['NOT', 'BITWISE_NOT'] as const).map(unary),
  ...(['SHIFT_LEFT', 'SHIFT_RIGHT'] as const).map((name) => binary(name, zeros(MANY[1] + 1))),
];

/** Two instructions that nearly always follow one another, and that a run loop may take together. */
function pair(first: Name, second: Name, taken: boolean): OpcodeProgram {
  const values = ones(2 * TWO_VALUES[1]);
  const ofCount = (count: number): Program =>
    program([
      ...values,
      ...Array.from({ length: count }, (_, index) => [
        op(first),
        op(second, values.length + 2 * index + 2),
      ]).flat(),
    ]);
  return {
    name: `${first} + ${second} (${taken ? 'taken' : 'not taken'})`,
    programs: [ofCount(TWO_VALUES[0]), ofCount(TWO_VALUES[1])],
    counts: TWO_VALUES,
    before: [values.length, values.length],
  };
}

/** Pairs; the first compares 1 with 1. */
export const PAIR_PROGRAMS: readonly OpcodeProgram[] = [
  pair('LT_SIGNED', 'JMP_FALSE', true),
  pair('LE_SIGNED', 'JMP_FALSE', false),
  pair('LE_SIGNED', 'JMP_TRUE', true),
  pair('LT_SIGNED', 'JMP_TRUE', false),
];

/** One or two programs for each opcode but HALT, which can't be executed twice. */
export const OPCODE_PROGRAMS: readonly OpcodeProgram[] = [
  ...STACK,
  ...BINARY.map((name) => binary(name)),
  ...OTHERS,
  ...JUMPS,
  ...MEMORY,
  ...IO,
];
