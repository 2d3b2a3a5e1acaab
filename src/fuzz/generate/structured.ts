import fc from 'fast-check';
import type { Program } from '../../image/index.ts';
import { lowerProgram } from './lower.ts';
import {
  BINARY,
  READS,
  UNARY,
  WRITES,
  type Expression,
  type FunctionSyntax,
  type PrintPiece,
  type ProgramSyntax,
  type Statement,
} from './syntax.ts';

/** Numbers at which something changes sides. */
const EDGES = [
  0, 1, 2, -1, 0x7fff_ffff, -0x8000_0000, 31, 32, 63, 64, 255, 256, 0x7fff, 0x8000, 0xffff,
  0x1_0000, -0x8000, -0x8001, -0x7fff_ffff, 3, 5, 7, 10, 100,
];

export const int32 = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...EDGES) },
  { weight: 1, arbitrary: fc.integer() },
  { weight: 1, arbitrary: fc.noBias(fc.integer()) },
);

/** True in n of 40 cases; shrinks to false. */
const rarely = (n: number): fc.Arbitrary<boolean> => fc.nat(39).map((it) => it >= 40 - n);
/** False in n of 40 cases; shrinks to true. */
const mostly = (n: number): fc.Arbitrary<boolean> => rarely(n).map((it) => !it);

const globalId = fc.oneof(
  { weight: 20, arbitrary: fc.nat(7) },
  { weight: 10, arbitrary: fc.nat(63) },
  { weight: 1, arbitrary: fc.constantFrom(64, 255, 256, 0xffff) },
);
const arrayId = fc.oneof(
  { weight: 60, arbitrary: fc.nat(2) },
  { weight: 1, arbitrary: fc.constantFrom(3, 15, 16, 256, 0xffff) },
);
/** Pin 7 isn't there, nor is 23; and not every pin can do everything. */
const pin = fc.oneof(
  { weight: 12, arbitrary: fc.nat(6) },
  { weight: 12, arbitrary: fc.integer({ min: 8, max: 22 }) },
  { weight: 1, arbitrary: fc.constantFrom(7, 23, -1, 256, -0x8000_0000) },
);
const pinFor: Record<(typeof READS)[number] | (typeof WRITES)[number], fc.Arbitrary<number>> = {
  DIGITAL_READ: pin,
  DIGITAL_WRITE: pin,
  PIN_MODE: pin,
  ANALOG_READ: fc.oneof(
    { weight: 20, arbitrary: fc.integer({ min: 16, max: 21 }) },
    { weight: 1, arbitrary: pin },
  ),
  ANALOG_WRITE: fc.oneof(
    { weight: 20, arbitrary: fc.constantFrom(3, 5, 6, 9, 10, 11, 18) },
    { weight: 1, arbitrary: pin },
  ),
  BUTTON_PRESSED: fc.oneof({ weight: 20, arbitrary: fc.nat(1) }, { weight: 1, arbitrary: pin }),
  BUTTON_RELEASED: fc.oneof({ weight: 20, arbitrary: fc.nat(1) }, { weight: 1, arbitrary: pin }),
};

const TEXTS = ['', ' ', 'ab', '%%', 'ä', '\0', 'x'.repeat(60)].map((text) => Buffer.from(text));
const MODIFIERS = [
  '',
  '',
  '5',
  '-5',
  '05',
  '0',
  '-',
  '-0',
  '00',
  '2',
  '12',
  '40',
  '99',
  '-05',
  '0-8',
  '08',
];
const WRONG_MODIFIERS = ['100', '.2', 'l', ' ', '+', '%'];

/** One level of an expression or statement within another; deeper ones become rarer. */
const nested = { depthSize: 'small', withCrossShrink: true } as const;

const { expression, block } = fc.letrec<{
  expression: Expression;
  statement: Statement;
  block: Statement[];
}>((tie) => {
  const inner = tie('expression');
  const statements = tie('block');
  const binary = (opcode: (typeof BINARY)[number]): fc.Arbitrary<Expression> =>
    fc.record({
      kind: fc.constant('binary' as const),
      opcode: fc.constant(opcode),
      left: inner,
      right: inner,
      guarded: mostly(1),
    });
  const value: fc.Arbitrary<Expression> = fc.oneof(
    nested,
    {
      weight: 8,
      arbitrary: fc.record({ kind: fc.constant('constant' as const), value: int32 }),
    },
    {
      weight: 4,
      arbitrary: fc.record({ kind: fc.constant('global' as const), id: globalId }),
    },
    {
      weight: 4,
      arbitrary: fc.record({ kind: fc.constant('local' as const), slot: fc.nat(9) }),
    },
    {
      weight: 2,
      arbitrary: fc.constantFrom('MILLIS' as const, 'MICROS' as const).map((opcode) => ({
        kind: 'time' as const,
        opcode,
      })),
    },
    {
      weight: 4,
      arbitrary: fc
        .constantFrom(...READS)
        .chain((opcode) =>
          pinFor[opcode].map((at) => ({ kind: 'read' as const, opcode, pin: at })),
        ),
    },
    { weight: 16, arbitrary: fc.constantFrom(...BINARY).chain(binary) },
    {
      weight: 2,
      arbitrary: fc.record({
        kind: fc.constant('unary' as const),
        opcode: fc.constantFrom(...UNARY),
        operand: inner,
      }),
    },
    {
      weight: 3,
      arbitrary: fc.record({
        kind: fc.constant('element' as const),
        array: arrayId,
        index: inner,
        guarded: mostly(1),
      }),
    },
    {
      weight: 3,
      arbitrary: fc.record({
        kind: fc.constant('call' as const),
        callee: fc.nat(5),
        any: rarely(2),
        operands: fc.array(inner, { maxLength: 3 }),
      }),
    },
  );
  const piece: fc.Arbitrary<PrintPiece> = fc.oneof(
    {
      weight: 2,
      arbitrary: fc.constantFrom(...TEXTS).map((bytes) => ({ kind: 'text' as const, bytes })),
    },
    {
      weight: 4,
      arbitrary: fc.record({
        kind: fc.constant('conversion' as const),
        modifiers: fc.oneof(
          { weight: 50, arbitrary: fc.constantFrom(...MODIFIERS) },
          { weight: 1, arbitrary: fc.constantFrom(...WRONG_MODIFIERS) },
        ),
        type: fc.constantFrom('d', 'i', 'u', 'x', 'X'),
        argument: inner,
      }),
    },
    {
      // Flag 0 is wrong for both; string ids above the first may not exist.
      weight: 2,
      arbitrary: fc.record({
        kind: fc.constant('conversion' as const),
        modifiers: fc.constantFrom('', '3', '-4'),
        type: fc.constantFrom('c', 's'),
        argument: fc.record({
          kind: fc.constant('constant' as const),
          value: fc.constantFrom(0, 0, 0, 0, 0, 65),
        }),
      }),
    },
  );
  // 198 bytes and some more: at, below and above the 255 that one PRINTF may print.
  const wide = { kind: 'conversion' as const, modifiers: '99', type: 'u' };
  const longText: fc.Arbitrary<PrintPiece[]> = fc
    .tuple(inner, fc.integer({ min: 55, max: 59 }))
    .map(([argument, length]) => [
      { ...wide, argument },
      { ...wide, argument },
      { kind: 'text', bytes: Buffer.alloc(length, 'x') },
    ]);
  const statement: fc.Arbitrary<Statement> = fc.oneof(
    nested,
    {
      weight: 6,
      arbitrary: fc.record({ kind: fc.constant('setGlobal' as const), id: globalId, value: inner }),
    },
    {
      weight: 4,
      arbitrary: fc.record({
        kind: fc.constant('setLocal' as const),
        slot: fc.nat(7),
        value: inner,
      }),
    },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('drop' as const), value: inner }) },
    {
      weight: 4,
      arbitrary: fc.constantFrom(...WRITES).chain((opcode) =>
        fc.record({
          kind: fc.constant('write' as const),
          opcode: fc.constant(opcode),
          pin: pinFor[opcode],
          value: inner,
        }),
      ),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        kind: fc.constant('delay' as const),
        ms: inner,
        guarded: mostly(1),
      }),
    },
    {
      weight: 3,
      arbitrary: fc.record({
        kind: fc.constant('setElement' as const),
        array: arrayId,
        index: inner,
        guarded: mostly(1),
        value: inner,
      }),
    },
    {
      weight: 3,
      arbitrary: fc.record({
        kind: fc.constant('print' as const),
        pieces: fc.oneof(
          { weight: 6, arbitrary: fc.array(piece, { maxLength: 5 }) },
          { weight: 1, arbitrary: longText },
        ),
        surplus: rarely(1).map(Number),
      }),
    },
    {
      weight: 4,
      arbitrary: fc.record({
        kind: fc.constant('if' as const),
        jump: fc.constantFrom('JMP_FALSE' as const, 'JMP_TRUE' as const),
        condition: inner,
        then: statements,
        otherwise: statements,
      }),
    },
    {
      weight: 3,
      arbitrary: fc.record({
        kind: fc.constant('loop' as const),
        times: fc.integer({ min: 1, max: 6 }),
        body: statements,
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constant('pile' as const),
        height: fc.oneof(
          { weight: 9, arbitrary: fc.nat(20) },
          { weight: 1, arbitrary: fc.integer({ min: 100, max: 130 }) },
        ),
      }),
    },
  );
  return {
    expression: value,
    statement,
    block: fc.array(tie('statement'), { maxLength: 4 }),
  };
});

const returning: fc.Arbitrary<Statement> = fc.record({
  kind: fc.constant('return' as const),
  value: expression,
});

const functionSyntax: fc.Arbitrary<FunctionSyntax> = fc
  .record({
    parameters: fc.nat(3),
    variables: fc.nat(3),
    body: block,
    early: fc.option(returning, { freq: 8 }),
    result: fc.option(expression, { nil: undefined, freq: 4 }),
  })
  .map(({ early, body, ...rest }) => ({ ...rest, body: early === null ? body : [...body, early] }));

const arraySize = fc.oneof(
  { weight: 60, arbitrary: fc.integer({ min: 1, max: 64 }) },
  { weight: 1, arbitrary: fc.constantFrom(0, 65, -1) },
);

const programSyntax: fc.Arbitrary<ProgramSyntax> = fc.record({
  arrays: fc.array(arraySize, { minLength: 3, maxLength: 3 }),
  setup: fc.array(block, { maxLength: 4 }).map((blocks) => blocks.flat()),
  loop: fc.option(
    fc.array(block, { maxLength: 4 }).map((blocks) => blocks.flat()),
    { nil: undefined, freq: 5 },
  ),
  functions: fc.array(functionSyntax, { maxLength: 3 }),
});

/** Programs as a compiler would write them: expressions, blocks, bounded loops, calls, arrays, pins, text. */
export const structuredProgram: fc.Arbitrary<Program> = programSyntax.map(lowerProgram);
