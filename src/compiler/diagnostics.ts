/** Errors and warnings of one compilation, and their text for a person. */

/** A place in the source. Lines and columns count from 1, columns and lengths in UTF-16 code units. */
export interface Span {
  readonly line: number;
  readonly column: number;
  readonly length: number;
}

/** One message about the source. */
export interface Diagnostic extends Span {
  readonly severity: 'error' | 'warning';
  /** The file name as it was handed to the compiler. */
  readonly file: string;
  /** What is wrong, naming the construct or value. */
  readonly message: string;
  /** What to do about it, as an imperative; undefined when nothing is known to help. */
  readonly hint: string | undefined;
}

/** Errors reported for one file before the compiler gives up on finding more. */
const MAX_ERRORS = 100;

/** Collects the diagnostics of one file. */
export class Diagnostics {
  readonly file: string;
  readonly #list: Diagnostic[] = [];
  readonly #seen = new Set<string>();
  #errors = 0;

  constructor(file: string) {
    this.file = file;
  }

  error(span: Span, message: string, hint?: string): void {
    if (this.#errors === MAX_ERRORS) return;
    if (!this.#add('error', span, message, hint)) return;
    this.#errors += 1;
    if (this.#errors === MAX_ERRORS) {
      this.#add('error', span, `more than ${MAX_ERRORS} errors`, 'mend the first ones');
    }
  }

  warning(span: Span, message: string, hint?: string): void {
    this.#add('warning', span, message, hint);
  }

  get hasErrors(): boolean {
    return this.#errors > 0;
  }

  /** All diagnostics in the order of the source; at the same place in the order in which they were found. */
  sorted(): readonly Diagnostic[] {
    return this.#list.toSorted((a, b) => a.line - b.line || a.column - b.column);
  }

  #add(
    severity: Diagnostic['severity'],
    { line, column, length }: Span,
    message: string,
    hint: string | undefined,
  ): boolean {
    const key = `${line}:${column}:${message}`;
    if (this.#seen.has(key)) return false;
    this.#seen.add(key);
    this.#list.push({ severity, file: this.file, line, column, length, message, hint });
    return true;
  }
}

/** Columns of source text shown around the caret of a very long line. */
const EXCERPT = 120;

/**
 * A diagnostic as text: `file:line:column: error: message`, the source line, a caret under the place with `~` to its end,
 * and `hint: ...` when there is one. Lines are separated by `\n`; no `\n` at the end.
 * @param source the text that was compiled
 */
export function formatDiagnostic(diagnostic: Diagnostic, source: string): string {
  const { file, line, column, length, severity, message, hint } = diagnostic;
  const text = source.split(/\r\n|\r|\n/)[line - 1] ?? '';
  const from = column > EXCERPT ? column - EXCERPT : 0;
  const shown = text.slice(from, from + 2 * EXCERPT);
  const lead = text.slice(from, column - 1).replaceAll(/[^\t]/g, ' ');
  const width = Math.max(1, Math.min(length, shown.length - lead.length));
  const caret = `${lead.padEnd(column - 1 - from)}^${'~'.repeat(width - 1)}`;
  const lines = [`${file}:${line}:${column}: ${severity}: ${message}`, shown, caret];
  if (hint !== undefined) lines.push(`hint: ${hint}`);
  return lines.join('\n');
}
