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
