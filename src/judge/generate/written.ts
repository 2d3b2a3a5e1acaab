/** Expressions as text, with what is known of them. */
import { allEffects, conflict, NO_EFFECTS, type Effects } from './effects.ts';
import { commonType, promote, type ScalarType } from './types.ts';

/** How tightly C's operators bind. */
export const LEVELS = {
  comma: 0,
  assign: 1,
  conditional: 2,
  '||': 3,
  '&&': 4,
  '|': 5,
  '^': 6,
  '&': 7,
  '==': 8,
  '!=': 8,
  '<': 9,
  '>': 9,
  '<=': 9,
  '>=': 9,
  '<<': 10,
  '>>': 10,
  '+': 11,
  '-': 11,
  '*': 12,
  '/': 12,
  '%': 12,
  unary: 13,
  primary: 14,
} as const;

export interface Written {
  readonly text: string;
  readonly type: ScalarType;
  /** One of LEVELS. */
  readonly level: number;
  readonly effects: Effects;
  /** Instructions it takes at most, roughly. */
  readonly cost: number;
  /** Words of the operand stack it needs at most, and those and the frames of functions that it calls. */
  readonly height: number;
  readonly calleeWords: number;
  readonly calleeFrames: number;
  /** Constructs in it. */
  readonly noted: readonly string[];
  /** Ids of the functions, globals, arrays and names in it. */
  readonly uses: readonly string[];
}

/** What an expression adds to its parts. */
type Own = Pick<Written, 'text' | 'type' | 'level'> & Partial<Written>;

/** An expression of parts that are evaluated from left to right, or of none. */
export function written(own: Own, parts: readonly Written[] = []): Written {
  const { text, type, level, effects = NO_EFFECTS } = own;
  const heights = parts.map(({ height }, index) => height + index);
  return {
    text,
    type,
    level,
    effects: parts.length === 0 ? effects : allEffects([effects, ...parts.map((it) => it.effects)]),
    cost: parts.reduce((sum, { cost }) => sum + cost, own.cost ?? 2),
    height: Math.max(1, ...heights) + (own.height ?? 0),
    calleeWords: Math.max(own.calleeWords ?? 0, ...parts.map((it) => it.calleeWords)),
    calleeFrames: Math.max(own.calleeFrames ?? 0, ...parts.map((it) => it.calleeFrames)),
    noted: [...(own.noted ?? []), ...parts.flatMap(({ noted }) => noted)],
    uses: [...(own.uses ?? []), ...parts.flatMap(({ uses }) => uses)],
  };
}

/** A plain number, which fits everywhere. */
export function plain(value: number): Written {
  const level = value < 0 ? LEVELS.unary : LEVELS.primary;
  return written({ text: String(value), type: 'int', level });
}

/** The text as an operand of something that binds at `level`. */
export function operand({ text, level: own }: Written, level: number): string {
  return own < level ? `(${text})` : text;
}

/** Parts that C may evaluate in any order: those whose order could be seen become numbers. */
export function unsequenced(parts: readonly Written[]): Written[] {
  const kept: Written[] = [];
  for (const part of parts) {
    const bad = kept.some(({ effects }) => conflict(effects, part.effects));
    kept.push(bad ? plain(kept.length + 1) : part);
  }
  return kept;
}

/** A prefix operator before its operand; two signs may not grow together. */
export function prefixed(operator: string, part: Written, type: ScalarType, note: string): Written {
  const inner = operand(part, LEVELS.unary);
  const gap = inner.startsWith(operator.slice(-1)) ? ' ' : '';
  const text = `${operator}${gap}${inner}`;
  return written({ text, type, level: LEVELS.unary, noted: [note] }, [part]);
}

/** `left operator right`, left-associative. */
export function infixed(
  operator: keyof typeof LEVELS,
  left: Written,
  right: Written,
  own: { type: ScalarType; noted?: readonly string[] },
): Written {
  const level = LEVELS[operator];
  const text = `${operand(left, level)} ${operator} ${operand(right, level + 1)}`;
  return written({ text, level, ...own }, [left, right]);
}

/** `left & mask`: at most `mask`, which is not negative. */
export function masked(left: Written, mask: number): Written {
  const noted = ['operator &'];
  return infixed('&', left, plain(mask), { type: commonType(left.type, 'int'), noted });
}

/** The value as a signed number. */
export function asInt(part: Written): Written {
  if (promote(part.type) === 'int') return part;
  return prefixed('(int)', part, 'int', 'cast (type)x');
}
