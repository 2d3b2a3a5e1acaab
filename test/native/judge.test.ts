import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  HostCompiler,
  judgeSketches,
  readSketch,
  runJudge,
  runOnModel,
  writeSketchFinding,
  type JudgeResult,
  type Sketch,
} from '../../src/judge/index.ts';
import { capture } from '../../src/process/index.ts';
import { cockpitHil } from '../helpers/cli.ts';
import { temporaryFolder } from '../helpers/folder.ts';
import { repositoryPath } from '../helpers/paths.ts';
import { testPrograms } from '../helpers/programs.ts';

/** The sketches of a run follow from it alone. */
const SEED = 20_260_801;
/** About 13 s on two quiet cores of 2020. */
const PROGRAMS = 2_000;
/** Four minutes for what takes one on a busy machine. */
const LIMIT_MS = 240_000;
/** For shrinking by fast-check; what is left then is done by the judge's own steps. */
const SHRINK_TRIES = 50;
/** Worlds in which each sketch of test/programs runs; the first one is quiet, as its expectations want it. */
const WORLDS = [0, 1, 2, 3];

let host: HostCompiler;
beforeAll(async () => {
  host = await HostCompiler.open();
});
afterAll(() => host[Symbol.asyncDispose]());

/** What a sketch printed, of its events. */
function printedText(events: readonly string[]): string {
  const shown = events.filter((event) => event.startsWith('print ')).map((event) => event.slice(6));
  const bytes = shown
    .join('')
    .replaceAll(String.raw`\n`, '\n')
    .replaceAll(/\\x([\da-f]{2})/g, (_, hex: string) =>
      String.fromCharCode(Number.parseInt(hex, 16)),
    );
  return Buffer.from(bytes, 'latin1').toString('utf8');
}

describe('the sketches of test/programs', () => {
  const programs = testPrograms().filter(({ notForGcc }) => notForGcc === undefined);

  it('are many, and nearly all have one meaning in C', () => {
    expect(programs.length).toBeGreaterThanOrEqual(60);
    expect(testPrograms().length - programs.length).toBe(1);
  });

  it(
    'do in C++ what they do here, whatever they read',
    async () => {
      const sketches = programs.flatMap(({ name, source, rounds }) =>
        WORLDS.map((inputs): Sketch => ({ name, source, rounds, inputs })),
      );
      const judged = await judgeSketches(host, sketches);
      for (const [index, { verdict }] of judged.entries()) {
        const { name, inputs } = sketches[index] ?? {};
        expect({ name, inputs, verdict }).toEqual({ name, inputs, verdict: { kind: 'agree' } });
      }
    },
    LIMIT_MS,
  );

  it(
    'print in C++ what their comments say',
    async () => {
      const behaviours = await host.run(programs.map((it) => ({ ...it, inputs: 0 })));
      for (const [index, { name, lines }] of programs.entries()) {
        const { events = [], end } = behaviours[index] ?? {};
        const printed = printedText(events).split('\n');
        expect({ name, end, printed }).toEqual({ name, end: 'ended', printed: [...lines, ''] });
      }
    },
    LIMIT_MS,
  );
});

const run = (programs: number, runModel = runOnModel): Promise<JudgeResult> =>
  runJudge({
    // Minimising ends by itself: what comes of it doesn't depend on the clock.
    ...{ host, seed: SEED, runModel, shrinkTries: SHRINK_TRIES, now: () => 0 },
    budget: { programs, ms: Infinity },
  });

describe('generated sketches', () => {
  it(
    'do in C++ what they do here, by the thousand and with all constructs',
    async () => {
      const result = await run(PROGRAMS);
      const { programs, events, instructions, reached, limits, constructs, finding } = result;
      console.log(`seed ${SEED}: ${programs} sketches, ${events} events compared`);
      for (const line of constructs.lines()) console.log(line);
      const difference = [...(finding?.lines ?? []), finding?.sketch.source ?? ''].join('\n');
      expect(difference).toBe('');
      expect(programs).toBe(PROGRAMS);
      expect(constructs.missing).toEqual([]);
      expect(events).toBeGreaterThan(10 * PROGRAMS);
      // Most of a program runs, and nearly none is too large.
      expect(reached / instructions).toBeGreaterThan(0.6);
      const tooLarge = [...limits.values()].reduce((sum, count) => sum + count, 0);
      expect(tooLarge).toBeLessThan(PROGRAMS / 100);
    },
    LIMIT_MS,
  );
});

/** Compilers that are wrong: as ours, but given another text. */
const WRONG: readonly { name: string; change: (source: string) => string; lines: number }[] = [
  { name: 'takes <= for <', change: (it) => it.replaceAll(' <= ', ' < '), lines: 6 },
  { name: 'forgets break', change: (it) => it.replaceAll('break;', ';'), lines: 12 },
];

describe('a compiler that', () => {
  it.each(WRONG)(
    '$name is found, with a small sketch that shows it',
    async ({ change, lines }) => {
      const wrong = (sketch: Sketch): ReturnType<typeof runOnModel> =>
        runOnModel({ ...sketch, source: change(sketch.source) });
      const { finding } = await run(PROGRAMS, wrong);
      if (finding === undefined) throw new Error('it was not found');
      const { source } = finding.sketch;
      expect(change(source)).not.toBe(source);
      expect(source.trimEnd().split('\n').length).toBeLessThanOrEqual(lines);
      expect(finding.foundWith).toBeGreaterThan(lines);

      // What was written shows it again, and is no finding when the compiler is right.
      const sketch = await readSketch(await writeSketchFinding(await temporaryFolder(), finding));
      const { rounds, inputs } = finding.sketch;
      expect(sketch).toMatchObject({ rounds, inputs });
      const [again] = await judgeSketches(host, [sketch], wrong);
      expect(again?.verdict).toMatchObject({ kind: 'differ', lines: finding.lines });
      const [right] = await judgeSketches(host, [sketch]);
      expect(right?.verdict).toEqual({ kind: 'agree' });
    },
    LIMIT_MS,
  );
});

describe('the runtime', () => {
  it('compiles without a warning', async () => {
    const folder = repositoryPath('src', 'judge', 'runtime');
    const sources = ['runtime.cpp', 'output.cpp'].map((name) => join(folder, name));
    const flags = ['-std=gnu++17', '-Wall', '-Wextra', '-Wconversion', '-Werror', '-fsyntax-only'];
    expect(await capture('g++', [...flags, ...sources], LIMIT_MS)).toMatchObject({ code: 0 });
  });

  it.each([
    ['int zero; void main() { printf("a\\n"); printf("%d", 1 % zero); }', 'undefined behaviour'],
    ['int at = 9; int a[4]; void main() { printf("%d", a[at]); }', 'undefined behaviour'],
    ['int by = 40; void main() { printf("%d", 1 << by); }', 'undefined behaviour'],
    [
      'int a = -2147483648, b = -1; void main() { printf("%d", a / b); }',
      'division by zero, or of the smallest number by -1',
    ],
    ['int f() { printf("x"); return 1 / 0; } int g = f(); void main() { }', 'undefined behaviour'],
    ['void main() { for (;;) delay(1); }', 'too many events'],
    ['void main() { digitalRead(23); }', 'no such pin'],
    ['void main() { x; }', 'refused by g++: a.ino:1:'],
  ])('says of %j what ended it', async (source, end) => {
    const sketch = { name: 'a.ino', source, rounds: 1, inputs: 0 };
    const good = { ...sketch, source: 'void main() { delay(3); }' };
    // The sketches beside it are none the worse.
    const [before, bad, behind] = await host.run([good, sketch, good]);
    expect(bad?.end.slice(0, end.length)).toBe(end);
    for (const each of [before, behind]) {
      expect(each).toEqual({ events: ['delay 3'], end: 'ended' });
    }
  });

  it('keeps what a sketch did before it went wrong', async () => {
    const source = 'int zero; void main() { delay(3); printf("%d", 1 / zero); }';
    const [bad] = await host.run([{ name: 'a.ino', source, rounds: 1, inputs: 0 }]);
    expect(bad?.events).toEqual(['delay 3']);
  });

  it('is as the world of the model, whatever is asked', async () => {
    const source = `void setup() { pinMode(3, OUTPUT); }
      void loop() {
        for (int i = 0; i < 20; i++) {
          printf("%d", digitalRead(i)); printf("%d", analogRead(i)); printf("%d", buttonPressed(i));
          printf("%u", millis()); printf("%u", micros()); printf("%d", buttonReleased(-1));
          delay(i * 1000000); digitalWrite(i, i); analogWrite(i, i);
        }
      }`;
    const sketches = Array.from({ length: 60 }, (_, at): Sketch => {
      return { name: 'a.ino', source, rounds: 3, inputs: Math.imul(at, 0x9e37_79b9) >>> 0 };
    });
    const judged = await judgeSketches(host, sketches);
    expect(judged.map(({ verdict }) => verdict.kind)).toEqual(sketches.map(() => 'agree'));
  });
});

describe('cockpit-hil fuzz compiler', () => {
  it('judges generated sketches', async () => {
    const result = await cockpitHil(['fuzz', 'compiler', '--seed', '7', '--programs', '50']);
    expect(result).toMatchObject({ code: 0, stderr: '', survivors: [] });
    expect(result.stdout).toMatch(/^fuzz compiler: seed 7\n/);
    expect(result.stdout).toMatch(/^50 sketches in [\d.]+ s, \d+ events compared; \d+ % of/m);
    expect(result.stdout).toMatch(/\nPASSED: [^\n]+$/);
  });

  it('judges one sketch', async () => {
    const path = repositoryPath('test', 'programs', 'evaluation_order.ino');
    expect(await readFile(path, 'utf8')).toContain('// gcc: order of evaluation is open in C');
    const differs = await cockpitHil(['fuzz', 'compiler', '--replay', path]);
    expect(differs).toMatchObject({ code: 1, stderr: '', survivors: [] });
    expect(differs.stdout).toMatch(/^FAILED: the two differ\nthe first event differs\n {2}gcc /);
    const sort = repositoryPath('test', 'programs', 'sort.ino');
    expect(await cockpitHil(['fuzz', 'compiler', '--replay', sort])).toMatchObject({ code: 0 });
    const none = await cockpitHil(['fuzz', 'compiler', '--replay', 'none.ino']);
    expect(none).toMatchObject({ code: 2, stdout: '' });
    expect(none.stderr).toContain('cannot read none.ino');
  });

  it('says what to install when there is no g++', async () => {
    const before = process.env.PATH;
    process.env.PATH = '/nowhere';
    try {
      await expect(HostCompiler.open()).rejects.toMatchObject({
        causeClass: 'rig',
        line: expect.stringMatching(
          /g\+\+ is not installed \(fix: run \.\/scripts\/setup/,
        ) as string,
      });
    } finally {
      process.env.PATH = before;
    }
  });
});
