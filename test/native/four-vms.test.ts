import { expect, it } from 'vitest';
import { openTestBench } from '../helpers/bench.ts';
import { runFourVms } from '../helpers/four-vms.ts';

it.each(['trace', 'digest'] as const)(
  'four VMs run four programs at once, in mode %s',
  async (mode) => {
    await using bench = await openTestBench('native');
    const results = await runFourVms(bench, mode);
    expect(results.map((result) => result.sound)).toEqual([true, true, true, true]);
  },
);
