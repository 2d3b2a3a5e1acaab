/** Errors and warnings of one compilation, and their text for a person. */

/** A place in the source. Lines and columns count from 1, columns and lengths in UTF-16 code units. Length 0: nothing to point at. */
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

/** Errors, and warnings, reported for one file before the compiler gives up on finding more. */
const MAX_ERRORS = 100;

const place = ({ line, column }: Span): string => `${line}:${column}`;

/** Collects the diagnostics of one file. */
export class Diagnostics {
  readonly file: string;
  readonly #list: Diagnostic[] = [];
  readonly #seen = new Set<string>();
  readonly #hints = new Map<string, string>();
  readonly #damagedLines = new Set<number>();
  readonly #count = { error: 0, warning: 0 };

  constructor(file: string) {
    this.file = file;
  }

  error(span: Span, message: string, hint?: string): void {
    this.#damagedLines.add(span.line);
    this.#add('error', span, message, hint);
  }

  warning(span: Span, message: string, hint?: string): void {
    this.#add('warning', span, message, hint);
  }

  get hasErrors(): boolean {
    return this.#count.error > 0;
  }

  /** True when further errors would not be kept. */
  get full(): boolean {
    return this.#count.error > MAX_ERRORS;
  }

  /** The lines in which an error was found. */
  get damagedLines(): ReadonlySet<number> {
    return this.#damagedLines;
  }

  /** Sets the hint of everything that is found at this place and has none. */
  noteHint(span: Span, hint: string): void {
    this.#hints.set(place(span), hint);
  }

  /**
   * All diagnostics in the order of the source; at the same place in the order in which they were found. Without the warnings on a
   * line with an error, of which they may be a consequence.
   */
  sorted(): readonly Diagnostic[] {
    return this.#list
      .filter(({ severity, line }) => severity === 'error' || !this.#damagedLines.has(line))
      .toSorted((a, b) => a.line - b.line || a.column - b.column);
  }

  #add(
    severity: Diagnostic['severity'],
    span: Span,
    message: string,
    hint = this.#hints.get(place(span)),
  ): void {
    const key = `${place(span)}:${message}`;
    if (this.#count[severity] > MAX_ERRORS || this.#seen.has(key)) return;
    this.#seen.add(key);
    this.#count[severity] += 1;
    const last = this.#count[severity] > MAX_ERRORS;
    const { line, column, length } = span;
    this.#list.push({
      ...{ severity, file: this.file, line, column, length },
      message: last ? `more than ${MAX_ERRORS} ${severity}s` : message,
      hint: last ? 'mend the first ones' : hint,
    });
  }
}

/** Columns of source text shown around the caret of a very long line. */
const EXCERPT = 120;

/**
 * A diagnostic as text: `file:line:column: error: message`, the source line, a caret under the place with `~` to its end,
 * and `hint: ...` when there is one. Where the length is 0, line and caret are left out. Lines are separated by `\n`; no `\n`
 * at the end.
 * @param source the text that was compiled
 */
export function formatDiagnostic(diagnostic: Diagnostic, source: string): string {
  const { file, line, column, length, severity, message, hint } = diagnostic;
  const lines = [`${file}:${line}:${column}: ${severity}: ${message}`];
  if (length > 0) lines.push(...excerpt(diagnostic, source));
  if (hint !== undefined) lines.push(`hint: ${hint}`);
  return lines.join('\n');
}

/** The source line, and under it a caret with `~`. */
function excerpt({ line, column, length }: Span, source: string): readonly [string, string] {
  const text = source.split(/\r?\n/)[line - 1] ?? '';
  const from = column > EXCERPT ? column - EXCERPT : 0;
  const shown = text.slice(from, from + 2 * EXCERPT);
  const lead = text.slice(from, column - 1).replaceAll(/[^\t]/g, ' ');
  const width = Math.max(1, Math.min(length, shown.length - lead.length));
  return [shown, `${lead.padEnd(column - 1 - from)}^${'~'.repeat(width - 1)}`];
}
