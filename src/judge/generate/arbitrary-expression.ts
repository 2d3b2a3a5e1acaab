/** Generated expressions as fast-check arbitraries. What stands first is what shrinking goes to. */
import fc from 'fast-check';
import {
  ARITHMETIC,
  CLOCKS,
  COMPARISONS,
  GUARDED,
  LOGICAL,
  READS,
  UNARY,
  type Expression,
  type Target,
} from './syntax.ts';
import { NAMED_TYPES, PLAIN } from './types.ts';

/** Numbers at which something changes sides. */
const EDGES = [
  ...[0, 1, 2, -1, 3, 5, 7, 10, 31, 32, 63, 64, 100, 127, 128, 129, -128, -129, 255, 256, 257],
  ...[0x7fff, 0x8000, 0xffff, 0x1_0000, -0x8000, -0x8001],
  ...[0x7fff_ffff, -0x8000_0000, -0x7fff_ffff, 0x7fff_fffe, 0x5555_5555, 1_000_000],
];

export const int32 = fc.oneof(
  { weight: 4, arbitrary: fc.nat(9) },
  { weight: 4, arbitrary: fc.constantFrom(...EDGES) },
  { weight: 2, arbitrary: fc.noBias(fc.integer()) },
);
export const small = fc.nat(63);
/** Ways to write a number: plain decimal is the most frequent. */
const style = fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, { weight: 2, arbitrary: small });
/** True in n of 20 cases; shrinks to false. */
export const sometimes = (n: number): fc.Arbitrary<boolean> => fc.nat(19).map((it) => it >= 20 - n);
export const type = fc.oneof(
  { weight: 1, arbitrary: fc.constant(PLAIN) },
  { weight: 3, arbitrary: fc.constantFrom(...NAMED_TYPES) },
);
export const kind = <K extends string>(name: K): fc.Arbitrary<K> => fc.constant(name);
/** Something in n of 20 cases, else undefined, which shrinking prefers. */
export const maybe = <T>(arbitrary: fc.Arbitrary<T>, n: number): fc.Arbitrary<T | undefined> =>
  fc.oneof(
    { withCrossShrink: true },
    { weight: 20 - n, arbitrary: fc.constant(undefined) },
    { weight: n, arbitrary },
  );

/** Deeper ones become rarer. */
export const nested = { depthSize: 'small', withCrossShrink: true } as const;

const leaf: fc.Arbitrary<Expression> = fc.oneof(
  { withCrossShrink: true },
  { weight: 6, arbitrary: fc.record({ kind: kind('number'), value: int32, style }) },
  { weight: 12, arbitrary: fc.record({ kind: kind('variable'), slot: small }) },
  { weight: 1, arbitrary: fc.record({ kind: kind('character'), choice: small }) },
  { weight: 2, arbitrary: fc.record({ kind: kind('constant'), choice: small }) },
);

/** A variable or a number, in a chain of operators. */
const link: fc.Arbitrary<Expression> = fc.oneof(
  { withCrossShrink: true },
  {
    weight: 3,
    arbitrary: fc.record({ kind: kind('number'), value: int32, style: fc.constant(0) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: kind('variable'), slot: small }) },
);

/** `3 - x < 7` and the like: operators one on the other, where a compiler finds something to simplify. */
export const chain: fc.Arbitrary<Expression> = fc
  .tuple(
    fc.record({ kind: kind('variable'), slot: small }),
    fc.array(
      fc.record({
        operator: fc.constantFrom(...ARITHMETIC, ...GUARDED, ...COMPARISONS),
        other: link,
        swapped: sometimes(5),
        form: small,
        unary: maybe(fc.constantFrom(...UNARY), 3),
      }),
      { minLength: 1, maxLength: 3 },
    ),
  )
  .map(([base, links]) =>
    links.reduce((left: Expression, { operator, other, swapped, form, unary }): Expression => {
      const inner: Expression =
        unary === undefined ? left : { kind: 'unary', operator: unary, operand: left };
      const [a, b] = swapped ? [other, inner] : [inner, other];
      return { kind: 'binary', operator, left: a, right: b, form };
    }, base),
  );

/** A small expression without side effects. */
export const smallExpression: fc.Arbitrary<Expression> = fc.letrec<{ part: Expression }>((tie) => {
  const part = tie('part');
  const operator = fc.constantFrom(...ARITHMETIC, ...GUARDED, ...COMPARISONS);
  return {
    part: fc.oneof(
      { maxDepth: 2, depthSize: 'small', withCrossShrink: true },
      { weight: 4, arbitrary: fc.record({ kind: kind('variable'), slot: small }) },
      { weight: 1, arbitrary: fc.record({ kind: kind('number'), value: int32, style }) },
      {
        weight: 2,
        arbitrary: fc.record({
          kind: kind('cast'),
          to: type,
          functional: sometimes(8),
          operand: part,
        }),
      },
      {
        weight: 2,
        arbitrary: fc.record({ kind: kind('element'), slot: small, index: part, form: small }),
      },
      {
        weight: 4,
        arbitrary: fc.record({
          kind: kind('binary'),
          operator,
          left: part,
          right: part,
          form: small,
        }),
      },
      {
        weight: 1,
        arbitrary: fc.record({
          kind: kind('unary'),
          operator: fc.constantFrom(...UNARY),
          operand: part,
        }),
      },
    ),
  };
}).part;

/** What can be assigned to; `inner` is an index. */
export const targetWith = (inner: fc.Arbitrary<Expression>): fc.Arbitrary<Target> =>
  fc.record({ slot: small, index: maybe(inner, 8), form: small });

export const { expression } = fc.letrec<{ expression: Expression }>((tie) => {
  const inner = tie('expression');
  const target = targetWith(inner);
  const value: fc.Arbitrary<Expression> = fc.oneof(
    nested,
    { weight: 16, arbitrary: leaf },
    { weight: 10, arbitrary: chain },
    {
      weight: 14,
      arbitrary: fc.record({
        kind: kind('pool'),
        choice: fc.nat(3),
        variant: fc.constantFrom(0, 0, 0, 1, 2),
      }),
    },
    {
      weight: 4,
      arbitrary: fc.record({ kind: kind('element'), slot: small, index: inner, form: small }),
    },
    {
      weight: 3,
      arbitrary: fc.record({
        kind: kind('unary'),
        operator: fc.constantFrom(...UNARY),
        operand: inner,
      }),
    },
    {
      weight: 14,
      arbitrary: fc.record({
        kind: kind('binary'),
        operator: fc.constantFrom(...ARITHMETIC, ...GUARDED, ...COMPARISONS),
        left: inner,
        right: inner,
        form: small,
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: kind('unsignedConstants'),
        operator: fc.constantFrom('/', '%', '>>'),
        left: int32,
        right: int32,
      }),
    },
    {
      weight: 4,
      arbitrary: fc.record({
        kind: kind('logical'),
        operator: fc.constantFrom(...LOGICAL),
        left: inner,
        right: inner,
      }),
    },
    {
      weight: 3,
      arbitrary: fc.record({
        kind: kind('conditional'),
        condition: inner,
        whenTrue: inner,
        whenFalse: inner,
      }),
    },
    { weight: 1, arbitrary: fc.record({ kind: kind('comma'), first: inner, second: inner }) },
    {
      weight: 4,
      arbitrary: fc.record({
        kind: kind('cast'),
        to: type,
        functional: sometimes(8),
        operand: inner,
      }),
    },
    {
      weight: 3,
      arbitrary: fc.record({
        kind: kind('step'),
        operator: fc.constantFrom('++', '--'),
        prefix: sometimes(10),
        target,
      }),
    },
    {
      weight: 3,
      arbitrary: fc.record({
        kind: kind('assign'),
        operator: fc.constantFrom('', '', ...ARITHMETIC, ...GUARDED),
        target,
        value: inner,
        form: small,
      }),
    },
    {
      weight: 5,
      arbitrary: fc.record({
        kind: kind('call'),
        callee: fc.nat(9),
        args: fc.array(inner, { maxLength: 3 }),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        kind: kind('read'),
        what: fc.constantFrom(...READS),
        pin: inner,
        form: small,
      }),
    },
    { weight: 1, arbitrary: fc.record({ kind: kind('clock'), what: fc.constantFrom(...CLOCKS) }) },
  );
  return { expression: value };
});
