/** What a sketch's file must be before it is looked at: UTF-8 text with LF or CR LF at the ends of its lines. */
import { isUtf8 } from 'node:buffer';
import type { Diagnostics, Span } from './diagnostics.ts';

/** Longest source, in UTF-16 code units. A sketch that fills a board has a tenth of it. */
const MAX_SOURCE = 1_000_000;

const SAVE_AS = 'save the sketch as plain text in UTF-8';

/** Control characters that are no blanks, and carriage returns that end no line. */
// eslint-disable-next-line no-control-regex -- control characters are what this is about
const NO_TEXT = /[\u0000-\u0008\u000e-\u001f\u007f]|\r(?!\n)/;

/** Bytes to text, without a byte order mark. What is not UTF-8 is reported; the result then is only good to be shown. */
export function decodeSource(bytes: Uint8Array, diagnostics: Diagnostics): string {
  const text = new TextDecoder().decode(bytes);
  const [first, second] = bytes;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) {
    diagnostics.error(nothingToShow(1, 1), 'the file is UTF-16', SAVE_AS);
  } else if (!isUtf8(bytes) && checkSource(text, diagnostics)) {
    reportEncoding(bytes, text, diagnostics);
  }
  return text;
}

/** Reports the first thing for which a source is none. True when there is none. */
export function checkSource(source: string, diagnostics: Diagnostics): boolean {
  if (source.length > MAX_SOURCE) {
    const message = `the file has more than ${MAX_SOURCE} characters`;
    diagnostics.error(nothingToShow(1, 1), message, 'make it shorter');
    return false;
  }
  const at = source.search(NO_TEXT);
  if (at === -1) return true;
  const before = source.slice(0, at).split('\n');
  const span = nothingToShow(before.length, (before.at(-1) ?? '').length + 1);
  if (source.charAt(at) === '\r') {
    const message = 'a line ends in CR alone, which is no line end in C';
    diagnostics.error(span, message, 'save the file with LF or CR LF at the ends of its lines');
  } else {
    const code = source.charCodeAt(at).toString(16).toUpperCase().padStart(4, '0');
    const message = `the file is no text: it has the control character U+${code} here`;
    diagnostics.error(span, message, SAVE_AS);
  }
  return false;
}

const nothingToShow = (line: number, column: number): Span => ({ line, column, length: 0 });

/** Finds the first line that is not UTF-8, and in it what was replaced. */
function reportEncoding(bytes: Uint8Array, text: string, diagnostics: Diagnostics): void {
  let from = 0;
  let line = 1;
  for (; ; line += 1) {
    const end = bytes.indexOf(0x0a, from);
    const part = bytes.subarray(from, end === -1 ? bytes.length : end);
    if (!isUtf8(part) || end === -1) break;
    from = end + 1;
  }
  const shown = text.split('\n')[line - 1] ?? '';
  const column = Math.max(1, shown.indexOf('\u{fffd}') + 1);
  diagnostics.error({ line, column, length: 1 }, 'this is not UTF-8 text', SAVE_AS);
}
