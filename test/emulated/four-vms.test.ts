import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startGdb } from '../../src/probe/index.ts';
import { openTestBench, type TestBench } from '../helpers/bench.ts';
import { expectExecutionTrace } from '../helpers/execution-trace.ts';
import { runFourVms } from '../helpers/four-vms.ts';

const AUDIO = 1;

describe('four VMs on the emulated Nucleo', () => {
  let bench: TestBench;
  beforeAll(async () => {
    bench = await openTestBench('emulated');
  });
  afterAll(() => bench[Symbol.asyncDispose]());

  it.each(['trace', 'digest'] as const)('run four programs at once, in mode %s', async (mode) => {
    const results = await runFourVms(bench, mode);
    expect(results.map((result) => result.sound)).toEqual([true, true, true, true]);
  });

  it('keep the last instructions of a traced run, for the agent and for GDB', async () => {
    await expectExecutionTrace(bench);
    const { openocd } = bench.rig.probe ?? {};
    if (openocd === undefined) throw new Error('the emulated bench has no probe');
    await using gdb = await startGdb({ elfPath: bench.rig.elfPath, port: openocd.gdbPort });
    const { number: next = 0 } = await gdb.variable("'trace_ring.c'::traces[0].next");
    const newest = `'trace_ring.c'::rings[0][${(next + 15) % 16}]`;
    expect((await gdb.variable(`${newest}.pc`)).number).toBe(21);
    expect((await gdb.variable(`${newest}.error`)).number).toBe(6);
  });

  it('do not touch one another: memory of one corrupted by the probe shows there alone', async () => {
    const { openocd } = bench.rig.probe ?? {};
    if (openocd === undefined) throw new Error('the emulated bench has no probe');
    const corrupt = async (): Promise<void> => {
      const settings = { elfPath: bench.rig.elfPath, port: openocd.gdbPort };
      await using gdb = await startGdb(settings);
      // Global 40 is none of the program's own, so that only the comparison of the whole state can see it.
      const cell = `'vm_pool.c'::contexts[${AUDIO}].globals[40]`;
      await gdb.evaluate(`${cell} = 1234`);
      expect((await gdb.variable(cell)).number).toBe(1234);
    };
    const results = await runFourVms(bench, 'trace', corrupt);
    expect(results.map((result) => result.sound)).toEqual([true, false, true, true]);
    expect(results[AUDIO]?.result?.state?.differences).toEqual([
      { region: 'globals', index: 40, name: undefined, expected: 0, actual: 1234 },
    ]);
    const digests = await runFourVms(bench, 'digest', corrupt);
    expect(digests.map((result) => result.sound)).toEqual([true, false, true, true]);
    const { stateChange, state } = digests[AUDIO]?.result ?? {};
    expect(stateChange).toMatchObject({ epoch: 0, firstStep: 0 });
    expect(state?.differences).toEqual([
      { region: 'globals', index: 40, name: undefined, expected: 0, actual: 1234 },
    ]);
  });
});
