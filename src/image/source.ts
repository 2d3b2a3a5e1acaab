import type { DebugInfo } from './debug.ts';

/** A place in a program's source. Line and column count from 1. */
export interface SourceLocation {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** The whole source line, without its line end. */
  readonly text: string;
}

/**
 * Where an instruction comes from.
 * @returns undefined when the line table doesn't reach down to that instruction
 */
export function sourceLocation(
  debug: DebugInfo | undefined,
  pc: number,
): SourceLocation | undefined {
  const entry = debug?.lines.findLast((line) => line.pc <= pc);
  const file = entry === undefined ? undefined : debug?.files[entry.file];
  if (entry === undefined || file === undefined) return undefined;
  const text = file.text.split(/\r?\n/)[entry.line - 1] ?? '';
  return { file: file.name, line: entry.line, column: entry.column, text };
}

/**
 * The lines around the one that an instruction comes from, that line among them.
 * @param reach how many before it, and as many after
 */
export function sourceAround(
  debug: DebugInfo | undefined,
  pc: number,
  reach: number,
): { line: number; text: string }[] {
  const entry = debug?.lines.findLast((line) => line.pc <= pc);
  const file = entry === undefined ? undefined : debug?.files[entry.file];
  if (entry === undefined || file === undefined) return [];
  return file.text
    .split(/\r?\n/)
    .map((text, index) => ({ line: index + 1, text }))
    .filter(({ line }) => Math.abs(line - entry.line) <= reach);
}

/** The function that an instruction belongs to, or undefined for start-up code and without debug information. */
export function functionAt(
  debug: DebugInfo | undefined,
  pc: number,
): DebugInfo['functions'][number] | undefined {
  return debug?.functions.find(({ start, end }) => pc >= start && pc < end);
}
