import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { cockpitHil } from '../helpers/cli.ts';
import { buildDefect } from '../helpers/firmware.ts';
import { temporaryFolder } from '../helpers/folder.ts';
import { parseRecord } from '../helpers/record.ts';

/** A build of the firmware takes 15 s on two busy cores, the run and what follows 5 s; the rest is for a loaded machine. */
const LIMIT_MS = 120_000;

/** The wrong firmware changes global 63 whenever it adds; the program looks at it a line later. */
const SKETCH = `${Array.from({ length: 64 }, (_, id) => `int g${id};`).join('\n')}

void setup() {
}

void loop() {
  g0 = g0 + g1;
  g2 = g63;
}
`;
const ADDS_IN_LINE = 70;

it.each(['digest', 'trace'])(
  'an effect that went by a wrong state is put down to the step that left it, in a %s run',
  async (mode) => {
    const firmware = await buildDefect('native', 'STRAY_WRITE', ['cvm-replay']);
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'sketch.ino'), SKETCH);
    const args = ['run', 'sketch.ino', '--bench', 'native', '--firmware', firmware, '--mode', mode];
    const options = ['--loops', '2', '--reruns', '1', '--json', 'record.json'];
    const { code, stdout } = await cockpitHil([...args, ...options], { cwd: folder });
    expect(code).toBe(1);
    const { divergence } = parseRecord(await readFile(join(folder, 'record.json'), 'utf8')).program;
    expect(divergence).toMatchObject({
      instruction: expect.stringMatching(/^LOAD_GLOBAL 63/) as string,
      source: { line: ADDS_IN_LINE + 1 },
      since: {
        located: 'stepped',
        instruction: 'ADD',
        source: { line: ADDS_IN_LINE },
        expected: 'globals[63] (g63) = 0 after it',
        actual: 'globals[63] (g63) = 1 after it, though its effect is right',
      },
    });
    expect(divergence?.since?.step).toBeLessThan(divergence?.step ?? 0);
    expect(stdout).toMatch(/^ {2}state wrong {2}since step \d+, sketch\.ino:70: ADD$/m);
  },
  LIMIT_MS,
);

/** 2,001 adds in over 5,000 steps: global 63 is flipped back by every second one. */
const LONG_SKETCH = `int g;

void setup() {
  for (int i = 0; i < 2001; i++) {
    g = g ^ i;
  }
}

void loop() {
}
`;

it(
  'the first step that left a wrong state is named after a long traced run too, though later ones undo it',
  async () => {
    const firmware = await buildDefect('native', 'STRAY_WRITE', ['cvm-replay']);
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'sketch.ino'), LONG_SKETCH);
    const args = ['run', 'sketch.ino', '--bench', 'native', '--firmware', firmware];
    const options = ['--mode', 'trace', '--loops', '1', '--reruns', '1', '--json', 'record.json'];
    const { code } = await cockpitHil([...args, ...options], { cwd: folder });
    expect(code).toBe(1);
    const { stepsCompared, divergence } = parseRecord(
      await readFile(join(folder, 'record.json'), 'utf8'),
    ).program;
    expect(stepsCompared).toBeGreaterThan(5000);
    expect(divergence?.instruction).toBe('ADD');
    expect(divergence?.located).toBe('stepped');
    // The first round of the loop: a later add has a later step.
    expect(divergence?.step).toBeLessThan(10);
  },
  LIMIT_MS,
);

/** Over 5,000 steps without an add, then three: global 63 is flipped, flipped back and flipped again. */
const LATE_SKETCH = `int g;

void setup() {
  for (int i = 900; i > 0; i--) {
    g = g ^ i;
  }
  g = g + 1;
  g = g + 1;
  g = g + 1;
}

void loop() {
}
`;

it(
  'a step that was found by bisection is not said to be the first',
  async () => {
    const firmware = await buildDefect('native', 'STRAY_WRITE', ['cvm-replay']);
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'sketch.ino'), LATE_SKETCH);
    const args = ['run', 'sketch.ino', '--bench', 'native', '--firmware', firmware];
    const options = ['--loops', '1', '--reruns', '1', '--json', 'record.json'];
    const { code, stdout } = await cockpitHil([...args, ...options], { cwd: folder });
    expect(code).toBe(1);
    const { divergence } = parseRecord(await readFile(join(folder, 'record.json'), 'utf8')).program;
    expect(divergence).toMatchObject({ located: 'bisected', instruction: 'ADD' });
    expect(divergence?.step).toBeGreaterThan(5000);
    expect(stdout).toMatch(
      /^a wrong step \(found by bisection; an earlier change may have been undone\): \d+$/m,
    );
    expect(stdout).toContain(`(at step ${divergence?.step}, found by bisection, sketch.ino:`);
    expect(stdout).not.toContain('first wrong step');
  },
  LIMIT_MS,
);
