import { expect, it } from 'vitest';
import type { Agent } from '../../../src/agent/index.ts';
import { climb } from '../../../src/bench/rate.ts';
import { LostReplyError } from '../../../src/link/index.ts';

/** An agent on a line that carries some rates and not others. */
function agentOn(holds: (baud: number) => boolean): Agent {
  const speed = {
    first: 115_200,
    baud: 115_200,
    set: (baud: number) => {
      speed.baud = baud;
      return Promise.resolve();
    },
  };
  const agent = {
    channel: {
      speed,
      counters: { badFrames: 0, boardBadFrames: 0 },
      clearCounters: () => undefined,
      ended: undefined,
      line: { name: 'a line' },
    },
    rate: (baud: number) => {
      speed.baud = baud;
      return Promise.resolve({ baud, ppm: 0 });
    },
    echo: (bytes: Uint8Array) =>
      holds(speed.baud)
        ? Promise.resolve(bytes)
        : Promise.reject(new LostReplyError(`no reply at ${speed.baud}`)),
    status: () => Promise.resolve({}),
  };
  return agent as unknown as Agent;
}

const LADDER = [230_400, 460_800, 921_600];

it('uses no rate above one that does not hold, also when all are tried', async () => {
  const agent = agentOn((baud) => baud !== 460_800);
  const { trials, held } = await climb(agent, { ladder: LADDER, rounds: 1, all: true });
  expect(trials.map(({ baud, why }) => [baud, why === undefined])).toEqual([
    [115_200, true],
    [230_400, true],
    [460_800, false],
    [921_600, true],
  ]);
  expect([held, agent.channel.speed.baud]).toEqual([230_400, 230_400]);
});

it('uses the highest when all hold', async () => {
  const agent = agentOn(() => true);
  expect(await climb(agent, { ladder: LADDER, rounds: 1, all: false })).toMatchObject({
    held: 921_600,
  });
});
