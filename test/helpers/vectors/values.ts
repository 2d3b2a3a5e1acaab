/** The notation of lists of values in vectors: `7 -1 0xFF INT_MIN`, `FILL 3` for 1 2 3, `ZEROS 3` for 0 0 0. */

const NAMED: Readonly<Record<string, number>> = {
  INT_MIN: -2_147_483_648,
  INT_MAX: 2_147_483_647,
};
const LOWEST = -2_147_483_648;
/** Hexadecimal values are bit patterns: 0x80000000 is INT_MIN. */
const HIGHEST = 0xffff_ffff;

/** An integer as the vectors write it, or undefined when the text is none. */
export function parseNumber(text: string): number | undefined {
  if (Object.hasOwn(NAMED, text)) return NAMED[text];
  return /^(-?\d+|0x[\dA-Fa-f]+)$/.test(text) ? Number(text) : undefined;
}

function parseValue(text: string): number {
  const value = parseNumber(text);
  if (value === undefined) throw new Error(`"${text}" is no value`);
  if (value < LOWEST || value > HIGHEST) throw new Error(`${text} has more than 32 bits`);
  return value | 0;
}

/** The int32 values of a list. */
export function parseValues(text: string): number[] {
  const words = text.split(' ').filter((word) => word !== '');
  const values: number[] = [];
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? '';
    if (word !== 'FILL' && word !== 'ZEROS') {
      values.push(parseValue(word));
      continue;
    }
    at += 1;
    const count = parseValue(words[at] ?? '');
    for (let n = 1; n <= count; n += 1) values.push(word === 'FILL' ? n : 0);
  }
  return values;
}

/** Whether a statement is a list of values and not an instruction. */
export function isValues(text: string): boolean {
  const first = text.split(' ', 1)[0] ?? '';
  return first === 'FILL' || first === 'ZEROS' || parseNumber(first) !== undefined;
}
