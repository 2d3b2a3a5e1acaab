import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  connectAgent,
  HANG_DETECT_MS,
  SILENCE_DETECT_MS,
  type DigestItem,
  type Epoch,
} from '../../../src/agent/index.ts';
import { HilError } from '../../../src/errors/index.ts';
import { EFFECT_KINDS, PORTS, type Effect } from '../../../src/isa/index.ts';
import { createChannel, createLinePair } from '../../../src/link/index.ts';
import {
  encodeBytes,
  encodeCheckpoint,
  encodeFullCheckpoint,
  encodeInputs,
} from '../../../src/wire/index.ts';
import { FakeAgent, type FakeSettings } from '../../helpers/fake-agent.ts';
import { digestOf } from '../../helpers/fake-digest.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const SIZE = 10;
const RUN = { clock: 'virtual', steps: 1000, loops: 0, epoch: SIZE } as const;

/** Effects that can be told apart; every third one is an input. */
const effectsOf = (count: number): Effect[] =>
  Array.from({ length: count }, (_, index) => ({
    pc: index,
    opcode: 1,
    sp: 1,
    kind: index % 3 === 2 ? EFFECT_KINDS.INPUT : EFFECT_KINDS.TOP,
    address: index % 3 === 2 ? PORTS.ANALOG + 4 : 0,
    value: index * 1000 - 7,
  }));

function board(settings: FakeSettings) {
  const [host, far] = createLinePair();
  const fake = new FakeAgent(far, settings);
  const channel = createChannel(fake.hostLine(host));
  return { fake, channel, far, agent: connectAgent(channel) };
}

/** What the epochs of some effects must be. */
function epochsOf(effects: readonly Effect[]): Epoch[] {
  const epochs: Epoch[] = [];
  let stream = 0x6a09e667;
  for (let firstStep = 0; firstStep < effects.length; firstStep += SIZE) {
    const part = effects.slice(firstStep, firstStep + SIZE);
    for (const effect of part) stream = digestOf(stream, effect).hash;
    epochs.push({
      number: epochs.length,
      firstStep,
      endStep: firstStep + part.length,
      stream: stream >>> 0,
      state: 0,
      inputs: part.flatMap(({ kind, address: port, value }, offset) =>
        kind === EFFECT_KINDS.INPUT ? [{ offset, port, value }] : [],
      ),
    });
  }
  return epochs;
}

const noItem: (item: DigestItem) => void = () => undefined;

interface Followed {
  readonly items: DigestItem[];
  readonly epochs: Epoch[];
  error: unknown;
  /** Fake milliseconds that the run took. */
  ms: number;
}

/** Follows a run to its end while the fake clock runs, and acknowledges each epoch unless told otherwise. */
async function follow(
  { agent }: ReturnType<typeof board>,
  { acknowledge = true, onItem = noItem } = {},
): Promise<Followed> {
  const seen: Followed = { items: [], epochs: [], error: undefined, ms: 0 };
  const start = Date.now();
  let ended = false;
  const work = (async () => {
    try {
      for await (const item of agent.digest(0, RUN)) {
        seen.items.push(item);
        onItem(item);
        if (item.kind !== 'epoch') continue;
        seen.epochs.push(item.epoch);
        if (acknowledge) agent.acknowledge(0, item.epoch.number + 1);
      }
    } catch (error) {
      seen.error = error;
    }
    seen.ms = Date.now() - start;
    ended = true;
  })();
  const isEnded = (): boolean => ended;
  // Bounded by the clock's own time; a follower that never ends fails here instead of hanging.
  for (let tick = 0; tick < 4000 && !isEnded(); tick += 1) await vi.advanceTimersByTimeAsync(10);
  expect(isEnded()).toBe(true);
  await work;
  return seen;
}

/** Applies a fault to the n-th line (from 0) of a kind that matches. */
const onLines = (pattern: RegExp, change: (line: string, index: number) => string[]) => {
  let index = 0;
  return (line: string): string[] => (pattern.test(line) ? change(line, index++) : [line]);
};
/** A checkpoint, long or short. */
const CHECK = / (CHECK|F) 0 /;
/** A linear congruential generator with a fixed seed, 0..1. */
const seeded = (seed: number) => () =>
  (seed = (seed * 1_664_525 + 1_013_904_223) % 2 ** 32) / 2 ** 32;

describe('a digest run', () => {
  it('yields every epoch once, in order, with its inputs, and the end', async () => {
    const effects = effectsOf(97);
    const bench = board({ effects });
    const seen = await follow(bench);
    expect(seen.error).toBeUndefined();
    expect(seen.epochs).toEqual(epochsOf(effects));
    expect(seen.items.at(-1)).toMatchObject({ kind: 'done', status: { steps: 97, sent: 10 } });
    expect(seen.items).toHaveLength(11);
    // Nothing had to be asked for: one POLL at the end, and no wait.
    expect(bench.fake.executed.filter((name) => name === 'POLL')).toHaveLength(1);
    expect(seen.ms).toBeLessThan(250);
  });

  it('acknowledges with a byte outside of frames', async () => {
    const bench = board({ effects: effectsOf(200) });
    await follow(bench);
    const expected = Array.from({ length: 20 }, (_, index) => 0x81 + index);
    expect(bench.fake.acknowledgements).toEqual(expected);
    bench.agent.acknowledge(3, 7);
    expect(bench.fake.acknowledgements.at(-1)).toBe(0xe7);
  });

  it('asks for its size of epochs', async () => {
    const bench = board({ effects: effectsOf(10) });
    await follow(bench);
    const go = bench.fake.received.find(({ fields }) => fields[0] === 'GO');
    expect(go?.fields).toEqual(['GO', '0', 'digest', 'virtual', '1000', '0', '10']);
  });

  it('lets the board wait until an epoch is agreed with', async () => {
    const bench = board({ effects: effectsOf(100) });
    const sent: number[] = [];
    await follow(bench, {
      onItem: (item) => item.kind === 'epoch' && sent.push(bench.channel.counters.events),
    });
    // Two epochs of three or four inputs in two events, and a checkpoint.
    expect(sent[0]).toBeLessThanOrEqual(6);
    const deaf = await follow(board({ effects: effectsOf(40) }), { acknowledge: false });
    // Without acknowledgements the polls of an idle line carry it on.
    expect(deaf.epochs).toHaveLength(4);
    expect(deaf.error).toBeUndefined();
  });

  it('of no steps ends', async () => {
    const seen = await follow(board({ effects: [] }));
    expect(seen.items).toMatchObject([{ kind: 'done', status: { steps: 0 } }]);
  });

  it('does not begin in the middle of a program: whoever asks for it has loaded it', async () => {
    const seen = await follow(board({ effects: effectsOf(10), firstStep: 5 }));
    const message = expect.stringMatching(/says that it has executed 5 steps/) as string;
    expect(seen.error).toMatchObject({ causeClass: 'firmware', message });
  });
});

describe('a line that loses things', () => {
  const random = seeded(7);
  const again = seeded(8);
  const cases: [string, FakeSettings['fault']][] = [
    ['the first checkpoint', onLines(CHECK, (line, index) => (index === 0 ? [] : [line]))],
    ['a checkpoint in the middle', onLines(CHECK, (line, index) => (index === 4 ? [] : [line]))],
    ['the last checkpoint', onLines(CHECK, (line, index) => (index === 9 ? [] : [line]))],
    [
      'two checkpoints in a row',
      onLines(CHECK, (line, at) => (at === 4 || at === 5 ? [] : [line])),
    ],
    ['the first inputs', onLines(/INPUTS/, (line, index) => (index === 0 ? [] : [line]))],
    ['the second inputs of an epoch', onLines(/INPUTS 0 2 3 /, () => [])],
    ['three events in ten', onLines(/^@E/, (line) => (random() < 0.3 ? [] : [line]))],
    ['the end', onLines(/DONE/, () => [])],
    ['nothing but doubles all', (line) => [line, line]],
    ['every second reply', onLines(/^@R/, (line, index) => (index % 2 === 0 ? [] : [line]))],
    ['one frame in four of every kind', onLines(/^@/, (line) => (again() < 0.25 ? [] : [line]))],
    ['a newline', onLines(CHECK, (line, index) => (index === 2 ? [line.slice(0, -1)] : [line]))],
  ];

  it.each(cases)('%s: the run is whole nevertheless', async (name, fault) => {
    const effects = effectsOf(97);
    let faults = 0;
    // The second inputs of an epoch are lost once, not for ever.
    let spent = false;
    const counted: FakeSettings['fault'] = (line) => {
      const sent = spent && name.startsWith('the second') ? [line] : (fault?.(line) ?? [line]);
      if (sent.length === 1 && sent[0] === line) return sent;
      faults += 1;
      spent = true;
      return sent;
    };
    const seen = await follow(board({ effects, fault: counted }));
    expect(seen.error).toBeUndefined();
    expect(seen.epochs).toEqual(epochsOf(effects));
    expect(seen.items.at(-1)).toMatchObject({ kind: 'done', status: { steps: 97 } });
    expect(faults).toBeGreaterThan(0);
  });

  it('a checkpoint now and then, of more epochs than a short one can number', async () => {
    const effects = effectsOf(3000).map((effect) => ({ ...effect, kind: EFFECT_KINDS.TOP }));
    const fault = onLines(CHECK, (line, index) => (index % 29 === 3 ? [] : [line]));
    const long = await follow(board({ effects, fault, digest: { long: true } }));
    const short = await follow(board({ effects, fault }));
    expect(short.epochs).toEqual(epochsOf(effects));
    expect(short.epochs.length).toBe(300);
    expect(short.epochs).toEqual(long.epochs);
  });

  it('all acknowledgements outside of frames', async () => {
    const effects = effectsOf(60);
    const seen = await follow(board({ effects, digest: { deaf: true } }));
    expect(seen.epochs).toEqual(epochsOf(effects));
    expect(seen.error).toBeUndefined();
  });

  it('has a lost checkpoint repeated at once when the next one shows the gap', async () => {
    const effects = effectsOf(97);
    const fault = onLines(CHECK, (line, index) => (index === 4 ? [] : [line]));
    const seen = await follow(board({ effects, fault }));
    expect(seen.epochs).toEqual(epochsOf(effects));
    expect(seen.ms).toBeLessThan(250);
  });

  it('never asks more than twice for one gap', async () => {
    // Inputs of the next epoch show the gap too, several times.
    const fault = onLines(CHECK, (line, index) => (index === 3 ? [] : [line]));
    const bench = board({ effects: effectsOf(97), fault });
    await follow(bench);
    expect(bench.fake.executed.filter((name) => name === 'POLL').length).toBeLessThanOrEqual(3);
  });

  it('leaves the events of other VMs alone', async () => {
    const effects = effectsOf(97);
    const bench = board({ effects });
    const records = encodeBytes(encodeInputs([{ offset: 0, port: 1, value: 1 }]));
    let sent = 0;
    const seen = await follow(bench, {
      onItem: () => {
        if ((sent += 1) === 1) bench.fake.event('INPUTS', '1', '3', '0', '1', '0', records);
      },
    });
    expect(seen.epochs).toEqual(epochsOf(effects));
  });
});

describe('a board that fails', () => {
  const isHil = (error: unknown): HilError => {
    if (error instanceof HilError) return error;
    throw new Error(`not a HilError: ${String(error)}`);
  };

  it('falls silent: firmware, with the last epoch, within the stated time', async () => {
    const bench = board({
      effects: effectsOf(100),
      fault: onLines(/./, (line, index) => (index < 8 ? [line] : [])),
    });
    const seen = await follow(bench);
    const error = isHil(seen.error);
    expect(error.causeClass).toBe('firmware');
    expect(error.message).toMatch(/stopped answering; the last epoch received is 1, up to step 19/);
    expect(seen.ms).toBeLessThanOrEqual(SILENCE_DETECT_MS + 20);
  });

  it('says that it runs but executes nothing', async () => {
    const status: FakeSettings['status'] = (values) => ({
      ...values,
      state: 'running',
      reason: 'none',
    });
    const seen = await follow(board({ effects: effectsOf(20), status }));
    const error = isHil(seen.error);
    expect(error.causeClass).toBe('firmware');
    expect(error.message).toMatch(/says that its VM is running, but executes no step at step 20/);
    expect(seen.ms).toBeLessThanOrEqual(HANG_DETECT_MS);
  });

  it('is not stuck in a long delay while its clock goes on', async () => {
    let polls = 0;
    const status: FakeSettings['status'] = (values) =>
      (polls += 1) > 40 ? values : { ...values, state: 'waiting', reason: 'none' };
    const seen = await follow(board({ effects: effectsOf(10), status }));
    expect(seen.error).toBeUndefined();
    expect(polls).toBeGreaterThan(40);
  });

  it('claims a step more than it sends, on a line that loses nothing: firmware', async () => {
    const status: FakeSettings['status'] = (values) =>
      values.state === 'done' ? { ...values, steps: Number(values.steps) + 1 } : values;
    const error = isHil((await follow(board({ effects: effectsOf(20), status }))).error);
    expect(error.causeClass).toBe('firmware');
    expect(error.message).toMatch(/says that its VM is done .* sends nothing of steps 20 to 20/);
  });

  it('never gets one checkpoint through: link', async () => {
    const bench = board({ effects: effectsOf(100) });
    const lost = encodeBytes(
      encodeCheckpoint({ epoch: 2, endStep: 0, stream: 0, state: 0, inputs: 0 }),
    );
    // The epoch number is in the first four bytes, the first five characters of base64.
    const fault = onLines(
      new RegExp(`CHECK 0 ${lost.slice(0, 5).replaceAll('+', '[+]')}`),
      () => [],
    );
    const seen = await follow(board({ effects: effectsOf(100), fault }));
    const error = isHil(seen.error);
    expect(error.causeClass).toBe('link');
    expect(error.message).toMatch(/steps 20 to 39 were executed but don't arrive/);
    await bench.far.close();
  });

  it('restarts', async () => {
    const bench = board({
      effects: effectsOf(100),
      status: (values) => ({ ...values, state: restarted ? 'empty' : (values.state ?? '') }),
      fault: (line) => (restarted && line.startsWith('@E') ? [] : [line]),
    });
    let restarted = false;
    const seen = await follow(bench, {
      onItem: () => {
        restarted = true;
      },
    });
    expect(isHil(seen.error).message).toMatch(/the board restarted/);
  });

  const checkpoint = (change: object): string =>
    encodeBytes(
      encodeCheckpoint({ epoch: 0, endStep: 5, stream: 1, state: 2, inputs: 0, ...change }),
    );
  const full = encodeBytes(encodeFullCheckpoint({ epoch: 0, stream: 1, state: 2 }));
  const input = encodeBytes(encodeInputs([{ offset: 7, port: 1, value: 1 }]));
  it.each<[string, string[][], RegExp]>([
    ['no steps', [['CHECK', '0', checkpoint({ endStep: 0 })]], /it has 0 steps, not 1 to 10/],
    ['too many steps', [['CHECK', '0', checkpoint({ endStep: 11 })]], /it has 11 steps/],
    [
      'more inputs than it says',
      [
        ['INPUTS', '0', '0', '0', '1', '0', input],
        ['CHECK', '0', checkpoint({ endStep: 9 })],
      ],
      /it has 0 inputs, but 1 came/,
    ],
    [
      'an input and a checkpoint that has none',
      [
        ['INPUTS', '0', '0', '0', '1', '0', input],
        ['F', '0', full],
      ],
      /it has 0 inputs, but 1 came/,
    ],
    [
      'an input after its end',
      [
        ['INPUTS', '0', '0', '0', '1', '0', input],
        ['CHECK', '0', checkpoint({ endStep: 7, inputs: 1 })],
      ],
      /it ends before step 7, which read an input/,
    ],
    [
      'inputs that are none',
      [['INPUTS', '0', '0', '0', '1', '0', 'gA==']],
      /are malformed: truncated/,
    ],
    ['a wrong count', [['INPUTS', '0', '0', '0', '2', '0', input]], /2 inputs of epoch 0 are 1/],
    ['half a checkpoint', [['CHECK', '0', 'AAAA']], /3 bytes are no checkpoint/],
  ])('sends %s', async (_, events, message) => {
    const bench = board({
      effects: effectsOf(10),
      fault: (line) => (line.includes('@E') && !ours ? [] : [line]),
    });
    let ours = false;
    const seen = follow(bench);
    await vi.advanceTimersByTimeAsync(20);
    ours = true;
    for (const event of events) bench.fake.event(...event);
    const error = isHil((await seen).error);
    expect(error.causeClass).toBe('firmware');
    expect(error.message).toMatch(message);
  });

  it('is unplugged: link, at once', async () => {
    const bench = board({ effects: effectsOf(100) });
    const seen = await follow(bench, { onItem: () => void bench.far.close() });
    const error = isHil(seen.error);
    expect(error.causeClass).toBe('link');
    expect(seen.ms).toBeLessThan(250);
  });
});

describe('the ring', () => {
  it('is read as far as it is asked for', async () => {
    const effects = effectsOf(25);
    const bench = board({ effects, digest: { imageCrc: () => 0xffff_fff0 } });
    const run = bench.agent.digest(0, RUN);
    await run.next();
    const ring = await bench.agent.ring(0);
    expect(ring?.header).toMatchObject({
      vm: 0,
      size: 10,
      epoch: 1,
      firstStep: 10,
      steps: 10,
      before: { firstStep: 0, steps: 10 },
      imageCrc: 0xffff_fff0,
    });
    const expected: number[] = [];
    let hash = 0x6a09e667;
    for (const effect of effects.slice(0, 20)) {
      const digest = digestOf(hash, effect);
      hash = digest.hash;
      expected.push(digest.hash, digest.value);
    }
    expect([...((await ring?.entries(0, 3, 2)) ?? [])]).toEqual(expected.slice(6, 10));
    expect([...((await ring?.entries(1, 0, 10)) ?? [])]).toEqual(expected.slice(20));
    await run.return();
  });

  it('is not there before a digest run', async () => {
    const bench = board({ peek: () => new Uint8Array(48) });
    expect(await bench.agent.ring(0)).toBeUndefined();
  });
});
