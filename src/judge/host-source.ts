/** Sketches as C++ for the host's compiler. */
import { pieces, type Piece } from './tokens.ts';
import type { Sketch } from './sketch.ts';

/** Words that with `long` make up one type, in any order. */
const WITH_LONG = new Set(['long', 'int', 'signed', 'unsigned', 'const', 'static', 'volatile']);

/** A number as the host must read it: `long` has 64 bits there, so that it may not come out of a suffix or of a size. */
function hostNumber(text: string): string {
  // The compiler takes this one behind a minus sign only.
  if (/^2147483648l?$/i.test(text)) return '(-2147483647 - 1)';
  return text.replace(/([uU]?)[lL]([uU]?)$/, '$1$2');
}

/** Type words that stand together, with `int` for `long`. */
function withoutLong(run: readonly Piece[]): Piece[] {
  const isLong = ({ text }: Piece): boolean => text === 'long';
  if (!run.some(isLong)) return [...run];
  const first = run.findIndex(isLong);
  return run.map((piece, at): Piece => {
    if (at === first) return { ...piece, text: 'int' };
    const goes = isLong(piece) || piece.text === 'int';
    return goes ? { kind: 'blank', text: '' } : piece;
  });
}

/** Types and numbers in their 32-bit form. */
function withHostTypes(all: readonly Piece[]): Piece[] {
  const result: Piece[] = [];
  for (let at = 0; at < all.length;) {
    let end = at;
    while (all[end]?.kind === 'word' && WITH_LONG.has(all[end]?.text ?? '')) {
      end += 1;
      while (all[end]?.kind === 'blank' && WITH_LONG.has(all[end + 1]?.text ?? '')) end += 1;
    }
    if (end > at) {
      result.push(...withoutLong(all.slice(at, end)));
      at = end;
      continue;
    }
    const piece = all[at];
    if (piece !== undefined) result.push(hostPiece(piece));
    at += 1;
  }
  return result;
}

function hostPiece(piece: Piece): Piece {
  if (piece.kind === 'number') return { ...piece, text: hostNumber(piece.text) };
  if (piece.kind !== 'directive') return piece;
  if (/^#\s*include\b/.test(piece.text)) return { kind: 'blank', text: '' };
  const body = withHostTypes(pieces(piece.text.slice(1)));
  return { ...piece, text: `#${joined(body)}` };
}

const joined = (all: readonly Piece[]): string => all.map(({ text }) => text).join('');

/** A function's definition: pieces from the first one of its head up to its opening and its closing brace. */
interface Definition {
  readonly head: number;
  readonly open: number;
  readonly close: number;
}

/** Functions are what has parentheses right before a brace outside of all braces. */
function definitions(all: readonly Piece[]): Definition[] {
  const found: Definition[] = [];
  let depth = 0;
  let head: number | undefined;
  let open = 0;
  let last = '';
  let isFunction = false;
  for (const [at, { kind, text }] of all.entries()) {
    if (kind === 'blank') continue;
    if (kind === 'directive') {
      if (depth === 0) head = undefined;
      continue;
    }
    if (depth === 0) head ??= at;
    if (text === '{') {
      if (depth === 0) {
        isFunction = last === ')';
        open = at;
      }
      depth += 1;
    } else if (text === '}') {
      depth -= 1;
      if (depth === 0 && isFunction) {
        found.push({ head: head ?? at, open, close: at });
        head = undefined;
      }
    } else if (text === ';' && depth === 0) head = undefined;
    last = text;
  }
  return found;
}

/** Names of `#define`s: they would reach into the sketches behind this one. */
function macros(all: readonly Piece[]): string[] {
  return all.flatMap(({ kind, text }) => {
    const name = kind === 'directive' ? /^#\s*define\s+(\w+)/.exec(text)?.[1] : undefined;
    return name === undefined ? [] : [name];
  });
}

/** What C++ sees of one sketch. */
interface HostPart {
  readonly text: string;
  /** It has loop(), not main(). */
  readonly loops: boolean;
}

/** A sketch in a namespace of its own, with prototypes as Arduino makes them, and with `main` ending in a return. */
function hostPart(sketch: Sketch, index: number): HostPart {
  const all = withHostTypes(pieces(sketch.source));
  const functions = definitions(all).map((it) => ({
    ...it,
    text: all
      .slice(it.head, it.open)
      .map(({ kind, text }) => (kind === 'blank' ? ' ' : text))
      .join('')
      .trim(),
  }));
  const main = functions.find(({ text }) => /\bmain\b/.test(text));
  // A parameter may be given its default value once only.
  const declared = functions.filter(({ text }) => !text.includes('='));
  const prototypes = declared.map(({ text }) => `${text}; `).join('');
  const body = all.map(({ text }, at) => {
    if (at === functions[0]?.head) return prototypes + text;
    // Elsewhere than in the global namespace, C++ does not add it by itself.
    return at === main?.close && main.text.startsWith('int') ? `return 0; ${text}` : text;
  });
  const entry =
    main === undefined
      ? 'void judge_begin() { setup(); } void judge_round() { loop(); }'
      : 'void judge_begin() { main(); }';
  const text = [
    `namespace sketch_${index} {`,
    'using namespace arduino;',
    `const int judge_opened = judge::open_world(${sketch.inputs}u);`,
    `#line 1 ${JSON.stringify(sketch.name)}`,
    body.join(''),
    '#line 1 "judge"',
    'const int judge_closed = judge::close_world();',
    entry,
    '}',
    ...macros(all).map((name) => `#undef ${name}`),
  ].join('\n');
  return { text, loops: main === undefined };
}

/** One C++ file of several sketches, for src/judge/runtime. */
export function hostSource(sketches: readonly Sketch[]): string {
  const parts = sketches.map(hostPart);
  const rows = parts.map(({ loops }, index) => {
    const round = loops ? `sketch_${index}::judge_round` : 'nullptr';
    return `{sketch_${index}::judge_begin, ${round}, ${sketches[index]?.rounds ?? 0}u},`;
  });
  return [
    '#include "Arduino.h"',
    ...parts.map(({ text }) => text),
    'namespace judge {',
    `const Program programs[] = {${rows.join(' ')}};`,
    `const unsigned int program_count = ${sketches.length};`,
    '}',
    '',
  ].join('\n');
}
