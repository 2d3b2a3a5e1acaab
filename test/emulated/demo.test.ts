import { mkdir, readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ProgramResult, RunRecord } from '../../src/results/index.ts';
import { cockpitHil, type CliResult } from '../helpers/cli.ts';
import { temporaryFolder } from '../helpers/folder.ts';
import { parseRecord } from '../helpers/record.ts';
import { DEMO, DEMO_LINES } from '../helpers/demo.ts';

async function runDemo(
  ...options: string[]
): Promise<CliResult & { record: RunRecord; program: ProgramResult }> {
  const folder = await temporaryFolder();
  const args = ['run', DEMO, '--bench', 'emulated', ...options, '--json', 'record.json'];
  const result = await cockpitHil(args, { cwd: folder });
  const text = await readFile(join(folder, 'record.json'), 'utf8').catch(() => {
    throw new Error(`no record was written:\n${result.stdout}\n${result.stderr}`);
  });
  return { ...result, ...parseRecord(text) };
}

describe('the startup demo on the emulated Nucleo', () => {
  it('setup() and three rounds of loop() agree with the model, in virtual time', async () => {
    const { code, stdout, record, survivors, program } = await runDemo('--loops', '3');
    expect(stdout).toContain('PASSED');
    expect(code).toBe(0);
    expect(record.verdict).toEqual({
      outcome: 'passed',
      summary: 'board and reference model agree on every step',
    });
    expect(program.output.split('\n').slice(0, -1)).toEqual(DEMO_LINES);
    expect(program.rounds).toBe(3);
    expect(program.stopReason).toBe('loops');
    expect(program.finalState?.differences).toEqual([]);
    // One digitalRead of the user button in each round.
    expect(program.inputs.map(([, port, value]) => [port, value])).toEqual([
      [22, 0],
      [22, 0],
      [22, 0],
    ]);
    expect(record.flash?.action).toBe('flashed');
    expect(record.board?.defect).toBe('none');
    expect(stdout).toContain('not silicon');
    expect(survivors).toEqual([]);
  });

  it('shows the LED from outside the board beside what the delays add up to, in real time', async () => {
    const { code, stdout, record } = await runDemo('--loops', '3', '--clock', 'real');
    expect(code).toBe(0);
    // Five blinks of 100 ms, then the LED stays on into loop(), which holds each level for a second.
    const blink = Array.from({ length: 10 }, (_, index) => ({
      pin: 13,
      level: index % 2 === 0 ? 1 : 0,
      nominalMs: 100,
    }));
    const loop = [1, 0, 1, 0, 1].map((level) => ({ pin: 13, level, nominalMs: 1000 }));
    expect(
      record.pinTiming.map(({ pin, level, nominalMs }) => ({ pin, level, nominalMs })),
    ).toEqual([...blink, ...loop]);
    expect(stdout).toMatch(
      /pin 13 \(D13\) high +\d+\.\d\d ms, program says +100 ms, deviation [+-]\d+/,
    );
  });
});

describe('Ctrl-C on the emulated bench', () => {
  it.each(['compile ', 'bench   starting', 'bench   an emulated', 'flash   write', 'hello ', '| '])(
    'leaves no process and no file behind when it comes after "%s"',
    async (after) => {
      const folder = await temporaryFolder();
      const scratch = join(folder, 'tmp');
      await mkdir(scratch);
      const args = ['run', DEMO, '--bench', 'emulated', '--clock', 'real'];
      const result = await cockpitHil(args, {
        cwd: folder,
        env: { TMPDIR: scratch },
        signalAt: { after, signal: 'SIGINT' },
      });
      expect(result.code).toBe(130);
      // What the signal tore down is no verdict.
      expect(result.stdout).not.toMatch(/PASSED|FAILED|ERRORED/);
      expect(result.survivors).toEqual([]);
      const left = await readdir(scratch, { recursive: true });
      expect(left.filter((name) => !name.startsWith('cockpit-hil-locks'))).toEqual([]);
      expect(left.filter((name) => name.endsWith('.lock'))).toEqual([]);
    },
  );
});
