import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readFinding } from '../../src/fuzz/index.ts';
import { disassemble } from '../../src/isa/index.ts';
import { cockpitHil } from '../helpers/cli.ts';
import { buildDefect } from '../helpers/firmware.ts';
import { temporaryFolder } from '../helpers/folder.ts';
import { repositoryPath } from '../helpers/paths.ts';

// What is subtracted is read from a pin.
const SKETCH = `int total = 40;

int subtract(int what) {
  int result = total;
  result = result - what;
  return result;
}

void setup() {
  pinMode(4, INPUT_PULLUP);
  total = subtract(digitalRead(4) + 6);
}

void loop() {
}
`;
const GOOD = repositoryPath('build', 'firmware', 'nucleo-harness', 'cockpit-agent.elf');
const FOREIGN = 'this firmware is not the one of the recorded run';

describe('shrink on the emulated Nucleo', () => {
  it('leaves the one instruction that its firmware has wrong, and nothing once that is mended', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'sketch.ino'), SKETCH);
    const firmware = await buildDefect('nucleo-harness', 'SUB_SWAPPED');
    const run = ['run', 'sketch.ino', '--bench', 'emulated', '--loops', '1', '--reruns', '0'];
    const args = [...run, '--firmware', firmware, '--json', 'record.json'];
    expect((await cockpitHil(args, { cwd: folder })).code).toBe(1);

    const result = await cockpitHil(['shrink', 'record.json', '--output', 'found'], {
      cwd: folder,
    });
    expect(result.code).toBe(1);
    expect(result.survivors).toEqual([]);
    expect(result.stdout).toContain('native C on this machine diverged in 0 of 1 run here');
    expect(result.stdout).toContain('the bench emulated diverged in 2 of 2 runs');
    expect(result.stdout).toContain('the smallest program diverged in 5 of 5 runs');
    expect(result.stdout).not.toContain(FOREIGN);
    const [, file = ''] = /written to (\S+[.]json) and \S+[.]cvbc/.exec(result.stdout) ?? [];
    const { program } = await readFinding(join(folder, file));
    // A difference of two values that are not equal.
    const texts = program.instructions.map((it) => disassemble(it)).join();
    expect(texts).toMatch(/^(PUSH 0,PUSH 1|PUSH 1,PUSH 0),SUB$/);

    const [, command = ''] = /^run it again: cockpit-hil (.*)$/m.exec(result.stdout) ?? [];
    const again = await cockpitHil(command.split(' '), { cwd: folder });
    expect(again.code).toBe(1);
    expect(again.stdout).toContain('first wrong step: 2');

    const mended = await cockpitHil(['shrink', 'record.json', '--firmware', GOOD], { cwd: folder });
    expect(mended.stdout).toContain(FOREIGN);
    expect(mended.stdout).toContain('NOT SHRUNK: the recorded program diverged in 0 of 5 runs');
    expect(mended.code).toBe(0);
  });
});
