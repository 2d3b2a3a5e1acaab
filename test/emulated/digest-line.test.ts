import { expect, it } from 'vitest';
import { buildImage, type Program } from '../../src/image/index.ts';
import { encodeBytes } from '../../src/wire/index.ts';
import { openTestBench } from '../helpers/bench.ts';

/** JMP to itself. */
const BUSY: Program = {
  instructions: [{ opcode: 0x30, flags: 0, immediate: 0 }],
  strings: [],
  entry: 0,
  loop: undefined,
  debug: undefined,
};
/** 400 in base64: with its frame a request of 412 bytes. */
const BYTES = 300;
const TRIES = 20;
/** Far more than a line, or than the board's receive buffer of 1,024. */
const BURST_BYTES = 5000;
/** A line that is slow must not be joined by its repetition. The burst takes 5 s when the emulator has no turns but the firmware's tick. */
const ONE_TRY = { timeoutMs: 20_000, tries: 1 };

it('takes long lines while the core is busy; prints how fast', async () => {
  await using bench = await openTestBench('emulated');
  const { agent, line } = bench;
  const text = encodeBytes(Uint8Array.from({ length: BYTES }, (_, index) => index & 0xff));
  const median = async (): Promise<number> => {
    const times: number[] = [];
    for (let index = 0; index < TRIES; index += 1) {
      const from = performance.now();
      const { fields } = await agent.channel.request('ECHO', [text], ONE_TRY);
      expect(fields).toEqual([text]);
      times.push(performance.now() - from);
    }
    return times.sort((a, b) => a - b)[TRIES >> 1] ?? 0;
  };
  const before = line.stats.bytesOut;
  const idle = await median();
  const bytes = (line.stats.bytesOut - before) / TRIES;
  await agent.load(0, buildImage(BUSY));
  await agent.go(0, { mode: 'free', clock: 'virtual', steps: 4_294_967_295, loops: 0 });
  const busy = await median();
  const from = performance.now();
  await line.write(`${'-'.repeat(BURST_BYTES - 1)}\n`);
  const { fields } = await agent.channel.request('STATUS', ['0'], ONE_TRY);
  expect(fields).toContain('state=running');
  const burst = performance.now() - from;
  await agent.stop(0);
  expect((await agent.board()).lost).toBe(0);
  console.log(
    `${BURST_BYTES} bytes at once, and the reply to what is behind them: ${burst.toFixed(0)} ms`,
  );
  console.log(
    `a line of ${bytes} bytes there and back, median of ${TRIES}: ${idle.toFixed(0)} ms while the core is idle, ${busy.toFixed(0)} ms while it is busy`,
  );
});
