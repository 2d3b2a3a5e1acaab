/** Operators on written operands, which are made safe where an operator is not defined for all. */
import { writeNumber } from './literals.ts';
import { choose } from './site.ts';
import {
  COMPARISONS,
  type BinaryOperator,
  type ComputeOperator,
  type Expression,
} from './syntax.ts';
import { commonType, promote, type ScalarType } from './types.ts';
import {
  asInt,
  infixed,
  LEVELS,
  masked,
  operand,
  plain,
  prefixed,
  unsequenced,
  written,
  type Written,
} from './written.ts';

type Of<Kind extends Expression['kind']> = Extract<Expression, { kind: Kind }>;

/** Divisors for all dividends: not 0, and not -1, by which the smallest number cannot be divided. */
const DIVISORS = [2, 1, 3, 7, 10, 16, 100, 1000, -2, -3, -7, -10, 0x7fff_ffff, -0x7fff_ffff];

function safeDivisor(right: Written, form: number): Written {
  if (form % 3 === 0) return plain(choose(DIVISORS, Math.floor(form / 3)) ?? 2);
  return infixed('+', masked(asInt(right), 15), plain(1), { type: 'int', noted: ['operator +'] });
}

function safeCount(right: Written, form: number): Written {
  return form % 3 === 0 ? plain(Math.floor(form / 3) % 32) : masked(right, 31);
}

export function writeBinary(
  operator: BinaryOperator,
  first: Written,
  second: Written,
  form: number,
): Written {
  const [left = first, right = second] = unsequenced([first, second]);
  const noted = [`operator ${operator}`];
  switch (operator) {
    case '/':
    case '%': {
      if (form % 3 !== 2) {
        return infixed(operator, asInt(left), safeDivisor(right, form), { type: 'int', noted });
      }
      // Half of a number is never the smallest one, which may not be divided by -1.
      const half = infixed('>>', asInt(left), plain(1), { type: 'int', noted: ['operator >>'] });
      const odd = infixed('|', asInt(right), plain(1), { type: 'int', noted: ['operator |'] });
      return infixed(operator, half, odd, { type: 'int', noted });
    }
    case '>>':
      return infixed('>>', asInt(left), safeCount(right, form), { type: 'int', noted });
    case '<<': {
      if (left.type === 'uint') noted.push('unsigned shifted');
      return infixed('<<', left, safeCount(right, form), { type: promote(left.type), noted });
    }
    default: {
      const compares = (COMPARISONS as readonly string[]).includes(operator);
      const computed = commonType(left.type, right.type);
      if (computed === 'uint') noted.push(compares ? 'unsigned compared' : 'unsigned computed');
      return infixed(operator, left, right, { type: compares ? 'bool' : computed, noted });
    }
  }
}

export function writeUnsignedConstants({
  operator,
  left,
  right,
}: Of<'unsignedConstants'>): Written {
  const divisor = operator === '>>' ? right & 31 : right >>> 0 || 1;
  const [a, b] = [writeNumber(left, 8), writeNumber(divisor | 0, 8)];
  return infixed(operator, a, b, { type: 'uint', noted: ['unsigned constants'] });
}

export function writeCast({ to, functional }: Of<'cast'>, part: Written): Written {
  const { name, type } = to;
  const note = `type ${name}`;
  // Only a type of one word can be written like a function.
  if (functional && !name.includes(' ')) {
    const text = `${name}(${operand(part, LEVELS.assign)})`;
    return written({ text, type, level: LEVELS.primary, noted: ['cast type(x)', note] }, [part]);
  }
  const cast = prefixed(`(${name})`, part, type, 'cast (type)x');
  return { ...cast, noted: [note, ...cast.noted] };
}

/** Compound assignments that are possible for these types, and a value for which they are defined. */
export function compound(
  operator: ComputeOperator,
  type: ScalarType,
  value: Written,
  form: number,
): { operator: ComputeOperator; value: Written } {
  switch (operator) {
    case '/':
    case '%':
      if (type === 'uint') return { operator: operator === '/' ? '-' : '+', value };
      return { operator, value: safeDivisor(value, form) };
    case '>>':
      return { operator: type === 'uint' ? '<<' : '>>', value: safeCount(value, form) };
    case '<<':
      return { operator, value: safeCount(value, form) };
    default:
      return { operator, value };
  }
}
