import { readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { readFinding } from '../../src/fuzz/index.ts';
import { disassemble } from '../../src/isa/index.ts';
import type { ProgramResult, RunRecord } from '../../src/results/index.ts';
import { nativeLegOfStep, type RecordedRun } from '../../src/suite/native-leg.ts';
import { recordedRun } from '../../src/suite/replay.ts';
import { cockpitHil, type CliResult } from '../helpers/cli.ts';
import { buildDefect } from '../helpers/firmware.ts';
import { temporaryFolder } from '../helpers/folder.ts';
import { repositoryPath } from '../helpers/paths.ts';
import { parseRecord } from '../helpers/record.ts';

/** Dies at the end of setup(), some thousand steps after its first text. */
const sketch = (last: string): string => `int sum;

void setup() {
  pinMode(4, INPUT_PULLUP);
  for (int i = 0; i < 500; i++) {
    sum += digitalRead(4);
  }
  ${last}
}

void loop() {
}
`;
const GOOD_REPLAY = repositoryPath('build', 'firmware', 'native', 'cvm-replay');
/** Two builds, and runs in which each silence takes 2 s and each end of an agent that hangs 1.5 s. */
const LIMIT_MS = 240_000;

type Run = CliResult & { readonly record: RunRecord; readonly program: ProgramResult };

const BOUND = {
  budgetMs: 20_000,
  now: () => performance.now(),
  signal: new AbortController().signal,
};
let folder: string;
const builds = new Map<string, string>();

beforeAll(async () => {
  folder = await temporaryFolder();
  for (const defect of ['HANG_IN_DELAY', 'CRASH_IN_PRINTF']) {
    builds.set(defect, dirname(await buildDefect('native', defect, ['cvm-replay'])));
  }
}, LIMIT_MS);

async function runOn(defect: string, last: string, ...more: string[]): Promise<Run> {
  const name = `${defect}.ino`;
  await writeFile(join(folder, name), sketch(last));
  const firmware = join(builds.get(defect) ?? '', 'cockpit-agent');
  const run = ['run', name, '--bench', 'native', '--loops', '1', '--firmware', firmware];
  const json = `${defect}.json`;
  const result = await cockpitHil([...run, '--json', json, ...more], { cwd: folder });
  const text = await readFile(join(folder, json), 'utf8').catch(() => {
    throw new Error(`no record was written:\n${result.stdout}\n${result.stderr}`);
  });
  return { ...result, ...parseRecord(text) };
}

/** Each of the 500 rounds compares, reads, adds, stores and counts: more than ten steps. */
const AT_LEAST = 5000;

describe('a board without a probe that dies', { timeout: LIMIT_MS }, () => {
  it.each([
    ['CRASH_IN_PRINTF', 'printf("%d\\n", sum);', 'PRINTF', 'ended its process', ['--reruns', '2']],
    ['HANG_IN_DELAY', 'delay(5);', 'DELAY', 'fell silent', ['--reruns', '1']],
  ])(
    '%s: reruns name the step, and the witnesses are asked',
    async (defect, last, opcode, did, more) => {
      const { code, stdout, record, program, survivors } = await runOn(defect, last, ...more);
      expect(code).toBe(1);
      expect(survivors).toEqual([]);
      // The step goes through the board's drivers.
      expect(record.verdict).toMatchObject({ outcome: 'failed', causeClass: 'firmware' });
      const { lastSteps, triage, inputs } = program;
      expect(lastSteps).toMatchObject({
        by: 'reruns',
        how: 'unended',
        source: { line: 8, text: `  ${last}` },
      });
      expect(lastSteps?.instruction).toMatch(new RegExp(`^${opcode}`));
      expect(lastSteps?.step).toBeGreaterThan(AT_LEAST);
      expect(inputs).toHaveLength(500);
      expect(triage?.legs.native.text).toBe(
        `does what the model does, up to and with step ${lastSteps?.step}`,
      );
      const count = Number(more[1]);
      expect(triage?.legs.board.text).toBe(`${count} of ${count} reruns ${did} too`);
      expect(triage?.reruns).toEqual({ same: count, otherwise: 0, agreed: 0 });
      expect(stdout).toContain(`step ${lastSteps?.step} never ended: ${opcode}`);

      // Both engines of this machine end the step with what was read.
      const path = `.cockpit-hil/runs/${record.id}.json`;
      for (const on of ['native', 'model']) {
        const again = await cockpitHil(['replay', path, '--on', on], { cwd: folder });
        expect(again.stdout).toContain('PASSED');
        // The model, up to the step; native C beside it with the step.
        const made = (lastSteps?.step ?? 0) + (on === 'native' ? 1 : 0);
        expect(again.stdout).toContain(`${made} steps`);
      }
    },
  );

  it('is not started again when no rerun is wanted', async () => {
    const { record, program, stdout } = await runOn(
      'CRASH_IN_PRINTF',
      'printf("x");',
      '--reruns',
      '0',
    );
    expect(record.verdict.causeClass).toBe('firmware');
    expect(record.verdict.summary).toMatch(/the native agent crashed: it ended with SIG[A-Z]+/);
    expect(program.lastSteps).toBeUndefined();
    expect(program.triage?.legs.board).toEqual({
      ran: false,
      text: 'not asked: no reruns were wanted',
    });
    expect(stdout).not.toContain('looking for the step');
  });

  it('is shrunk to the instruction that it dies of', async () => {
    const { record } = await runOn('CRASH_IN_PRINTF', 'printf("%d\\n", sum);', '--reruns', '1');
    const path = `.cockpit-hil/runs/${record.id}.json`;
    const result = await cockpitHil(['shrink', path, '--output', 'found'], { cwd: folder });
    expect(result.code).toBe(1);
    expect(result.survivors).toEqual([]);
    expect(result.stdout).toContain('native C on this machine broke off in 0 of 1 run here');
    expect(result.stdout).toContain('broke off in 2 of 2 runs: looking for a smaller program');
    expect(result.stdout).toContain('the board ended its process');
    expect(result.stdout).toContain('the smallest program broke off in 5 of 5 runs');
    const [, file = ''] = /written to (\S+[.]json) and \S+[.]cvbc/.exec(result.stdout) ?? [];
    const { program } = await readFinding(join(folder, file));
    expect(program.instructions.map((it) => disassemble(it)).join()).toBe('PRINTF 0, 0');
  });

  it('with wrong sources is told from one with right ones', async () => {
    const { record, program } = await runOn(
      'CRASH_IN_PRINTF',
      'printf("%d\\n", sum);',
      '--reruns',
      '1',
    );
    const steps = (program.lastSteps?.step ?? 0) + 1;
    const run: RecordedRun = { ...recordedRun(record, program), steps };
    expect(await nativeLegOfStep(GOOD_REPLAY, run, BOUND)).toEqual({ ran: true, does: 'model' });
    const faulty = join(builds.get('CRASH_IN_PRINTF') ?? '', 'cvm-replay');
    expect(await nativeLegOfStep(faulty, run, BOUND)).toMatchObject({ ran: true, does: 'board' });
    // It dies there, and not a step before.
    const before = await nativeLegOfStep(faulty, { ...run, steps: steps - 1 }, BOUND);
    expect(before).toEqual({ ran: true, does: 'model' });
    const beyond = await nativeLegOfStep(faulty, { ...run, steps: steps + 1 }, BOUND);
    expect(beyond).toMatchObject({ ran: true, does: 'else' });
  });
});
