import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ProgramResult, RunRecord } from '../../src/results/index.ts';
import { cockpitHil, type CliResult } from '../helpers/cli.ts';
import { temporaryFolder } from '../helpers/folder.ts';
import { parseRecord } from '../helpers/record.ts';
import { DEMO } from '../helpers/demo.ts';
import { buildDefect } from '../helpers/firmware.ts';

const COUNTING = `void setup() {
  int i = 0;
  while (i < 3) {
    i++;
  }
  printf("%d\\n", i);
}

void loop() {
}
`;

async function runWith(
  defect: string,
  sketch: string,
): Promise<CliResult & { record: RunRecord; program: ProgramResult }> {
  const folder = await temporaryFolder();
  await writeFile(join(folder, 'sketch.ino'), sketch);
  const firmware = await buildDefect('nucleo-harness', defect);
  const args = ['run', 'sketch.ino', '--bench', 'emulated', '--loops', '1', '--firmware', firmware];
  const result = await cockpitHil([...args, '--json', 'record.json'], { cwd: folder });
  const text = await readFile(join(folder, 'record.json'), 'utf8').catch(() => {
    throw new Error(`no record was written:\n${result.stdout}\n${result.stderr}`);
  });
  return { ...result, ...parseRecord(text) };
}

describe('a wrong firmware on the emulated Nucleo', () => {
  it('a comparison that is off by one: the first wrong step, at the loop condition', async () => {
    const { code, stdout, record, survivors, program } = await runWith('LT_SIGNED_LE', COUNTING);
    expect(code).toBe(1);
    expect(record.verdict).toMatchObject({ outcome: 'failed', causeClass: 'toolchain' });
    expect(program.divergence).toMatchObject({ fields: ['value'] });
    // Right while i is smaller; wrong when both are 3.
    expect(program.divergence?.instruction).toBe('LT_SIGNED');
    expect(program.divergence?.source).toMatchObject({ line: 3, text: '  while (i < 3) {' });
    expect(program.divergence?.expected).toMatch(/^top of stack 0,/);
    expect(program.divergence?.actual).toMatch(/^top of stack 1,/);
    expect(stdout).toContain('sketch.ino:3:');
    // The board's state is read from the emulated Nucleo's memory after a second run.
    const wrong = program.divergence?.state?.stack.filter(({ differs }) => differs);
    expect(wrong).toMatchObject([{ model: 0, board: 1 }]);
    expect(program.triage?.reruns).toEqual({ same: 5, otherwise: 0, agreed: 0 });
    expect(survivors).toEqual([]);
  });

  it("the predecessor's hang: a verdict, and the probe names the C function it hangs in", async () => {
    const { code, record, stdout, survivors } = await runWith(
      'HANG_IN_DELAY',
      await readFile(DEMO, 'utf8'),
    );
    expect(code).toBe(1);
    expect(record.verdict).toMatchObject({ outcome: 'failed', causeClass: 'firmware' });
    expect(record.verdict.summary).toContain('the board stopped answering');
    expect(record.forensics?.backtrace.join('\n')).toMatch(/delay/i);
    expect(record.forensics?.registers.pc).toMatch(/^0x80[0-9a-f]+$/);
    expect(stdout).toContain('the debug probe found the core at:');
    expect(survivors).toEqual([]);
  });
});
