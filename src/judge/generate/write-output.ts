/** printf, Serial and outputs as text. */
import { WORLD_EFFECT } from './effects.ts';
import { chooseText, type Text } from './literals.ts';
import { account, type Site, type StatementSite } from './site.ts';
import type { PrintPiece, Statement, TextChoice } from './syntax.ts';
import { writeExpression, writePin } from './write-expression.ts';
import { LEVELS, masked, operand, unsequenced, written, type Written } from './written.ts';

type Of<Kind extends Statement['kind']> = Extract<Statement, { kind: Kind }>;

/** One call prints 255 bytes and 8 values at most. */
const MAX_BYTES = 255;
const MAX_VALUES = 8;
/** -2147483648 */
const LONGEST_NUMBER = 11;

/** A text as an argument, with the bytes it has at most. */
function writeText(
  site: Site,
  { choice, condition }: TextChoice,
): { part: Written; length: number } {
  const first = chooseText(choice);
  const quoted = ({ text }: Text): string => `"${text}"`;
  const own = { type: 'int', level: LEVELS.primary } as const;
  if (condition === undefined) {
    const part = written({ ...own, text: quoted(first), noted: first.noted });
    return { part, length: first.length };
  }
  const second = chooseText(choice + 3);
  const asked = writeExpression(site, condition);
  const text = `${operand(asked, LEVELS['||'])} ? ${quoted(first)} : ${quoted(second)}`;
  const noted = ['text chosen', ...first.noted, ...second.noted];
  const part = written({ text, type: 'int', level: LEVELS.conditional, noted }, [asked]);
  return { part, length: Math.max(first.length, second.length) };
}

interface WrittenPiece {
  readonly format: string;
  readonly value: Written | undefined;
  /** Bytes it prints at most. */
  readonly length: number;
  readonly noted: readonly string[];
}

function modifierNotes(modifiers: string): string[] {
  const width = /[1-9]\d*/.test(modifiers) ? ['printf width'] : [];
  const left = modifiers.includes('-') ? ['printf left'] : [];
  return [...width, ...left, ...(modifiers.startsWith('0') ? ['printf zero'] : [])];
}

const widthOf = (modifiers: string): number => Number(/[1-9]\d*/.exec(modifiers)?.[0] ?? 0);

function writePiece(site: Site, piece: PrintPiece): WrittenPiece {
  switch (piece.kind) {
    case 'plain': {
      const { text, length, noted } = chooseText(piece.choice);
      const format = text.replaceAll('%', '%%');
      const percent = text === format ? [] : ['printf %%'];
      return { format, value: undefined, length, noted: [...noted, ...percent] };
    }
    case 'conversion': {
      const { type, modifiers } = piece;
      const format = `%${modifiers}${type}`;
      const value = writeExpression(site, piece.value);
      const noted = [`printf %${type}`, ...modifierNotes(modifiers)];
      return { format, value, length: Math.max(LONGEST_NUMBER, widthOf(modifiers)), noted };
    }
    case 'string': {
      const { modifiers } = piece;
      const { part, length } = writeText(site, piece.text);
      const noted = ['printf %s', ...modifierNotes(modifiers)];
      const format = `%${modifiers}s`;
      return { format, value: part, length: Math.max(length, widthOf(modifiers)), noted };
    }
  }
}

/** The pieces that fit into one call, from the first. */
function fitting(all: readonly WrittenPiece[]): WrittenPiece[] {
  let bytes = 0;
  let values = 0;
  const kept: WrittenPiece[] = [];
  for (const piece of all) {
    bytes += piece.length;
    values += piece.value === undefined ? 0 : 1;
    if (bytes > MAX_BYTES || values > MAX_VALUES) break;
    kept.push(piece);
  }
  return kept;
}

const callOf = (text: string, noted: readonly string[], parts: readonly Written[]): Written =>
  written({ text, type: 'int', level: LEVELS.primary, effects: WORLD_EFFECT, noted }, parts);

export function writePrintf(
  site: Site,
  { pieces }: Extract<Statement, { kind: 'printf' }>,
): Written {
  const written = pieces.map((piece) => writePiece(site, piece));
  const fit = fitting(written);
  const values = fit.flatMap(({ value }) => (value === undefined ? [] : [value]));
  // Texts stay what they are, so that they may have no side effects; a number whose order could be seen is replaced.
  const isText = ({ text }: Written): boolean => text.includes('"');
  const texts = values.filter(isText);
  if (texts.some(({ effects }) => effects.writes.size > 0)) return callOf('printf("!")', [], []);
  const ordered = [...texts, ...values.filter((value) => !isText(value))];
  const safe = unsequenced(ordered);
  const parts = values.map((value) => safe[ordered.indexOf(value)] ?? value);
  const format = `"${fit.map((piece) => piece.format).join('')}"`;
  const args = [format, ...parts.map((part) => operand(part, LEVELS.assign))];
  const noted = fit.flatMap((piece) => piece.noted);
  return callOf(`printf(${args.join(', ')})`, noted, parts);
}

export function writeSerial(
  site: Site,
  { line, value, base }: Extract<Statement, { kind: 'serial' }>,
): Written {
  const name = line ? 'println' : 'print';
  const noted = [`serial ${name}`];
  if (value === undefined) {
    return callOf('Serial.println()', ['serial println', 'serial nothing'], []);
  }
  if (!('kind' in value)) {
    const { part } = writeText(site, value);
    const text = `Serial.${name}(${part.text})`;
    return callOf(text, [...noted, 'serial text'], [part]);
  }
  const part = writeExpression(site, value);
  const sort = { uint: 'unsigned', char: 'char', bool: 'bool' } as const;
  noted.push(`serial ${part.type in sort ? sort[part.type as keyof typeof sort] : 'number'}`);
  const inner = operand(part, LEVELS.assign);
  if (base === '') return callOf(`Serial.${name}(${inner})`, noted, [part]);
  return callOf(`Serial.${name}(${inner}, ${base})`, [...noted, `serial ${base}`], [part]);
}

/** Longest delay, in ms: enough of them still fit into the world's clock. */
const DELAY_MASK = 0xfff;

export function writeOutput(site: StatementSite, statement: Of<'output'>): string {
  const { what, form } = statement;
  const value = writeExpression(site, statement.value);
  if (what === 'delay') {
    const taken = account(site, delayCall(masked(value, DELAY_MASK)));
    return taken.text;
  }
  const pin = writePin(site, statement.pin, form);
  const limits = { digitalWrite: undefined, pinMode: 3, analogWrite: 255 };
  const limit = limits[what];
  const [first = pin, second = value] = unsequenced([
    pin,
    limit === undefined ? value : masked(value, limit),
  ]);
  const args = [first, second].map((part) => operand(part, LEVELS.assign)).join(', ');
  const own = { text: `${what}(${args})`, type: 'int', level: LEVELS.primary } as const;
  const call = { ...own, effects: WORLD_EFFECT, noted: [`call ${what}`] };
  return account(site, written(call, [first, second])).text;
}

function delayCall(ms: Written): Written {
  const text = `delay(${operand(ms, LEVELS.assign)})`;
  const own = { text, type: 'int', level: LEVELS.primary, effects: WORLD_EFFECT } as const;
  return written({ ...own, noted: ['call delay'] }, [ms]);
}
