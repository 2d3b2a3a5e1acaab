import { describe, expect, it } from 'vitest';
import { openTestBench } from '../helpers/bench.ts';
import { assemble } from '../helpers/vectors/assemble.ts';

/** Flashing takes 3 s, a run less than one; the rest is for a loaded machine. */
const LIMIT_MS = 60_000;

/** Without a HALT: what follows its last instruction is a fault, unless the budget is over. */
const OPEN_ENDED = {
  instructions: assemble('1; 2; ADD').instructions,
  strings: [],
  entry: 0,
  loop: undefined,
  debug: undefined,
};

describe('a budget that ends with the last instruction of a program', { timeout: LIMIT_MS }, () => {
  it('ends the run in each mode, and all instructions are counted', async () => {
    await using bench = await openTestBench('emulated');
    const { epoch } = bench.hello;
    for (const comparison of [
      { mode: 'free' },
      { mode: 'digest', epoch },
      { mode: 'trace' },
    ] as const) {
      const run = (steps: number) => bench.lockstep(OPEN_ENDED, 0, { comparison, steps });
      const ended = { mismatch: undefined, endMismatch: undefined, state: { differences: [] } };
      expect(await run(3)).toMatchObject({ ...ended, steps: 3, stopReason: 'steps', fault: 0 });
      // One more begins the step that faults.
      expect(await run(4)).toMatchObject({ ...ended, steps: 4, stopReason: 'fault', fault: 4 });
    }
  });
});
