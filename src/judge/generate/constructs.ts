/** The constructs of the language that generated sketches should have, and how many sketches had each. */
import {
  COMPARISONS,
  GUARDED,
  LOGICAL,
  ARITHMETIC,
  UNARY,
  CLOCKS,
  READS,
  WRITES,
} from './syntax.ts';
import { NAMED_TYPES } from './types.ts';

const COMPUTED = [...ARITHMETIC, ...GUARDED];
const named = (group: string, names: readonly string[]): string[] =>
  names.map((name) => `${group} ${name}`);

/** All constructs, in groups: the word before the blank. */
const CONSTRUCTS: readonly string[] = [
  ...NAMED_TYPES.map(({ name }) => `type ${name}`),
  ...named('literal', [
    'decimal',
    'hexadecimal',
    'octal',
    'binary',
    'character',
    'negative',
    'large',
  ]),
  ...named('suffix', ['u', 'l', 'ul']),
  ...named('operator', [...COMPUTED, ...COMPARISONS, ...LOGICAL, '?:', 'comma']),
  ...named('operator', ['=', ...COMPUTED.map((operator) => `${operator}=`)]),
  ...named('unary', UNARY),
  ...named('step', ['++x', 'x++', '--x', 'x--', 'element']),
  ...named('unsigned', ['computed', 'compared', 'shifted', 'constants']),
  ...named('cast', ['(type)x', 'type(x)', '(void)x']),
  ...named('variable', ['global', 'local', 'static', 'const', 'parameter', 'shadowing', 'later']),
  ...named('variable', ['several', 'computed-global', 'called-global']),
  ...named('array', ['global', 'local', 'static', 'const', 'length-by-list', 'length-by-name']),
  ...named('array', ['partial-list', 'no-list', 'element-assigned', 'index-computed', '64']),
  ...named('function', [
    'void',
    'result',
    'parameters',
    'prototype',
    'above',
    'recursion',
    'mutual',
  ]),
  ...named('statement', [
    'if',
    'else',
    'else-if',
    'for',
    'while',
    'do',
    'switch',
    'block',
    'empty',
  ]),
  ...named('statement', [
    'break',
    'continue',
    'return',
    'for-ever',
    'for-two',
    'no-braces',
    'bump',
  ]),
  ...named('switch', ['break', 'fall-through', 'continue', 'return', 'default', 'default-first']),
  ...named('switch', ['several-labels', 'character-label', 'constant-label']),
  ...named('define', ['number', 'expression', 'nested', 'replaces']),
  ...named('printf', ['%d', '%i', '%u', '%x', '%X', '%c', '%s', '%%', 'width', 'left', 'zero']),
  ...named('text', ['chosen', 'joined', 'escape', 'utf-8']),
  ...named('serial', ['begin', 'print', 'println', 'text', 'char', 'number', 'unsigned', 'bool']),
  ...named('serial', ['DEC', 'HEX', 'nothing']),
  ...named('call', [...READS, ...CLOCKS, ...WRITES]),
  ...named('program', ['main', 'loop', 'rounds']),
];

const KNOWN = new Set(CONSTRUCTS);

/** How many sketches had each construct. */
export class ConstructCounts {
  readonly #counts = new Map<string, number>();

  count(names: Iterable<string>): void {
    for (const name of names) {
      // A name that is not in the list would hide one that is and never occurs.
      if (!KNOWN.has(name)) throw new Error(`'${name}' is not in the list of constructs`);
      this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1);
    }
  }

  /** Constructs that no sketch had. */
  get missing(): readonly string[] {
    return CONSTRUCTS.filter((name) => !this.#counts.has(name));
  }

  /** One line for each group: its constructs with how many sketches had each. */
  lines(): string[] {
    const groups = Map.groupBy(CONSTRUCTS, (name) => name.slice(0, name.indexOf(' ')));
    return [...groups].map(([group, names]) => {
      const shown = names.map(
        (name) =>
          `${name.slice(group.length + 1).replaceAll(' ', '-')} ${this.#counts.get(name) ?? 0}`,
      );
      return `${group.padEnd(10)} ${shown.join(', ')}`;
    });
  }
}
