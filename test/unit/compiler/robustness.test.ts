import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { compile, compileFile, type CompiledFile } from '../../../src/compiler/index.ts';
import { Diagnostics, formatDiagnostic } from '../../../src/compiler/diagnostics.ts';
import { parse } from '../../../src/compiler/parser.ts';
import { preprocess } from '../../../src/compiler/preprocess.ts';
import { buildImage, parseImage } from '../../../src/image/index.ts';
import {
  flipped,
  mutated,
  mutatedGently,
  mutatedPart,
  noise,
  seeded,
  soup,
  type Random,
} from './mutations.ts';
import { errors, printed, runProgram } from './support.ts';

const ROOT = new URL('../../../', import.meta.url);
const corpus = ['test/programs/', 'hil-config/programs/', 'hil-config/programs/bench/'].flatMap(
  (folder) =>
    readdirSync(new URL(folder, ROOT))
      .filter((name) => name.endsWith('.ino'))
      .map((name) => readFileSync(new URL(folder + name, ROOT), 'utf8')),
);

/** Rounds of loop() and instructions for which a program that compiles is run. */
const ROUNDS = 2;
const STEPS = 500;

/** Whatever the text: a result, and messages at places of the text; a program that compiles can also be run. */
function judge({ source, result }: CompiledFile): void {
  const lines = source.split(/\r?\n/);
  for (const diagnostic of result.ok ? result.warnings : result.diagnostics) {
    const { line, column, length, message } = diagnostic;
    const width = lines[line - 1]?.length ?? -1;
    // A place behind the end of a line is where something is missing.
    const inside =
      column >= 1 && column <= width + 1 && length >= 0 && column + length <= width + 2;
    if (!inside) throw new Error(`${message} at ${line}:${column}, length ${length}`);
    formatDiagnostic(diagnostic, source);
  }
  if (!result.ok) {
    expect(result.diagnostics.some(({ severity }) => severity === 'error')).toBe(true);
    return;
  }
  const { program } = result;
  const parsed = parseImage(buildImage(program));
  if (!parsed.ok) throw new Error(`the image is refused: ${parsed.reason}`);
  expect(parsed.program.instructions.length).toBe(program.instructions.length);
  expect(['halted', 'steps', 'loops', 'fault']).toContain(
    runProgram(program, ROUNDS, [], STEPS).end,
  );
}

/** Judges many inputs; a failure names what it happened with. */
function judgeMany(
  count: number,
  seed: number,
  make: (random: Random) => string | Uint8Array,
): void {
  for (let index = 0; index < count; index += 1) {
    const input = make(seeded(seed + index));
    try {
      const bytes = typeof input === 'string' ? undefined : compileFile(input, 'fuzz.ino');
      judge(bytes ?? { source: String(input), result: compile(String(input), 'fuzz.ino') });
    } catch (error) {
      const text = typeof input === 'string' ? input : Buffer.from(input).toString('latin1');
      throw new Error(`seed ${seed + index}: ${JSON.stringify(text)}`, { cause: error });
    }
  }
}

/** What the parser may do for each token of the text, all repetitions counted. */
const STEPS_PER_TOKEN = 10;

function parserSteps(source: string): { steps: number; tokens: number } {
  const diagnostics = new Diagnostics('fuzz.ino');
  const file = preprocess(source, diagnostics);
  return { steps: parse(file, diagnostics).steps, tokens: file.tokens.length };
}

// 21,000 inputs a run. To look for more: change the seeds.
describe('any text', () => {
  it('sketches, changed in a few places', () => {
    judgeMany(2000, 1, (random) => mutated(random, corpus));
  }, 60_000);

  it('sketches with tokens that have become others of their kind', () => {
    judgeMany(2000, 600_001, (random) => mutatedGently(random, corpus));
  }, 60_000);

  it('parts of sketches, changed', () => {
    judgeMany(8000, 100_001, (random) => mutatedPart(random, corpus));
  }, 60_000);

  it('pieces of the language in no order', () => {
    judgeMany(7500, 200_001, soup);
  }, 60_000);

  it('sketches with changed bytes', () => {
    judgeMany(1000, 300_001, (random) => flipped(random, corpus));
  }, 60_000);

  it('bytes that are no text', () => {
    judgeMany(500, 400_001, noise);
  }, 60_000);

  it('takes the parser work in proportion to its length', () => {
    for (let index = 0; index < 1000; index += 1) {
      const random = seeded(500_001 + index);
      const source = index % 2 === 0 ? mutated(random, corpus) : soup(random);
      const { steps, tokens } = parserSteps(source);
      if (steps > STEPS_PER_TOKEN * (tokens + 10)) {
        throw new Error(`${steps} steps for ${tokens} tokens: ${JSON.stringify(source)}`);
      }
    }
  }, 60_000);
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
