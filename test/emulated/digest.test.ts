import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { RingExaminer } from '../../src/lockstep/index.ts';
import { openTestBench } from '../helpers/bench.ts';
import { cockpitHil } from '../helpers/cli.ts';
import { compiled, describeDefectsOn } from '../helpers/digest-suite.ts';
import { buildDefect } from '../helpers/firmware.ts';
import { temporaryFolder } from '../helpers/folder.ts';
import { parseRecord } from '../helpers/record.ts';

describeDefectsOn('emulated', 'nucleo-harness');

const SKETCH = `int total;

void setup() {
  total = 40;
}

void loop() {
  total = total + 1;
  if (total == 50) {
    printf("%d\\n", total);
    delay(5);
  }
}
`;

describe('a board that dies in a digest run', () => {
  it.each([
    ['HANG_IN_DELAY', 'DELAY', 11, '    delay(5);'],
    ['CRASH_IN_PRINTF', 'PRINTF', 10, '    printf("%d\\n", total);'],
  ])('%s: the probe reads the step that never ended', async (defect, opcode, line, text) => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'sketch.ino'), SKETCH);
    const firmware = await buildDefect('nucleo-harness', defect);
    const args = ['run', 'sketch.ino', '--bench', 'emulated', '--steps', '2000'];
    const options = ['--firmware', firmware, '--json', 'record.json'];
    const result = await cockpitHil([...args, ...options], { cwd: folder });
    const { record, program } = parseRecord(await readFile(join(folder, 'record.json'), 'utf8'));
    expect(result.code).toBe(1);
    expect(record.mode).toBe('digest');
    expect(record.verdict).toMatchObject({ outcome: 'failed', causeClass: 'firmware' });
    expect(record.verdict.summary).toContain(`never ended step ${program.lastSteps?.step}`);
    expect(program.lastSteps).toMatchObject({ how: 'unended', source: { line, text } });
    expect(program.lastSteps?.instruction).toMatch(new RegExp(`^${opcode}`));
    // The round in which total becomes 50 is the tenth.
    expect(program.lastSteps?.step).toBeGreaterThan(100);
    expect(result.stdout).toContain(`step ${program.lastSteps?.step} never ended: ${opcode}`);
    // Native C ends that step; the board is started anew for each rerun, and dies again.
    expect(program.triage?.legs.native.text).toMatch(/^does what the model does/);
    expect(program.triage?.reruns).toEqual({ same: 2, otherwise: 0, agreed: 0 });
    // What was printed before it died is known by the ring.
    expect(program).toMatchObject(
      defect === 'HANG_IN_DELAY' ? { output: '50\n', outputFrom: 'model' } : { output: '' },
    );
    expect(result.stdout).toContain(`sketch.ino:${line}:`);
    expect(result.survivors).toEqual([]);
  });

  it('of two programs, the one that it dies of is told from the one beside it', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'sketch.ino'), SKETCH);
    await writeFile(join(folder, 'counts.ino'), 'int n;\nvoid setup() {}\nvoid loop() { n++; }\n');
    const firmware = await buildDefect('nucleo-harness', 'HANG_IN_DELAY');
    const programs = ['--vm', 'sos=counts.ino', '--vm', 'audio=sketch.ino'];
    const args = ['run', ...programs, '--bench', 'emulated', '--steps', '2000', '--reruns', '1'];
    const result = await cockpitHil([...args, '--firmware', firmware, '--json', 'record.json'], {
      cwd: folder,
    });
    expect(result.code).toBe(1);
    expect(result.survivors).toEqual([]);
    const { record } = parseRecord(await readFile(join(folder, 'record.json'), 'utf8'));
    // Whatever kept it from looking into the death is said there.
    expect(result.stdout + result.stderr).not.toContain('came to no end');
    const [beside, own] = record.programs;
    const verdict = { outcome: 'failed', causeClass: 'firmware' };
    expect([own?.verdict, beside?.verdict]).toMatchObject([verdict, verdict]);
    expect(own?.lastSteps).toMatchObject({ how: 'unended', source: { line: 11 } });
    expect(own?.triage?.reasons[0]).toContain('goes through drivers');
    expect(beside?.lastSteps?.how).toBe('unended');
    expect(beside?.triage?.reasons[0]).toContain('the board died of another program');
    expect(record.verdict.causeClass).toBe('firmware');
  });

  it('its ring outlives a reset, and the agent reads it', async () => {
    await using bench = await openTestBench('emulated');
    const program = compiled('int n; void setup() {} void loop() { n = n + 1; }');
    let examine: RingExaminer | undefined;
    let agreed = 0;
    const run = bench.lockstep(program, 0, {
      steps: 4_000_000_000,
      comparison: { mode: 'digest', epoch: bench.hello.epoch },
      onExaminer: (given) => {
        examine = given;
      },
      onProgress: ({ steps }) => {
        const before = agreed;
        agreed = steps;
        if (before < 20_000 && steps >= 20_000) void bench.agent.reboot();
      },
    });
    await expect(run).rejects.toThrow(/the board restarted/);
    await bench.agent.hello();
    const ring = await bench.agent.ring(0);
    if (ring === undefined || examine === undefined) throw new Error('there is no ring');
    const last = await examine(ring);
    // The board was at most two epochs further than the last one that agreed.
    expect(last?.kind).toBe('unended');
    if (last?.kind !== 'unended') return;
    expect(last.step).toBeGreaterThanOrEqual(agreed);
    expect(last.step).toBeLessThanOrEqual(agreed + 2 * bench.hello.epoch);
  });
});
