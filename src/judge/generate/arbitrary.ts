/** The generated syntax as fast-check arbitraries. What stands first is what shrinking goes to. */
import fc from 'fast-check';
import {
  chain,
  expression,
  int32,
  kind,
  maybe,
  nested,
  small,
  sometimes,
  smallExpression,
  targetWith,
  type,
} from './arbitrary-expression.ts';
import {
  ARITHMETIC,
  GUARDED,
  WRITES,
  type ArraySyntax,
  type Body,
  type DefineSyntax,
  type FunctionSyntax,
  type GlobalSyntax,
  type PrintPiece,
  type ProgramSyntax,
  type Statement,
  type SwitchCase,
  type TextChoice,
} from './syntax.ts';

const MODIFIERS = ['', '', '', '5', '-5', '05', '0', '-', '-0', '00', '2', '12', '40', '-05', '08'];
const TEXT_MODIFIERS = ['', '', '6', '-6', '-', '1'];

const inner = expression;
/** A condition: more often than other expressions one that depends on a variable. */
const condition = fc.oneof(
  { withCrossShrink: true },
  { weight: 1, arbitrary: inner },
  { weight: 1, arbitrary: chain },
);
const target = targetWith(inner);
const call = { callee: fc.nat(9), args: fc.array(inner, { maxLength: 3 }) };
const text: fc.Arbitrary<TextChoice> = fc.record({ choice: small, condition: maybe(inner, 8) });
const piece: fc.Arbitrary<PrintPiece> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      kind: kind('conversion'),
      type: fc.constantFrom('d', 'i', 'u', 'x', 'X'),
      modifiers: fc.constantFrom(...MODIFIERS),
      value: inner,
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: kind('conversion'),
      type: kind('c'),
      modifiers: fc.constantFrom(...TEXT_MODIFIERS),
      value: inner,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: kind('string'),
      modifiers: fc.constantFrom(...TEXT_MODIFIERS),
      text,
    }),
  },
  { weight: 3, arbitrary: fc.record({ kind: kind('plain'), choice: small }) },
);

const { body } = fc.letrec<{ statement: Statement; body: Body }>((tie) => {
  const block = tie('body');
  const switchCase: fc.Arbitrary<SwitchCase> = fc.record({
    labels: fc.array(fc.nat(15), { maxLength: 2 }),
    body: block,
    end: fc.constantFrom('break', 'fall', 'continue', 'return'),
  });
  const clause = fc.record({ condition, body: block });
  const values = fc.array(inner, { minLength: 1, maxLength: 2 });
  const statement: fc.Arbitrary<Statement> = fc.oneof(
    nested,
    {
      weight: 6,
      arbitrary: fc.record({
        kind: kind('printf'),
        pieces: fc.array(piece, { minLength: 1, maxLength: 4 }),
      }),
    },
    {
      weight: 10,
      arbitrary: fc.record({
        kind: kind('evaluate'),
        value: fc.record({
          kind: kind('assign'),
          operator: fc.constantFrom('', '', '', ...ARITHMETIC, ...GUARDED),
          target,
          value: inner,
          form: small,
        }),
        discard: fc.constant(false),
      }),
    },
    {
      weight: 3,
      arbitrary: fc.record({ kind: kind('evaluate'), value: inner, discard: sometimes(1) }),
    },
    { weight: 4, arbitrary: fc.record({ kind: kind('callStatement'), ...call }) },
    {
      weight: 6,
      arbitrary: fc.record({
        kind: kind('declare'),
        type,
        form: fc.constantFrom('plain', 'plain', 'plain', 'static', 'const', 'later'),
        shadow: sometimes(3),
        values,
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        kind: kind('declareArray'),
        type,
        isStatic: sometimes(8),
        open: sometimes(8),
        length: fc.integer({ min: 1, max: 12 }),
        values: fc.array(inner, { maxLength: 5 }),
      }),
    },
    {
      weight: 4,
      arbitrary: fc.record({
        kind: kind('if'),
        braces: fc.boolean().map((it) => !it),
        clauses: fc.array(clause, { minLength: 1, maxLength: 2 }),
        otherwise: maybe(block, 10),
      }),
    },
    {
      weight: 6,
      arbitrary: fc.record({
        kind: kind('loop'),
        form: fc.constantFrom(
          ...([
            'for',
            'forDown',
            'forStep',
            'forTwo',
            'while',
            'do',
            'forEver',
            'whileTrue',
          ] as const),
        ),
        counter: type,
        times: fc.nat(7),
        condition: maybe(condition, 8),
        conditionFirst: sometimes(8),
        braces: sometimes(14),
        body: block,
      }),
    },
    { weight: 1, arbitrary: fc.record({ kind: kind('bump'), counter: small }) },
    {
      weight: 2,
      arbitrary: fc.record({
        kind: kind('switch'),
        subject: inner,
        masked: fc.boolean(),
        cases: fc.array(switchCase, { maxLength: 5 }),
      }),
    },
    {
      weight: 3,
      arbitrary: fc.record({
        kind: kind('jump'),
        what: fc.constantFrom('break', 'continue', 'continue', 'return'),
        condition,
        value: inner,
      }),
    },
    { weight: 1, arbitrary: fc.record({ kind: kind('block'), body: block }) },
    {
      weight: 4,
      arbitrary: fc.record({
        kind: kind('serial'),
        line: fc.boolean(),
        value: maybe(fc.oneof({ weight: 3, arbitrary: inner }, { weight: 1, arbitrary: text }), 18),
        base: fc.constantFrom('', '', 'DEC', 'HEX'),
      }),
    },
    {
      weight: 3,
      arbitrary: fc.record({
        kind: kind('output'),
        what: fc.constantFrom(...WRITES),
        pin: inner,
        value: inner,
        form: small,
      }),
    },
    {
      weight: 1,
      arbitrary: fc.oneof(
        fc.record({ kind: kind('empty') }),
        fc.record({ kind: kind('begin'), baud: inner }),
      ),
    },
  );
  const statements = fc.oneof(
    { withCrossShrink: true },
    { weight: 1, arbitrary: fc.constant<Body>([]) },
    { weight: 15, arbitrary: fc.array(tie('statement'), { minLength: 1, maxLength: 4 }) },
  );
  return { statement, body: statements };
});

const defineSyntax: fc.Arbitrary<DefineSyntax> = fc.record({ form: small, value: int32 });

const globalSyntax: fc.Arbitrary<GlobalSyntax> = fc.record({
  type,
  isConst: sometimes(4),
  literal: maybe(int32, 13),
  value: maybe(expression, 13),
});

const arraySyntax: fc.Arbitrary<ArraySyntax> = fc.record({
  type,
  isConst: sometimes(4),
  length: fc.oneof(
    { weight: 4, arbitrary: fc.integer({ min: 1, max: 9 }) },
    { weight: 2, arbitrary: fc.constantFrom(4, 8, 16, 63, 64) },
  ),
  form: small,
  values: fc.array(int32, { maxLength: 6 }),
});

const functionSyntax: fc.Arbitrary<FunctionSyntax> = fc.record({
  result: maybe(type, 15),
  parameters: fc.array(type, { maxLength: 3 }),
  recursion: fc.constantFrom('none', 'none', 'self', 'mutual'),
  prototype: sometimes(6),
  body,
  end: fc.oneof(
    { withCrossShrink: true },
    { weight: 1, arbitrary: fc.record({ kind: kind('variable'), slot: small }) },
    { weight: 2, arbitrary: expression },
  ),
});

/** Blocks one after the other, so that the outermost level is the longest. */
const longBody = (blocks: number): fc.Arbitrary<Body> =>
  fc.array(body, { maxLength: blocks }).map((all) => all.flat());

export const programSyntax: fc.Arbitrary<ProgramSyntax> = fc.record({
  pool: fc.array(smallExpression, { minLength: 1, maxLength: 3 }),
  defines: fc.array(defineSyntax, { maxLength: 3 }),
  globals: fc.array(globalSyntax, { maxLength: 6 }),
  arrays: fc.array(arraySyntax, { maxLength: 3 }),
  functions: fc.array(functionSyntax, { maxLength: 4 }),
  setup: longBody(4),
  loop: maybe(longBody(3), 13),
  callersFirst: fc.boolean(),
  rounds: fc.integer({ min: 1, max: 3 }),
  inputs: fc.nat(0x7fff_ffff),
});
