/**
 * GDB/MI output records (GDB manual, "GDB/MI Output Syntax"), one line at a time.
 */

/** A value: a C string, a tuple, or a list. A list of `name=value` results keeps only the values, as MI 3 prints them. */
export type MiValue = string | MiTuple | readonly MiValue[];

/** A tuple by name. Where GDB repeats a name, the last one counts. */
export interface MiTuple {
  readonly [name: string]: MiValue;
}

/** Answer to a command (`^`). */
export interface MiResult {
  readonly kind: 'result';
  readonly token: number | undefined;
  /** `done`, `running`, `connected`, `error` or `exit`. */
  readonly class: string;
  readonly values: MiTuple;
}

/** Something happened (`*` exec, `+` status, `=` notify). */
export interface MiAsync {
  readonly kind: 'exec' | 'status' | 'notify';
  readonly token: number | undefined;
  /** `stopped`, `running`, `thread-created`, … */
  readonly class: string;
  readonly values: MiTuple;
}

/** Text for people (`~` console, `@` target, `&` log). */
export interface MiStream {
  readonly kind: 'console' | 'target' | 'log';
  readonly text: string;
}

export interface MiPrompt {
  readonly kind: 'prompt';
}

export type MiRecord = MiResult | MiAsync | MiStream | MiPrompt;

/** A line that is no MI record: the program under test may write to the same stream. */
export class MiSyntaxError extends Error {}

/** Escapes of a C string other than the octal ones. */
const ESCAPES: Readonly<Record<string, number>> = {
  a: 7,
  b: 8,
  t: 9,
  n: 10,
  v: 11,
  f: 12,
  r: 13,
  e: 27,
};

/** A reading position in one line. */
class Cursor {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  get done(): boolean {
    return this.#at >= this.#text.length;
  }

  /** The next character, '' at the end. */
  get next(): string {
    return this.#text.charAt(this.#at);
  }

  /** Takes `character` if it is next. */
  skip(character: string): boolean {
    if (this.next !== character) return false;
    this.#at++;
    return true;
  }

  expect(character: string): void {
    if (!this.skip(character)) throw this.error(`'${character}'`);
  }

  /** Takes what a sticky pattern matches here, perhaps nothing. */
  take(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    const text = pattern.exec(this.#text)?.[0] ?? '';
    this.#at += text.length;
    return text;
  }

  error(expected: string): MiSyntaxError {
    return new MiSyntaxError(`expected ${expected} at column ${this.#at} of ${this.#text}`);
  }
}

/** C string with escapes; octal ones are bytes of UTF-8 text. */
function parseString(cursor: Cursor): string {
  cursor.expect('"');
  const pieces: Buffer[] = [];
  while (!cursor.skip('"')) {
    if (cursor.done) throw cursor.error("'\"'");
    const plain = cursor.take(/[^"\\]+/y);
    if (plain !== '') pieces.push(Buffer.from(plain));
    else pieces.push(Buffer.from([parseEscape(cursor)]));
  }
  return Buffer.concat(pieces).toString('utf8');
}

function parseEscape(cursor: Cursor): number {
  cursor.expect('\\');
  const octal = cursor.take(/[0-7]{1,3}/y);
  if (octal !== '') return parseInt(octal, 8) & 0xff;
  const character = cursor.take(/[\x20-\x7e]/y);
  if (character === '') throw cursor.error('an escape');
  return ESCAPES[character] ?? character.charCodeAt(0);
}

function parseResult(cursor: Cursor): [string, MiValue] {
  const name = cursor.take(/[^=,{}[\]"]+/y);
  if (name === '') throw cursor.error('a name');
  cursor.expect('=');
  return [name, parseValue(cursor)];
}

function parseTuple(cursor: Cursor): MiTuple {
  cursor.expect('{');
  const results: [string, MiValue][] = [];
  while (!cursor.skip('}')) {
    if (results.length > 0) cursor.expect(',');
    results.push(parseResult(cursor));
  }
  return Object.fromEntries(results);
}

function parseList(cursor: Cursor): MiValue[] {
  cursor.expect('[');
  const values: MiValue[] = [];
  while (!cursor.skip(']')) {
    if (values.length > 0) cursor.expect(',');
    values.push('"{['.includes(cursor.next) ? parseValue(cursor) : parseResult(cursor)[1]);
  }
  return values;
}

function parseValue(cursor: Cursor): MiValue {
  if (cursor.next === '{') return parseTuple(cursor);
  if (cursor.next === '[') return parseList(cursor);
  return parseString(cursor);
}

/** `class (,name=value)*` up to the end of the line. */
function parseClassAndValues(cursor: Cursor): { class: string; values: MiTuple } {
  const name = cursor.take(/[a-z-]+/y);
  if (name === '') throw cursor.error('a record class');
  const results: [string, MiValue][] = [];
  while (cursor.skip(',')) results.push(parseResult(cursor));
  if (!cursor.done) throw cursor.error('the end of the line');
  return { class: name, values: Object.fromEntries(results) };
}

const STREAMS: Readonly<Record<string, MiStream['kind']>> = {
  '~': 'console',
  '@': 'target',
  '&': 'log',
};
const ASYNCS: Readonly<Record<string, MiAsync['kind']>> = {
  '*': 'exec',
  '+': 'status',
  '=': 'notify',
};

/**
 * Reads one line of GDB's output.
 * @param line without its line end
 * @throws MiSyntaxError when it is no MI record
 */
export function parseMiLine(line: string): MiRecord {
  if (line.trimEnd() === '(gdb)') return { kind: 'prompt' };
  const cursor = new Cursor(line);
  const digits = cursor.take(/\d+/y);
  const token = digits === '' ? undefined : Number(digits);
  const sign = cursor.take(/[\^*+=~@&]/y);
  if (sign === '^') return { kind: 'result', token, ...parseClassAndValues(cursor) };
  const async = ASYNCS[sign];
  if (async !== undefined) return { kind: async, token, ...parseClassAndValues(cursor) };
  const stream = STREAMS[sign];
  if (stream === undefined) throw cursor.error('a record');
  const text = parseString(cursor);
  if (!cursor.done) throw cursor.error('the end of the line');
  return { kind: stream, text };
}

/** A C string for an MI command. */
export function miQuote(text: string): string {
  const escaped = text.replaceAll(/["\\]/g, (character) => `\\${character}`);
  return `"${escaped.replaceAll('\n', '\\n')}"`;
}
