/** The types of sketches as C has them where int has 32 bits. Written anew here: the compiler that is judged is not asked. */

export type ScalarType = 'int' | 'uint' | 'int16' | 'uint16' | 'int8' | 'uint8' | 'char' | 'bool';

/** A type as a sketch writes it. */
export interface NamedType {
  readonly name: string;
  readonly type: ScalarType;
}

const NAMES: readonly (readonly [ScalarType, readonly string[]])[] = [
  ['int', ['int', 'long', 'int32_t', 'signed', 'long int', 'signed long']],
  ['uint', ['unsigned', 'unsigned int', 'unsigned long', 'uint32_t', 'unsigned long int']],
  ['uint8', ['byte', 'uint8_t', 'unsigned char']],
  ['char', ['char']],
  ['bool', ['bool', 'boolean']],
  ['int16', ['int16_t', 'short', 'short int']],
  ['uint16', ['uint16_t', 'unsigned short']],
  ['int8', ['int8_t', 'signed char']],
];

/** Every type by every name, the plainest first. */
export const NAMED_TYPES: readonly NamedType[] = NAMES.flatMap(([type, names]) =>
  names.map((name) => ({ name, type })),
);

export const PLAIN: NamedType = { name: 'int', type: 'int' };

/** The type an operand is computed in. */
export function promote(type: ScalarType): ScalarType {
  return type === 'uint' ? 'uint' : 'int';
}

/** The type two operands are computed in. */
export function commonType(a: ScalarType, b: ScalarType): ScalarType {
  return a === 'uint' || b === 'uint' ? 'uint' : 'int';
}
