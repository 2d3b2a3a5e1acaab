import { expect, it } from 'vitest';
import { openTestBench } from '../helpers/bench.ts';
import { runFourVms } from '../helpers/four-vms.ts';

it('four VMs run four programs at once, each beside its own model', async () => {
  await using bench = await openTestBench('native');
  const results = await runFourVms(bench);
  expect(results.map((result) => result.sound)).toEqual([true, true, true, true]);
});
