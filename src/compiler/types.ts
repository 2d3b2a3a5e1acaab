/** The integer types of the language and their conversions. Every value is held as int32; `uint` reads the same bits unsigned. */

/** A type that a variable can have. `int` and `long` are one type, as are `byte`, `uint8_t` and `unsigned char`. */
export type ScalarType = 'int' | 'uint' | 'int16' | 'uint16' | 'int8' | 'uint8' | 'char' | 'bool';

/** The type of an expression. `invalid` has been reported already and silences what would follow from it. */
export type ValueType = ScalarType | 'void' | 'text' | 'invalid';

interface TypeFacts {
  readonly display: string;
  readonly min: number;
  readonly max: number;
}

const FACTS: Readonly<Record<ScalarType, TypeFacts>> = {
  int: { display: 'int', min: -2_147_483_648, max: 2_147_483_647 },
  uint: { display: 'unsigned int', min: 0, max: 4_294_967_295 },
  int16: { display: 'int16_t', min: -32_768, max: 32_767 },
  uint16: { display: 'uint16_t', min: 0, max: 65_535 },
  int8: { display: 'int8_t', min: -128, max: 127 },
  uint8: { display: 'byte', min: 0, max: 255 },
  char: { display: 'char', min: -128, max: 127 },
  bool: { display: 'bool', min: 0, max: 1 },
};

/** The name of a type as a sketch would write it. */
export function displayType(type: ValueType): string {
  switch (type) {
    case 'void':
      return 'void';
    case 'text':
      return 'text';
    case 'invalid':
      return 'an invalid type';
    default:
      return FACTS[type].display;
  }
}

export function isScalar(type: ValueType): type is ScalarType {
  return type !== 'void' && type !== 'text' && type !== 'invalid';
}

/** The type an operand is computed in: everything narrower than 32 bits becomes `int`. */
export function promote(type: ScalarType): 'int' | 'uint' {
  return type === 'uint' ? 'uint' : 'int';
}

/** The type in which two operands are computed together. */
export function commonType(a: ScalarType, b: ScalarType): 'int' | 'uint' {
  return a === 'uint' || b === 'uint' ? 'uint' : 'int';
}

/** True when every value of `from` is one of `to`, in the same 32 bits, so that a conversion needs no instruction. */
export function fits(from: ScalarType, to: ScalarType): boolean {
  if (from === to || to === 'int' || to === 'uint') return true;
  return FACTS[from].min >= FACTS[to].min && FACTS[from].max <= FACTS[to].max;
}

/** The int32 values that a type's values are held as: least and greatest. */
export function heldRange(type: ScalarType): readonly [number, number] {
  return type === 'uint' ? heldRange('int') : [FACTS[type].min, FACTS[type].max];
}

/** A value read as its type, e.g. -1 as `uint` is 4294967295. */
export function asType(value: number, type: ScalarType): number {
  return type === 'uint' ? value >>> 0 : value;
}

/** A constant converted to a type, as the int32 that holds it. */
export function convertConstant(value: number, to: ScalarType): number {
  switch (to) {
    case 'int':
    case 'uint':
      return value | 0;
    case 'int16':
      return (value << 16) >> 16;
    case 'uint16':
      return value & 0xffff;
    case 'int8':
    case 'char':
      return (value << 24) >> 24;
    case 'uint8':
      return value & 0xff;
    case 'bool':
      return value === 0 ? 0 : 1;
  }
}

/** Words that make up a type, in any order, and the type they name. Sorted, `int` dropped where it is optional. */
const COMBINATIONS: ReadonlyMap<string, ScalarType | 'void'> = new Map([
  ['void', 'void'],
  ['bool', 'bool'],
  ['boolean', 'bool'],
  ['byte', 'uint8'],
  ['char', 'char'],
  ['char signed', 'int8'],
  ['char unsigned', 'uint8'],
  ['short', 'int16'],
  ['short signed', 'int16'],
  ['short unsigned', 'uint16'],
  ['', 'int'],
  ['signed', 'int'],
  ['unsigned', 'uint'],
  ['long', 'int'],
  ['long signed', 'int'],
  ['long unsigned', 'uint'],
  ['int8_t', 'int8'],
  ['uint8_t', 'uint8'],
  ['int16_t', 'int16'],
  ['uint16_t', 'uint16'],
  ['int32_t', 'int'],
  ['uint32_t', 'uint'],
]);

/** The type that specifier words such as `unsigned`, `long` name together; undefined when they name none. */
export function typeOfWords(words: readonly string[]): ScalarType | 'void' | undefined {
  if (words.length === 0) return undefined;
  const key = words.filter((word) => word !== 'int');
  if (words.length - key.length > 1) return undefined;
  const type = COMBINATIONS.get(key.toSorted().join(' '));
  const hasInt = key.length < words.length;
  const takesInt = key.every((word) => ['signed', 'unsigned', 'short', 'long'].includes(word));
  return hasInt && !takesInt ? undefined : type;
}
