import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ProgramResult, RunRecord } from '../../src/results/index.ts';
import { cockpitHil, type CliResult } from '../helpers/cli.ts';
import { temporaryFolder } from '../helpers/folder.ts';
import { parseRecord } from '../helpers/record.ts';
import { buildDefect } from '../helpers/firmware.ts';

const SKETCH = `int total;

void setup() {
  total = 40;
  int less = 7;
  total = total - less;
  printf("%d\\n", total + 1);
  delay(5);
}

void loop() {
}
`;

async function runWith(
  defect: string,
  ...more: string[]
): Promise<CliResult & { record: RunRecord; program: ProgramResult }> {
  const folder = await temporaryFolder();
  await writeFile(join(folder, 'sketch.ino'), SKETCH);
  const firmware = await buildDefect('native', defect);
  const args = ['run', 'sketch.ino', '--bench', 'native', '--loops', '2', '--firmware', firmware];
  const result = await cockpitHil([...args, '--json', 'record.json', ...more], { cwd: folder });
  const text = await readFile(join(folder, 'record.json'), 'utf8').catch(() => {
    throw new Error(`no record was written:\n${result.stdout}\n${result.stderr}`);
  });
  return { ...result, ...parseRecord(text) };
}

describe('a firmware with one handler wrong is found out', () => {
  it('SUB with its operands swapped: the step, the line, the instruction and both values', async () => {
    const { code, stdout, record, survivors, program } = await runWith('SUB_SWAPPED');
    expect(code).toBe(1);
    expect(record.verdict).toMatchObject({ outcome: 'failed', causeClass: 'toolchain' });
    expect(record.board?.defect).toBe('SUB_SWAPPED');
    expect(program.divergence).toMatchObject({
      instruction: 'SUB',
      fields: ['value'],
      source: { line: 6, text: '  total = total - less;' },
    });
    // 40 - 7 and 7 - 40, by hand.
    expect(program.divergence?.expected).toMatch(/^top of stack 33,/);
    expect(program.divergence?.actual).toMatch(/^top of stack -33,/);
    expect(program.divergence?.lastSteps.at(-1)?.step).toBe(program.divergence?.step);
    expect(stdout).toContain('sketch.ino:6:');
    expect(stdout).toContain(`first wrong step: ${program.divergence?.step}`);
    expect(survivors).toEqual([]);
  });

  it.each(['digest', 'trace'])(
    'ADD that also flips a global behind the VM: its state names the step, in a %s run',
    async (mode) => {
      const { code, stdout, program, record } = await runWith('STRAY_WRITE', '--mode', mode);
      expect(code).toBe(1);
      expect(record.verdict.causeClass).toBe('toolchain');
      expect(program.finalState?.differences).toHaveLength(1);
      expect(program.finalState?.differences[0]).toMatchObject({ region: 'globals', index: 63 });
      // The only ADD of the program is that of `total + 1`.
      expect(program.divergence).toMatchObject({
        instruction: 'ADD',
        fields: ['state'],
        source: { line: 7 },
        expected: 'globals[63] = 0 after it',
      });
      const wrong = program.divergence?.state?.globals.filter(({ differs }) => differs);
      expect(wrong).toEqual([{ name: 'global 63', model: 0, board: 1, differs: true }]);
      expect(stdout).toMatch(/^ {4}! global 63 +0 +1$/m);
    },
  );

  it('DELAY that never returns: a firmware verdict instead of a hanging harness', async () => {
    const { code, record, stdout, survivors } = await runWith('HANG_IN_DELAY', '--reruns', '0');
    expect(code).toBe(1);
    expect(record.verdict).toMatchObject({ outcome: 'failed', causeClass: 'firmware' });
    expect(stdout).toContain('the board stopped answering');
    expect(survivors).toEqual([]);
  });

  it('PRINTF that crashes: the end of the agent is named, not blamed on the line', async () => {
    const { code, record, survivors } = await runWith('CRASH_IN_PRINTF');
    expect(code).toBe(1);
    expect(record.verdict).toMatchObject({ outcome: 'failed', causeClass: 'firmware' });
    expect(record.verdict.summary).toMatch(/the native agent crashed: it ended with SIG[A-Z]+/);
    expect(survivors).toEqual([]);
  });
});
