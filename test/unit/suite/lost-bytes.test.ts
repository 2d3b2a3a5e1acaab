import { describe, expect, it } from 'vitest';
import { connectAgent } from '../../../src/agent/index.ts';
import { HilError } from '../../../src/errors/index.ts';
import { createChannel, createLinePair, LostReplyError } from '../../../src/link/index.ts';
import type { ProgramOutcome } from '../../../src/suite/compare-programs.ts';
import { blameLine, bytesLost } from '../../../src/suite/lost-bytes.ts';
import { FakeAgent } from '../../helpers/fake-agent.ts';

const program = { vm: 0, file: 'a.ino', sha256: '' } as ProgramOutcome['program'];
const outcome = (error: unknown): ProgramOutcome => ({
  program,
  error,
  steps: 7,
  rounds: 1,
  printed: '',
});
const SILENT = new HilError('firmware', 'the board stopped answering', '', {
  cause: new LostReplyError('no reply to POLL'),
});

/** A board that has lost so many bytes; undefined: one that is silent. */
function board(lost: () => number | undefined) {
  const [host, far] = createLinePair({ name: 'port' });
  const fake = new FakeAgent(far);
  fake.answer = (fields) => {
    const bytes = lost();
    return bytes === undefined
      ? undefined
      : fields[0] === 'BOARD'
        ? ['reset=pin', `lost=${bytes}`]
        : ['ok'];
  };
  return { agent: connectAgent(createChannel(host)), fake };
}

describe('a board that fell silent', () => {
  it('and has lost bytes since the run began: the line is to blame', async () => {
    const counts = [3, 43];
    const { agent } = board(() => counts.shift());
    const before = await bytesLost(agent);
    const [blamed] = await blameLine([outcome(SILENT)], agent, before);
    expect(blamed?.error).toMatchObject({
      causeClass: 'link',
      message:
        'the board stopped answering; it answers again, and has lost 40 received bytes in this run',
      cause: SILENT,
    });
    expect(blamed?.steps).toBe(7);
  });

  it.each([
    ['and has lost none since the run began', 3],
    ['and doesn’t answer again', undefined],
    ['and has started again meanwhile', 0],
  ])('%s: the firmware is', async (_, after) => {
    const { agent } = board(() => after);
    expect(await blameLine([outcome(SILENT)], agent, 3)).toEqual([outcome(SILENT)]);
  });

  it('and doesn’t say what it has lost: the firmware is, and nobody asks', async () => {
    const { agent, fake } = board(() => undefined);
    expect(await bytesLost(agent, { timeoutMs: 10, tries: 1 })).toBeUndefined();
    fake.received.length = 0;
    expect(await blameLine([outcome(SILENT)], agent, undefined)).toEqual([outcome(SILENT)]);
    expect(fake.received).toEqual([]);
  });
});

it('what went wrong in another way isn’t touched, and nobody asks', async () => {
  const { agent, fake } = board(() => 99);
  const others = [outcome(undefined), outcome(new HilError('firmware', 'another answer'))];
  expect(await blameLine(others, agent, 0)).toEqual(others);
  expect(fake.received).toEqual([]);
  // One that came to its end stays as it is beside one that fell silent.
  const [first, second] = await blameLine([outcome(undefined), outcome(SILENT)], agent, 0);
  expect([first?.error, (second?.error as HilError).causeClass]).toEqual([undefined, 'link']);
});
