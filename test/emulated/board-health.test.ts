import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EMULATED_LACKS } from '../../src/bench/index.ts';
import { RefusalError } from '../../src/link/index.ts';
import { openTestBench, type TestBench } from '../helpers/bench.ts';
import { assemble } from '../helpers/vectors/assemble.ts';

const SUM = {
  instructions: assemble('1; 2; ADD; POP; HALT').instructions,
  strings: [],
  entry: 0,
  loop: undefined,
  debug: undefined,
};

let bench: TestBench;
beforeAll(async () => {
  bench = await openTestBench('emulated');
});
afterAll(() => bench[Symbol.asyncDispose]());

describe('what the emulated board says of itself', () => {
  it('knows its stack and what it lost, and claims no reset cause, watchdog or supply', async () => {
    const health = await bench.agent.board();
    expect(health).toEqual({
      reset: undefined,
      stack: { size: 3072, used: expect.any(Number) as number },
      lost: 0,
      watchdog: undefined,
      vdda: undefined,
      crash: undefined,
    });
    // The frames of main() alone are some words; all of it would be an overflow.
    expect(health.stack?.used).toBeGreaterThan(32);
    expect(health.stack?.used).toBeLessThan(3072);
    const ran = await bench.lockstep(SUM, 0);
    expect(ran.mismatch).toBeUndefined();
    const after = await bench.agent.board();
    expect(after.stack?.used).toBeGreaterThanOrEqual(health.stack?.used ?? 3072);
  });

  it('refuses a watchdog that it has not, and runs on', async () => {
    expect(EMULATED_LACKS.has('watchdog')).toBe(true);
    const refused = await bench.agent.watchdog(20_000).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(RefusalError);
    expect(refused).toMatchObject({ code: 'unsupported' });
    expect((await bench.agent.board()).watchdog).toBeUndefined();
  });

  it('says in HELLO whether it has a converter, as the table does', () => {
    expect(bench.hello.adc).toBe(!EMULATED_LACKS.has('adc'));
  });
});
