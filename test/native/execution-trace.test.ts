import { expect, it } from 'vitest';
import { openTestBench } from '../helpers/bench.ts';
import { expectExecutionTrace } from '../helpers/execution-trace.ts';

it('the agent keeps the last instructions of a traced run', async () => {
  await using bench = await openTestBench('native');
  await expectExecutionTrace(bench);
  await bench.agent.reset(0);
  await bench.agent.go(0, { mode: 'free', clock: 'virtual', steps: 1, loops: 0 });
  // Untraced: the ring is as the traced run left it.
  expect(await bench.agent.executionTrace(0)).toHaveLength(16);
});
