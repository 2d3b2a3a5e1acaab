/** printf's format string, judged at compile time by the rules that both engines follow. */

/** One conversion of a format. */
export interface Conversion {
  /** As written, e.g. `%-3d`. */
  readonly text: string;
  readonly type: 'd' | 'i' | 'u' | 'x' | 'X' | 'c' | 's';
}

export type Format =
  | { readonly ok: true; readonly conversions: readonly Conversion[] }
  | { readonly ok: false; readonly message: string; readonly hint: string | undefined };

const CONVERSION = /^%([-0]*)([1-9]\d?)?([diuxXcs])/;

const HINTS: readonly [RegExp, string][] = [
  [/^%[-0]*\d*(?:ll|l|h|hh|z)[diuxX]/, 'int and long both have 32 bits: drop the letter before it'],
  [/^%[-0]*\d*(?:\.\d*)?[feEgG]/, 'there are no floating-point values: print an integer with %d'],
  [/^%[-0]*\d*o/, 'print the value with %d or %x'],
  [/^%[-0]*\d*p/, 'there are no pointers'],
  [/^%[-0]*\d{3}/, 'a width has at most 2 digits'],
  [/^%[-0]*\d*\./, 'a precision is not supported'],
  [/^%[+ #]/, "only the flags '-' and '0' are supported"],
  [/^%[-0]*0[-0]*\d*[cs]/, "the flag '0' is for numbers"],
];

/** Takes a format apart. Bytes above 0x7F are text. */
export function parseFormat(bytes: Uint8Array): Format {
  const text = Buffer.from(bytes).toString('latin1');
  const conversions: Conversion[] = [];
  let at = text.indexOf('%');
  while (at !== -1) {
    const rest = text.slice(at);
    if (rest.startsWith('%%')) {
      at = text.indexOf('%', at + 2);
      continue;
    }
    const match = CONVERSION.exec(rest);
    const type = match?.[3] as Conversion['type'] | undefined;
    const zeroText = (type === 'c' || type === 's') && match?.[1]?.includes('0') === true;
    if (match === null || type === undefined || zeroText) return refuse(rest);
    conversions.push({ text: match[0], type });
    at = text.indexOf('%', at + match[0].length);
  }
  return { ok: true, conversions };
}

function refuse(rest: string): Format {
  const shown = /^%[-+ #0]*\d*(?:\.\d*)?(?:[hlzL]*)[A-Za-z]?/.exec(rest)?.[0] ?? '%';
  const hint =
    HINTS.find(([pattern]) => pattern.test(rest))?.[1] ??
    'use %d %i %u %x %X %c %s, and %% for a percent sign';
  return { ok: false, message: `printf has no conversion '${shown}'`, hint };
}

/** A text as a format that prints just that text. */
export function escapeFormat(bytes: Uint8Array): Uint8Array {
  return Uint8Array.from([...bytes].flatMap((byte) => (byte === 0x25 ? [byte, byte] : [byte])));
}
