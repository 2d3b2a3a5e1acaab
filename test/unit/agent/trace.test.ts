import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  connectAgent,
  HANG_DETECT_MS,
  SILENCE_DETECT_MS,
  type TraceItem,
} from '../../../src/agent/index.ts';
import { HilError } from '../../../src/errors/index.ts';
import { EFFECT_KINDS, type Effect } from '../../../src/isa/index.ts';
import { createChannel, createLinePair } from '../../../src/link/index.ts';
import { encodeBytes, encodeEffects } from '../../../src/wire/index.ts';
import { FakeAgent, type FakeSettings } from '../../helpers/fake-agent.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const RUN = { clock: 'virtual', steps: 1000, loops: 0 } as const;

/** Effects that can be told apart. */
const effectsOf = (count: number): Effect[] =>
  Array.from({ length: count }, (_, index) => ({
    pc: index,
    opcode: 1,
    sp: 1,
    kind: EFFECT_KINDS.TOP,
    address: 0,
    value: index * 1000 - 7,
  }));

function board(settings: FakeSettings) {
  const [host, far] = createLinePair();
  const fake = new FakeAgent(far, settings);
  const channel = createChannel(host);
  return { fake, channel, far, agent: connectAgent(channel) };
}

interface Followed {
  readonly items: TraceItem[];
  readonly steps: number[];
  readonly effects: Effect[];
  error: unknown;
  /** Fake milliseconds that the run took. */
  ms: number;
}

/** Follows a run to its end while the fake clock runs. */
async function follow(
  { agent }: ReturnType<typeof board>,
  onItem?: (item: TraceItem) => void,
): Promise<Followed> {
  const seen: Followed = { items: [], steps: [], effects: [], error: undefined, ms: 0 };
  const start = Date.now();
  let ended = false;
  const work = (async () => {
    try {
      for await (const item of agent.trace(0, RUN)) {
        seen.items.push(item);
        if (item.kind === 'effects') {
          seen.effects.push(...item.effects);
          seen.steps.push(...item.effects.map((_, index) => item.first + index));
        }
        onItem?.(item);
      }
    } catch (error) {
      seen.error = error;
    }
    seen.ms = Date.now() - start;
    ended = true;
  })();
  // Bounded by the clock's own time; a follower that never ends fails here instead of hanging.
  for (let tick = 0; tick < 4000 && !isEnded(); tick += 1) await vi.advanceTimersByTimeAsync(10);
  expect(isEnded()).toBe(true);
  await work;
  return seen;

  function isEnded(): boolean {
    return ended;
  }
}

/** Applies a fault to the n-th event (from 0) of a kind that matches. */
const onEvents = (pattern: RegExp, change: (line: string, index: number) => string[]) => {
  let index = 0;
  return (line: string): string[] => (pattern.test(line) ? change(line, index++) : [line]);
};
/** A linear congruential generator with a fixed seed, 0..1. */
const seeded = (seed: number) => () =>
  (seed = (seed * 1_664_525 + 1_013_904_223) % 2 ** 32) / 2 ** 32;
const corrupt = (line: string): string => line.replace('TRACE', 'TRICE');

describe('a traced run', () => {
  it('yields every effect once, in order, and the end', async () => {
    const bench = board({ effects: effectsOf(100) });
    const seen = await follow(bench);
    expect(seen.error).toBeUndefined();
    expect(seen.effects).toEqual(effectsOf(100));
    expect(seen.steps).toEqual(effectsOf(100).map((_, index) => index));
    expect(seen.items.at(-1)).toMatchObject({
      kind: 'done',
      status: { steps: 100, reason: 'halted' },
    });
    expect(seen.items.filter(({ kind }) => kind === 'done')).toHaveLength(1);
  });

  it('acknowledges every fourth chunk and has nothing repeated on a clean line', async () => {
    const bench = board({ effects: effectsOf(96), chunk: 3 });
    const seen = await follow(bench);
    // 32 chunks: a POLL after each fourth one, and one at the end.
    expect(bench.fake.executed.filter((name) => name === 'POLL')).toHaveLength(9);
    expect(bench.channel.counters.events).toBe(33);
    expect(seen.ms).toBeLessThan(250);
  });

  it('of no steps ends', async () => {
    const seen = await follow(board({ effects: [] }));
    expect(seen.items).toMatchObject([{ kind: 'done', status: { steps: 0 } }]);
  });

  it('continues the count of an earlier run, over 2^32', async () => {
    const seen = await follow(board({ effects: effectsOf(20), firstStep: 0xffff_fff8 }));
    expect(seen.effects).toEqual(effectsOf(20));
    const firsts = seen.items.flatMap((item) => (item.kind === 'effects' ? [item.first] : []));
    expect(firsts.slice(0, 4)).toEqual([0xffff_fff8, 0xffff_fffb, 0xffff_fffe, 1]);
  });

  it('lets the board wait for a slow consumer', async () => {
    const bench = board({ effects: effectsOf(90) });
    const before: number[] = [];
    await follow(bench, () => before.push(bench.channel.counters.events));
    // When the first chunk is handed out no more than a window has been sent.
    expect(before[0]).toBeLessThanOrEqual(8);
  });
});

describe('a line that loses things', () => {
  const random = seeded(1);
  const cases: [string, FakeSettings['fault']][] = [
    ['the first chunk', onEvents(/TRACE/, (line, index) => (index === 0 ? [] : [line]))],
    ['a chunk in the middle', onEvents(/TRACE/, (line, index) => (index === 5 ? [] : [line]))],
    ['the last chunk', onEvents(/TRACE/, (line, index) => (index === 33 ? [] : [line]))],
    ['three chunks in ten', onEvents(/TRACE/, (line) => (random() < 0.3 ? [] : [line]))],
    ['the end', onEvents(/DONE/, () => [])],
    [
      'a chunk by damage',
      onEvents(/TRACE/, (line, index) => (index === 7 ? [corrupt(line)] : [line])),
    ],
    ['nothing but doubles all', (line) => [line, line]],
    ['every second reply', onEvents(/^@R/, (line, index) => (index % 2 === 0 ? [] : [line]))],
    [
      'one frame in four of every kind',
      onEvents(/^@/, (line, index) => (index % 4 === 3 ? [] : [line])),
    ],
    ['a newline', onEvents(/TRACE/, (line, index) => (index === 2 ? [line.slice(0, -1)] : [line]))],
  ];

  it.each(cases)('%s: the run is whole nevertheless', async (_, fault) => {
    let faults = 0;
    const counted: FakeSettings['fault'] = (line) => {
      const sent = fault?.(line) ?? [line];
      if (sent.length !== 1 || sent[0] !== line) faults += 1;
      return sent;
    };
    const seen = await follow(board({ effects: effectsOf(100), fault: counted }));
    expect(seen.error).toBeUndefined();
    expect(seen.effects).toEqual(effectsOf(100));
    expect(seen.items.at(-1)).toMatchObject({ kind: 'done', status: { steps: 100 } });
    expect(seen.items.every((item) => item.kind === 'done' || item.effects.length > 0)).toBe(true);
    expect(faults).toBeGreaterThan(0);
  });

  it.each([5, 33])(
    'has lost chunk %d repeated at once, without waiting for silence',
    async (lost) => {
      const fault = onEvents(/TRACE/, (line, index) => (index === lost ? [] : [line]));
      const seen = await follow(board({ effects: effectsOf(100), fault }));
      expect(seen.effects).toEqual(effectsOf(100));
      expect(seen.ms).toBeLessThan(250);
    },
  );

  it('leaves the events of other VMs alone', async () => {
    const bench = board({ effects: effectsOf(100) });
    const others = encodeBytes(encodeEffects(effectsOf(1)));
    let sent = 0;
    const seen = await follow(bench, () => {
      if ((sent += 1) === 1) bench.fake.event('TRACE', '1', '50000', '1', '0', others);
    });
    expect(seen.effects).toEqual(effectsOf(100));
    expect(bench.fake.executed.filter((name) => name === 'POLL')).toHaveLength(9);
  });

  it('takes nothing for arrived that the board is about to send again', async () => {
    // A host that is held up for a while: it asks, and then finds chunks that came before the answer. The board sends them
    // again and refuses to have them acknowledged before it did.
    const held: string[] = [];
    let released = false;
    let traces = 0;
    const bench: ReturnType<typeof board> = board({
      effects: effectsOf(100),
      chunkMs: 20,
      fault: (line) => {
        if (line.includes('TRACE') && (traces += 1) > 4 && !released) {
          held.push(line);
          return [];
        }
        // The first POLL acknowledges four chunks, the second one is that of the host held up.
        const polls = bench.fake.executed.filter((name) => name === 'POLL').length;
        released ||= line.startsWith('@R') && polls === 2;
        return released ? [...held.splice(0), line] : [line];
      },
    });
    const seen = await follow(bench);
    expect(released).toBe(true);
    expect(seen.error).toBeUndefined();
    expect(seen.effects).toEqual(effectsOf(100));
  });

  it('forwards the new part of a chunk that is known in part', async () => {
    let steps = 0;
    const bench = board({
      fault: onEvents(/DONE/, () => []),
      status: (values) => ({
        ...values,
        state: steps === 3 ? 'done' : 'running',
        steps,
        sent: steps,
      }),
    });
    bench.fake.answer = ([name = '', ...rest]) =>
      bench.fake.execute([name === 'POLL' ? 'STATUS' : name, ...rest]);
    const seen = follow(bench);
    await vi.advanceTimersByTimeAsync(20);
    const [zero, one, two] = effectsOf(3) as [Effect, Effect, Effect];
    bench.fake.event('TRACE', '0', '0', '2', '70', encodeBytes(encodeEffects([zero, one])));
    bench.fake.event('TRACE', '0', '1', '2', '80', encodeBytes(encodeEffects([one, two])));
    steps = 3;
    expect((await seen).items).toMatchObject([
      { kind: 'effects', first: 0, us: 70, effects: [zero, one] },
      { kind: 'effects', first: 2, us: 80, effects: [two] },
      { kind: 'done' },
    ]);
  });
});

describe('a board that fails', () => {
  const isHil = (error: unknown): HilError => {
    if (error instanceof HilError) return error;
    throw new Error(`not a HilError: ${String(error)}`);
  };

  it('falls silent: firmware, with the last step, within the stated time', async () => {
    const bench = board({
      effects: effectsOf(100),
      fault: onEvents(/./, (line, index) => (index < 6 ? [line] : [])),
    });
    const seen = await follow(bench);
    const error = isHil(seen.error);
    expect(error.causeClass).toBe('firmware');
    expect(error.message).toMatch(/stopped answering; the last step received is 11 at pc 11/);
    expect(seen.ms).toBeLessThanOrEqual(SILENCE_DETECT_MS + 20);
  });

  it('says that it runs but executes nothing', async () => {
    const status: FakeSettings['status'] = (values) => ({
      ...values,
      state: 'running',
      reason: 'none',
    });
    const seen = await follow(board({ effects: effectsOf(10), status }));
    const error = isHil(seen.error);
    expect(error.causeClass).toBe('firmware');
    expect(error.message).toMatch(
      /says that its VM is running, but executes no step at step 10, pc 9/,
    );
    expect(seen.effects).toHaveLength(10);
    expect(seen.ms).toBeLessThanOrEqual(HANG_DETECT_MS);
  });

  it('waits in a delay while its clock stands still', async () => {
    const status: FakeSettings['status'] = (values) => ({
      ...values,
      state: 'waiting',
      reason: 'none',
      us: 5,
    });
    const error = isHil((await follow(board({ effects: effectsOf(10), status }))).error);
    expect(error.causeClass).toBe('firmware');
    expect(error.message).toMatch(/clock stands still in a delay/);
  });

  it('is not stuck in a long delay while its clock goes on', async () => {
    let polls = 0;
    const status: FakeSettings['status'] = (values) =>
      (polls += 1) > 40 ? values : { ...values, state: 'waiting', reason: 'none' };
    const seen = await follow(board({ effects: effectsOf(10), status }));
    expect(seen.error).toBeUndefined();
    expect(seen.items.at(-1)?.kind).toBe('done');
    expect(polls).toBeGreaterThan(40);
  });

  it('claims a step more than it sends, on a line that loses nothing: firmware', async () => {
    const status: FakeSettings['status'] = (values) =>
      values.state === 'done' ? { ...values, steps: Number(values.steps) + 1 } : values;
    const error = isHil((await follow(board({ effects: effectsOf(10), status }))).error);
    expect(error.causeClass).toBe('firmware');
    expect(error.message).toMatch(/says that its VM is done .* sends nothing of steps 10 to 10/);
  });

  it('never gets one chunk through: link', async () => {
    const seen = await follow(
      board({ effects: effectsOf(30), fault: onEvents(/TRACE 0 9 /, () => []) }),
    );
    const error = isHil(seen.error);
    expect(error.causeClass).toBe('link');
    expect(error.message).toMatch(/steps 9 to 29 were executed but don't arrive/);
  });

  it('restarts', async () => {
    const bench = board({
      effects: effectsOf(30),
      status: (values) => ({ ...values, state: bench.fake.state }),
    });
    const seen = await follow(bench, () => {
      bench.fake.state = 'empty';
    });
    expect(isHil(seen.error).message).toMatch(/the board restarted/);
  });

  it('sends records that are none', async () => {
    const bench = board({ fault: onEvents(/DONE/, () => []) });
    const seen = follow(bench);
    await vi.advanceTimersByTimeAsync(20);
    bench.fake.event('TRACE', '0', '0', '1', '0', 'AAAA');
    expect(isHil((await seen).error).message).toMatch(
      /chunk of 1 steps from step 0 is malformed: no pc/,
    );
  });

  it('sends a wrong count', async () => {
    const bench = board({ fault: onEvents(/DONE/, () => []) });
    const seen = follow(bench);
    await vi.advanceTimersByTimeAsync(20);
    bench.fake.event('TRACE', '0', '0', '2', '0', 'CAEAAAEK');
    expect(isHil((await seen).error).message).toMatch(/chunk of 2 steps from step 0 has 1 records/);
  });

  it('sends an event that is none', async () => {
    const bench = board({ fault: onEvents(/DONE/, () => []) });
    const seen = follow(bench);
    await vi.advanceTimersByTimeAsync(20);
    bench.fake.event('NOISE');
    const error = isHil((await seen).error);
    expect(error.causeClass).toBe('firmware');
    expect(error.message).toMatch(/event "NOISE" is malformed/);
  });

  it('is unplugged: link, at once', async () => {
    const bench = board({ effects: effectsOf(100) });
    const seen = await follow(bench, () => {
      void bench.far.close();
    });
    const error = isHil(seen.error);
    expect(error.causeClass).toBe('link');
    expect(error.message).toMatch(/went away/);
    expect(seen.ms).toBeLessThan(250);
  });
});
