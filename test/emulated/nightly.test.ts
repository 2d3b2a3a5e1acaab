import { expect, it } from 'vitest';
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
