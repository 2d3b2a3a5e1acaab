import { expect, it } from 'vitest';
import { EMULATED_LACKS } from '../../src/bench/index.ts';
import { buildDefect } from '../helpers/firmware.ts';
import { outcomesOf, runSuite } from '../helpers/nightly-cli.ts';

it('two emulated boards at once: one hangs and is brought back, and no other case is the worse for it', async () => {
  const hanging = await buildDefect('nucleo-harness', 'HANG_IN_DELAY');
  const { code, record, survivors } = await runSuite(
    `
defaults: { loops: sketch, limit: 60s, retries: 0, reruns: 0 }
cases:
  - id: hangs
    program: hil-config/programs/startup_coordination_demo.ino
    loops: 1
    firmware: { emulated: ${hanging} }
  - id: right
    programs: [test/programs/euclid.ino, test/programs/pins.ino, test/programs/crc32.ino, test/programs/sort.ino]
    modes: [digest, trace]
    expect: { output: [{ sketch: true }] }
  - { id: analog, program: test/programs/thermostat.ino, needs: [adc] }
`,
    ['--bench', 'emulated', '--bench', 'emulated'],
  );
  const outcomes = outcomesOf(record);
  expect(outcomes).toMatchObject({ hangs: 'failed', analog: 'skipped' });
  const right = Object.entries(outcomes).filter(([id]) => id.startsWith('right/'));
  expect(right).toHaveLength(8);
  expect(right.filter(([, outcome]) => outcome !== 'passed')).toEqual([]);
  expect(record.cases.find(({ id }) => id === 'hangs')).toMatchObject({ causeClass: 'firmware' });
  expect(record.recoveries).toMatchObject([{ case: 'hangs', recovered: true }]);
  const { benches } = record;
  expect(benches.map(({ name, state }) => [name, state])).toEqual([
    ['emulated', 'ready'],
    ['emulated-2', 'ready'],
  ]);
  expect(benches.every(({ attempts }) => attempts > 0)).toBe(true);
  // Two boards, told apart by what their probes say.
  const serials = benches.map(({ identity }) => identity?.probe?.serial);
  expect(new Set(serials).size).toBe(2);
  expect(code).toBe(1);
  expect(survivors).toEqual([]);
});

it('a case that needs what the emulated chip has not is skipped with the reason, and counts as nothing else', async () => {
  const needs = [...EMULATED_LACKS, 'silicon'];
  const program = 'program: test/programs/euclid.ino';
  const { code, record } = await runSuite(
    `
defaults: { loops: 1, limit: 60s }
cases:
  - { id: plain, ${program}, needs: [pins, probe] }
${needs.map((need) => `  - { id: ${need}, ${program}, needs: [${need}] }\n`).join('')}`,
    ['--bench', 'emulated'],
  );
  const summaries = Object.fromEntries(
    record.cases.map(({ id, outcome, summary }) => [id, `${outcome}: ${summary}`]),
  );
  expect(summaries).toEqual({
    plain: expect.stringMatching(/^passed: /) as string,
    adc: 'skipped: emulated lacks adc (analog inputs)',
    'analog-out':
      'skipped: emulated lacks analog-out (PWM and DAC outputs that a pin really shows)',
    dwt: 'skipped: emulated lacks dwt (a cycle counter)',
    'steady-clock':
      'skipped: emulated lacks steady-clock (a real clock that runs at its pace however busy the host is)',
    watchdog: 'skipped: emulated lacks watchdog (a watchdog that resets the board)',
    silicon: 'skipped: emulated lacks silicon (a real chip)',
  });
  expect(record.verdict.summary).toContain('1 passed, 6 skipped of 7 cases');
  expect(code).toBe(0);
});
