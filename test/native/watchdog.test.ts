import { pino } from 'pino';
import { expect, test } from 'vitest';
import { connectBoard, loadBench, loadBoard, openRig } from '../../src/bench/index.ts';

test('a bench that wants a watchdog has it started when it is connected, and is refused by a board without one', async () => {
  await using resources = new AsyncDisposableStack();
  const bench = await loadBench('native');
  const board = await loadBoard(bench.board);
  const log = pino({ level: 'silent' });
  const { signal } = new AbortController();
  const rig = await openRig(bench, { board, firmware: undefined, resources, signal, log });
  const wanted = { ...rig, watchdogMs: 20_000 };
  await expect(connectBoard(wanted, { board, resources, log })).rejects.toMatchObject({
    code: 'unsupported',
  });
});
