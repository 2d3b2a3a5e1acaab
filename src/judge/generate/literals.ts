/** Numbers, characters and texts as a sketch writes them. */
import { LEVELS, written, type Written } from './written.ts';

const INT_MAX = 0x7fff_ffff;
const BASES = ['decimal', 'hexadecimal', 'octal', 'binary'] as const;
/** Styles from here on write a negative number as the unsigned one with the same bits. */
const UNSIGNED_BY_SIZE = 32;
const SUFFIXES = ['', '', 'u', 'l', 'ul', 'U', 'L', 'UL'];

function digits(value: number, base: (typeof BASES)[number]): string {
  switch (base) {
    case 'decimal':
      return String(value);
    case 'hexadecimal':
      return `0x${value.toString(16)}`;
    case 'octal':
      return `0${value.toString(8)}`;
    case 'binary':
      return `0b${value.toString(2)}`;
  }
}

/**
 * A number in one of the ways to write it.
 * @param value int32
 */
export function writeNumber(value: number, style: number): Written {
  const base = BASES[style % BASES.length] ?? 'decimal';
  const suffix = SUFFIXES[Math.floor(style / BASES.length) % SUFFIXES.length] ?? '';
  const noted = [`literal ${base}`, ...(suffix === '' ? [] : [`suffix ${suffix.toLowerCase()}`])];
  if (/u/i.test(suffix)) {
    const text = digits(value >>> 0, base) + suffix;
    return written({ text, type: 'uint', level: LEVELS.primary, noted });
  }
  if (value >= 0) {
    const text = digits(value, base) + suffix;
    return written({ text, type: 'int', level: LEVELS.primary, noted });
  }
  if (base !== 'decimal' && style >= UNSIGNED_BY_SIZE) {
    // Too large for an int, and by that unsigned.
    const text = digits(value >>> 0, base) + suffix;
    return written({
      text,
      type: 'uint',
      level: LEVELS.primary,
      noted: [...noted, 'literal large'],
    });
  }
  // -2147483648 has a meaning in decimal alone; 0x80000000 is unsigned.
  const magnitude = -value > INT_MAX ? String(-value) : digits(-value, base) + suffix;
  noted.push('literal negative');
  return written({ text: `-${magnitude}`, type: 'int', level: LEVELS.unary, noted });
}

const CHARACTERS = [
  ...["'a'", "'0'", "' '", "'Z'", "'~'", String.raw`'\n'`, String.raw`'\t'`, String.raw`'\''`],
  ...[String.raw`'\\'`, `'"'`, String.raw`'\x41'`, String.raw`'\101'`, String.raw`'\xff'`],
  ...[String.raw`'\0'`, String.raw`'\r'`, String.raw`'\x80'`, "'%'"],
];

export function writeCharacter(choice: number): Written {
  const text = CHARACTERS[choice % CHARACTERS.length] ?? "'a'";
  return written({ text, type: 'char', level: LEVELS.primary, noted: ['literal character'] });
}

/** A text between quotes, without them. */
export interface Text {
  readonly text: string;
  /** Bytes of it. */
  readonly length: number;
  readonly noted: readonly string[];
}

const raw = String.raw;
/** `length` counts what is printed. `%` stands for itself. */
const TEXTS: readonly Text[] = [
  { text: ' ', length: 1, noted: [] },
  { text: 'a', length: 1, noted: [] },
  { text: '', length: 0, noted: [] },
  { text: 'on', length: 2, noted: [] },
  { text: raw`\n`, length: 1, noted: ['text escape'] },
  { text: 'x = ', length: 4, noted: [] },
  { text: '" "', length: 0, noted: ['text joined'] },
  { text: 'one" "two', length: 6, noted: ['text joined'] },
  { text: raw`\t\\\"\'`, length: 4, noted: ['text escape'] },
  { text: raw`\x41\102`, length: 2, noted: ['text escape'] },
  { text: '%', length: 1, noted: [] },
  { text: '100% %d', length: 7, noted: [] },
  { text: 'Grüße', length: 7, noted: ['text utf-8'] },
  { text: '0123456789'.repeat(4), length: 40, noted: [] },
];

export function chooseText(choice: number): Text {
  return TEXTS[choice % TEXTS.length] ?? { text: '', length: 0, noted: [] };
}
