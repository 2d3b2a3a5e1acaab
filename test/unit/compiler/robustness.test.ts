import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compile, formatDiagnostic } from '../../../src/compiler/index.ts';
import { buildImage, parseImage } from '../../../src/image/index.ts';
import { errors, printed, runProgram } from './support.ts';

const FOLDER = new URL('../../programs/', import.meta.url);
const programs = readdirSync(FOLDER)
  .filter((name) => name.endsWith('.ino'))
  .map((name) => readFileSync(new URL(name, FOLDER), 'utf8'));

/** Pieces of the language and of what lies beside it. */
const PIECES = [
  ...'int unsigned byte bool char void const static if else while do for switch case default'.split(
    ' ',
  ),
  ...'break continue return float struct sizeof x y a f main setup loop printf delay HIGH'.split(
    ' ',
  ),
  ...'( ) [ ] { } ; , ? : = == != < > <= >= << >> && || & | ^ ~ ! + - * / % ++ -- += <<= -> :: .'.split(
    ' ',
  ),
  ...[
    '0',
    '1',
    '42',
    '0x',
    '09',
    '1.5',
    '4294967295u',
    '99999999999',
    "'a'",
    "'",
    '"t"',
    '"',
    '"%d"',
  ],
  ...[
    '\n',
    '#define x y\n',
    '#define y x x\n',
    '#include <Arduino.h>\n',
    '#',
    '//',
    '/*',
    '*/',
    '\\',
    '@',
    'é',
  ],
];

/** Whatever the text: a result, and messages that can be shown; a program that compiles can also be run. */
function judge(source: string): void {
  const result = compile(source, 'fuzz.ino');
  const list = result.ok ? result.warnings : result.diagnostics;
  for (const diagnostic of list) {
    expect(diagnostic.line).toBeGreaterThanOrEqual(1);
    expect(diagnostic.column).toBeGreaterThanOrEqual(1);
    expect(formatDiagnostic(diagnostic, source)).toContain(diagnostic.message);
  }
  if (!result.ok) {
    expect(result.diagnostics.some(({ severity }) => severity === 'error')).toBe(true);
    return;
  }
  const { program } = result;
  const parsed = parseImage(buildImage(program));
  expect(parsed).toMatchObject({ ok: true, program: { instructions: program.instructions } });
  for (const { opcode, immediate } of program.instructions) {
    const jumps = opcode === 0x08 || (opcode >= 0x30 && opcode <= 0x32);
    if (jumps) expect(immediate).toBeLessThan(program.instructions.length);
  }
}

describe('any text', () => {
  it('random characters', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 200 }), judge), { numRuns: 300 });
  });

  it('random pieces of the language', () => {
    const soup = fc.array(fc.constantFrom(...PIECES), { maxLength: 80 });
    fc.assert(
      fc.property(soup, (pieces) => {
        judge(pieces.join(' '));
        judge(`void main() { ${pieces.join(' ')} }`);
      }),
      { numRuns: 300 },
    );
  });

  it('programs with a piece cut out and another put in', () => {
    const mutation = fc.record({
      program: fc.constantFrom(...programs),
      at: fc.double({ min: 0, max: 1, noNaN: true }),
      cut: fc.nat(12),
      insert: fc.oneof(fc.constant(''), fc.constantFrom(...PIECES)),
    });
    fc.assert(
      fc.property(mutation, ({ program, at, cut, insert }) => {
        const from = Math.floor(at * program.length);
        judge(`${program.slice(0, from)} ${insert} ${program.slice(from + cut)}`);
      }),
      { numRuns: 300 },
    );
  });
});

describe('text made to break a compiler', () => {
  const many = 100_000;

  it.each([
    ['parentheses', `int x = ${'('.repeat(many)}1;`],
    ['prefix operators', `int x = ${'!'.repeat(many)}1;`],
    ['assignments', `int x; void f() { ${'x='.repeat(many)}1; }`],
    ['conditionals', `int x = ${'1?2:'.repeat(many)}3;`],
    ['blocks', `void f() { ${'{'.repeat(many)} }`],
    ['statements under if', `void f() { ${'if(1)'.repeat(many)}; }`],
    ['terms', `int x = 1${'+1'.repeat(many)};`],
    ['commas', `void f() { 1${',1'.repeat(many)}; }`],
    ['casts', `int x = ${'(int)'.repeat(many)}1;`],
    ['indices', `int a[1]; int x = ${'a['.repeat(many)}1;`],
    ['calls', `int x = ${'f('.repeat(many)}1;`],
    ['braces that close nothing', '}'.repeat(many)],
    ['hashes', '#define x /*'.repeat(many)],
    ['quotes', '"\\'.repeat(many)],
    ['comment openings', '/*'.repeat(many)],
    [
      'macros that double',
      `#define x0 1\n${Array.from({ length: 40 }, (_, n) => `#define x${n + 1} x${n} x${n}`).join('\n')}\nint a = x40;`,
    ],
    [
      'a chain of macros',
      `#define x0 1\n${Array.from({ length: 5000 }, (_, n) => `#define x${n + 1} x${n}`).join('\n')}\nint a = x5000;`,
    ],
    ['a huge file', ' '.repeat(1_000_001)],
  ])('%s', (_, source) => {
    expect(errors(source).length).toBeGreaterThan(0);
  });

  it('macros that name each other end', () => {
    expect(errors('#define a b\n#define b a\nint a = 1;\nvoid main() { }')).toEqual([]);
  });

  it('a long chain of else if is no deep nesting', () => {
    const chain = Array.from({ length: 2000 }, (_, n) => `if (x == ${n}) y = ${n + 1};`);
    expect(printed(`${chain.join(' else ')} printf("%d", y);`, 'int x = 1999; int y;')).toBe(
      '2000',
    );
  });

  it('nesting as deep as C promises works', () => {
    const deep = `${'('.repeat(63)}1${')'.repeat(63)}`;
    expect(printed(`printf("%d", ${deep});`)).toBe('1');
    const blocks = `${'{'.repeat(127)}x = 5;${'}'.repeat(127)}`;
    expect(printed(`${blocks} printf("%d", x);`, 'int x;')).toBe('5');
  });

  it('a program that is too long for the machine', () => {
    const body = 'x++; '.repeat(1000);
    const functions = Array.from({ length: 17 }, (_, n) => `void f${n}() { ${body} }`).join('\n');
    const expected = '2:6: the program has 68020 instructions, more than 65535';
    expect(errors(`int x;\n${functions}\nvoid main() { }`)).toEqual([expected]);
  });
});

describe('a fault of the machine', () => {
  it('is left to the machine', () => {
    const source = 'int zero; void main() { int x = 1 / zero; printf("%d", x); }';
    const result = compile(source, 'x.ino');
    expect(result.ok && runProgram(result.program)).toMatchObject({ end: 'fault', error: 6 });
  });
});
