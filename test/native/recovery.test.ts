import { expect, it } from 'vitest';
import { HARMLESS, openAccidentBench } from '../helpers/accident-bench.ts';
import { buildDefect } from '../helpers/firmware.ts';

const HANGS = `void setup() {
  delay(1);
}
void loop() {
}
`;

it('a native agent that hangs: what needs a probe is skipped, and it is started again', async () => {
  await using bench = await openAccidentBench(
    await buildDefect('native', 'HANG_IN_DELAY'),
    'native',
  );
  expect((await bench.run(HANGS)).verdict).toMatchObject({
    outcome: 'failed',
    causeClass: 'firmware',
  });
  const { recovered, rungs } = await bench.recover();
  expect(recovered).toBe(true);
  expect(rungs.map(({ rung, ok, detail }) => [rung, ok, detail.startsWith('skipped: ')])).toEqual([
    ['reconnect', false, false],
    ['agent-reset', false, false],
    ['sysresetreq', false, true],
    ['nrst', false, true],
    ['connect-under-reset', false, true],
    ['reflash', false, true],
    ['power-cycle', true, false],
  ]);
  expect((await bench.run(HARMLESS)).verdict).toMatchObject({ outcome: 'passed' });
});
