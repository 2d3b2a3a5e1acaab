import fc from 'fast-check';
import type { Instruction } from '../../isa/index.ts';
import { OPCODES, PUSH_FLAGS } from '../../isa/index.ts';
import type { Program } from '../../image/index.ts';
import { Assembler, codeOf, type Label } from './assembler.ts';

/** Sixteen values, of each operand class. */
const VALUES = [
  0, 1, -1, 2, -0x8000_0000, 0x7fff_ffff, -2, 256, 0, 1, -1, 31, -0x8000_0000, 0x7fff_ffff,
  -0x1234_5678, 32,
];
/** Also limits of arrays, pins and text. */
const MORE_VALUES = [...VALUES, 63, 64, 65, 255, 1000, 4095, 0x7fff, 0xffff, 0x1_0000, 22, 23];
const FORMATS = ['%d', '%d %u|', '%x%c%5d', 'ab', '%-06X%03i%%', ''].map((text) =>
  Buffer.from(text),
);

/** PUSH first, so that shrinking a choice towards 0 leads there. */
const CHOICES = [
  ...OPCODES.filter(({ name }) => name === 'PUSH'),
  ...OPCODES.filter(({ name }) => name !== 'PUSH' && name !== 'HALT'),
];
const HALT: Instruction = { opcode: codeOf('HALT'), flags: 0, immediate: 0 };

/** Opcodes that end a program unless their operands are of the right kind: put in front of them, rarely left out. */
const FITTING: Partial<Record<string, readonly number[]>> = {
  SHIFT_LEFT: [3],
  SHIFT_RIGHT: [4],
  DIV: [7],
  MOD: [-3],
  DIGITAL_READ: [4],
  ANALOG_READ: [17],
  BUTTON_PRESSED: [1],
  BUTTON_RELEASED: [0],
  DELAY: [2],
  PIN_MODE: [4, 1],
  DIGITAL_WRITE: [4, 1],
  ANALOG_WRITE: [5, 200],
  LOAD_ARRAY: [2],
  STORE_ARRAY: [3, 77],
};

/** Bits of the random number that describes one instruction. */
function bits(number: number, from: number, count: number): number {
  return (number >>> from) & (2 ** count - 1);
}

/** Emits what one random number says; returns the stack's depth after it. `bodies`: a function without and one with a result. */
function emitChoice(
  code: Assembler,
  number: number,
  depthBefore: number,
  bodies: readonly [Label, Label],
): number {
  const opcode = CHOICES[bits(number, 0, 8) % CHOICES.length];
  if (opcode === undefined) return depthBefore;
  let depth = depthBefore;
  const push = (value: number): void => {
    code.constant(value);
    depth += 1;
  };
  const value = VALUES[bits(number, 8, 4)] ?? 0;
  const detail = bits(number, 12, 4);
  const fitting = FITTING[opcode.name] ?? [];
  // Operands that fit; or, more rarely when they matter, any at all, or what happens to be there.
  if (detail >= 3 && fitting.length > 0) {
    for (const operand of fitting) push(operand);
  } else if (bits(number, 31, 1) === 1) {
    push(VALUES[bits(number, 16, 4)] ?? 0);
    push(VALUES[bits(number, 20, 4)] ?? 0);
  }
  const count = opcode.flags.kind === 'count' ? detail % 4 : 0;
  const needed = opcode.flags.kind === 'count' ? count : opcode.before.length;
  while (depth < needed + 1) push(value);
  switch (opcode.name) {
    case 'PUSH':
      code.emit('PUSH', value & 0xffff, detail % 3);
      return detail % 3 === PUSH_FLAGS.WIDE ? depth : depth + 1;
    case 'PRINTF': {
      const ids = [3, 0, 1, 2];
      code.emit('PRINTF', ids[count] ?? 0, count);
      return depth - count;
    }
    case 'CALL':
    case 'JMP':
      // To the next instruction: the stream goes on, one frame deeper after a CALL.
      code.emit(opcode.name, code.pc + 1, count);
      return opcode.name === 'CALL' ? count : depth;
    case 'JMP_TRUE':
    case 'JMP_FALSE':
      code.emit(opcode.name, code.pc + 1 + (detail % 3));
      return Math.max(0, depth - 1);
    case 'RET':
      // A bare one ends most programs; so, usually, a CALL of a function that does nothing else.
      if (detail === 0) {
        code.emit('RET', 0, count);
        return depth;
      }
      code.jump('CALL', bodies[detail % 2 === 0 ? 0 : 1]);
      return depth + (detail % 2);
    case 'LOAD_LOCAL':
    case 'STORE_LOCAL':
      code.emit(opcode.name, detail === 1 ? 200 : Math.min(detail, Math.max(0, depth - 2)));
      break;
    case 'LOAD_GLOBAL':
    case 'STORE_GLOBAL':
      code.emit(opcode.name, bits(number, 16, 6));
      break;
    case 'LOAD_ARRAY':
    case 'STORE_ARRAY':
      code.emit(opcode.name, 0);
      break;
    case 'CREATE_ARRAY':
      code.emit(opcode.name, bits(number, 16, 4));
      break;
    default:
      code.emit(opcode.name);
  }
  return depth - opcode.before.length + opcode.after.length;
}

/** A random number made to mean a certain opcode. HALT has none, as it would end the stream. */
export function soupNumber(opcode: number, random: number): number {
  const index = CHOICES.findIndex(({ code }) => code === opcode);
  return ((random & ~0xff) | Math.max(0, index)) >>> 0;
}

/** The same random number with the operands that are there, or with operands of its own, but none that fit. */
export function withOperands(random: number, own: boolean): number {
  return ((random & 0x7fff_0fff) | (own ? 0x8000_2000 : 0x2000)) >>> 0;
}

/** How a stream of instructions ends: from the start again, or with an instruction such as HALT. */
export type SoupEnd = 'loop' | Instruction;

/** The program that a stream of random numbers stands for. */
export function lowerSoup(numbers: readonly number[], end: SoupEnd = HALT): Program {
  const code = new Assembler();
  for (const format of FORMATS) code.string(Uint8Array.from(format));
  code.constant(8);
  code.emit('CREATE_ARRAY', 0);
  const start = code.pc;
  const bodies = [code.label(), code.label()] as const;
  let depth = 0;
  for (const number of numbers) {
    // Values to take, with the classes mixed; and none too many.
    while (depth < 3) {
      code.constant(VALUES[bits(number, 16 + 4 * depth, 4)] ?? 0);
      depth += 1;
    }
    for (; depth > 100; depth -= 1) code.emit('POP');
    depth = emitChoice(code, number, depth, bodies);
  }
  if (end === 'loop') code.emit('JMP', start);
  else code.instructions.push(end);
  code.place(bodies[0]);
  code.emit('RET');
  code.place(bodies[1]);
  code.constant(numbers.length);
  code.emit('RET', 0, 1);
  return {
    instructions: code.finish(),
    strings: code.strings,
    entry: 0,
    loop: end === 'loop' ? start : undefined,
    debug: undefined,
  };
}

const word = fc.noBias(fc.integer({ min: 0, max: 0xffff_ffff }));

/** Opcodes in any order, on a stack deep enough for them: for the pairs that no compiler writes. */
export const soupProgram: fc.Arbitrary<Program> = fc
  .tuple(fc.array(word, { maxLength: 250, size: 'max' }), fc.nat(3))
  .map(([numbers, loops]) => lowerSoup(numbers, loops === 3 ? 'loop' : HALT));

const instructionOf = (number: number): Instruction => ({
  opcode: number & 0xff,
  flags: (number >>> 8) & 0xff,
  immediate: number >>> 16,
});

/** Words with an opcode that exists and mostly small flags. */
const opcodeWord = fc.tuple(fc.nat(OPCODES.length - 1), word).map(([index, number]) => {
  const { opcode, flags, immediate } = instructionOf(number);
  return {
    opcode: (opcode & 15) === 0 ? opcode : (OPCODES[index]?.code ?? HALT.opcode),
    flags: (opcode & 0xf0) === 0 ? flags : flags & (flags >>> 2) & 3,
    immediate: (opcode & 0x30) === 0 ? immediate : immediate & 0x1f,
  };
});
const anyWord = word.map(instructionOf);

/** Code as raw bytes, after some pushes so that it gets further than its first instruction. */
export const rawProgram: fc.Arbitrary<Program> = fc
  .record({
    pushes: fc.array(fc.constantFrom(...VALUES), { maxLength: 40, size: 'max' }),
    words: fc.oneof(
      { weight: 3, arbitrary: fc.array(opcodeWord, { minLength: 1, maxLength: 60, size: 'max' }) },
      { weight: 1, arbitrary: fc.array(anyWord, { minLength: 1, maxLength: 20, size: 'max' }) },
    ),
    strings: fc.array(fc.uint8Array({ maxLength: 20 }), { maxLength: 4 }),
    entry: fc.nat(40),
    loop: fc.nat(120),
  })
  .map(({ pushes, words, strings, entry, loop }) => {
    const code = new Assembler();
    for (const value of pushes) code.constant(value);
    const instructions = [...code.instructions, ...words];
    return {
      instructions,
      strings,
      entry: entry % 4 === 3 ? entry % instructions.length : 0,
      loop: loop < instructions.length ? loop : undefined,
      debug: undefined,
    };
  });

/**
 * A few instructions on a stack of a chosen height, in a function or not: for what happens at the ends of the stack and of a
 * frame, and with every class of operands.
 */
export const edgeProgram: fc.Arbitrary<Program> = fc
  .record({
    height: fc.oneof(
      { weight: 3, arbitrary: fc.nat(3) },
      { weight: 1, arbitrary: fc.constantFrom(124, 126, 127, 128, 128, 128, 129) },
    ),
    values: fc.array(fc.constantFrom(...MORE_VALUES), { minLength: 2, maxLength: 2 }),
    frame: fc.option(fc.nat(2), { nil: undefined, freq: 3 }),
    words: fc.array(opcodeWord, { minLength: 1, maxLength: 4 }),
  })
  .map(({ height, values, frame, words }) => {
    const code = new Assembler();
    for (let index = 0; index < height; index += 1) {
      // The two on top are the chosen ones.
      code.constant(values[height - 1 - index] ?? index);
    }
    if (frame !== undefined) code.emit('CALL', code.pc + 1, frame);
    const instructions = [...code.instructions, ...words];
    const strings = [Uint8Array.of(), Uint8Array.from(Buffer.from('%d'))];
    return { instructions, strings, entry: 0, loop: undefined, debug: undefined };
  });
