import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  connectAgent,
  SILENCE_DETECT_MS,
  type Agent,
  type TraceItem,
} from '../../src/agent/index.ts';
import { HilError } from '../../src/errors/index.ts';
import { buildImage, type Program } from '../../src/image/index.ts';
import {
  EFFECT_KINDS,
  ISA_HASH,
  opcodeByName,
  PORTS,
  VM_ERRORS,
  type Effect,
} from '../../src/isa/index.ts';
import { createChannel, openSerial, RefusalError, type Line } from '../../src/link/index.ts';
import { encodeFrame, parseLine, PROTOCOL_VERSION } from '../../src/wire/index.ts';
import { lossyLine } from '../helpers/noisy-line.ts';
import { startNativeAgent, type NativeAgent } from '../helpers/native-agent.ts';

type Row = readonly [name: string, immediate?: number, flags?: number];

function imageOf(rows: readonly Row[], strings: readonly string[] = []): Uint8Array {
  const program: Program = {
    instructions: rows.map(([name, immediate = 0, flags = 0]) => ({
      opcode: codeOf(name),
      flags,
      immediate,
    })),
    strings: strings.map((text) => Uint8Array.from(Buffer.from(text))),
    entry: 0,
    loop: undefined,
    debug: undefined,
  };
  return buildImage(program);
}

function codeOf(name: string): number {
  const opcode = opcodeByName(name);
  if (opcode === undefined) throw new Error(`no opcode ${name}`);
  return opcode.code;
}

const ROUNDS = 200;

/** Counts a global to 200 and prints each value. */
const COUNTER = imageOf(
  [
    ['LOAD_GLOBAL', 0],
    ['PUSH', 1],
    ['ADD'],
    ['STORE_GLOBAL', 0],
    ['LOAD_GLOBAL', 0],
    ['PRINTF', 0, 1],
    ['LOAD_GLOBAL', 0],
    ['PUSH', ROUNDS],
    ['LT_SIGNED'],
    ['JMP_TRUE', 0],
    ['HALT'],
  ],
  ['count %d\n'],
);

/** What the counter does, worked out by hand. */
function counterEffects(): Effect[] {
  const effects: Effect[] = [];
  const top = (pc: number, name: string, sp: number, value: number): number =>
    effects.push({ pc, opcode: codeOf(name), sp, kind: EFFECT_KINDS.TOP, address: 0, value });
  for (let count = 1; count <= ROUNDS; count += 1) {
    top(0, 'LOAD_GLOBAL', 1, count - 1);
    top(1, 'PUSH', 2, 1);
    top(2, 'ADD', 1, count);
    effects.push({
      pc: 3,
      opcode: codeOf('STORE_GLOBAL'),
      sp: 0,
      kind: EFFECT_KINDS.STORE,
      address: 0,
      value: count,
    });
    top(4, 'LOAD_GLOBAL', 1, count);
    const text = Uint8Array.from(Buffer.from(`count ${count}\n`));
    effects.push({
      pc: 5,
      opcode: codeOf('PRINTF'),
      sp: 0,
      kind: EFFECT_KINDS.PRINT,
      address: PORTS.PRINT,
      value: 0,
      text,
    });
    top(6, 'LOAD_GLOBAL', 1, count);
    top(7, 'PUSH', 2, ROUNDS);
    top(8, 'LT_SIGNED', 1, count < ROUNDS ? 1 : 0);
    top(9, 'JMP_TRUE', 0, 0);
  }
  top(10, 'HALT', 0, 0);
  return effects;
}

/** A delay of a minute, then the end. */
const SLEEPER = imageOf([['PUSH', 60_000], ['DELAY'], ['HALT']]);
const FOREVER = imageOf([['JMP', 0]]);
const ALL_STEPS = { clock: 'virtual', steps: 1_000_000, loops: 0 } as const;

let native: NativeAgent;
let line: Line;
let agent: Agent;

beforeEach(async () => {
  native = await startNativeAgent();
  line = await openSerial({ path: native.path, baud: 115_200 });
  agent = connectAgent(createChannel(line));
  await agent.hello();
});

afterEach(async () => {
  await line.close();
  await native[Symbol.asyncDispose]();
});

async function collect(
  items: AsyncIterable<TraceItem>,
): Promise<{ effects: Effect[]; last: TraceItem | undefined }> {
  const effects: Effect[] = [];
  let last: TraceItem | undefined;
  for await (const item of items) {
    if (item.kind === 'effects') effects.push(...item.effects);
    last = item;
  }
  return { effects, last };
}

const outcome = (work: Promise<unknown>): Promise<unknown> => work.catch((error: unknown) => error);

describe('the C agent', () => {
  it('says who it is', async () => {
    const hello = await agent.hello();
    expect(hello).toMatchObject({
      proto: PROTOCOL_VERSION,
      isa: ISA_HASH,
      line: 512,
      chunks: 8,
      vms: 4,
      traced: true,
    });
    expect(hello.arena).toBeGreaterThan(0);
  });

  it('echoes any bytes', async () => {
    const bytes = Uint8Array.from({ length: 256 }, (_, index) => index);
    expect(await agent.echo(bytes)).toEqual(bytes);
    expect(await agent.echo(new Uint8Array(0))).toEqual(new Uint8Array(0));
  });

  it('runs a program and sends every effect', async () => {
    expect(await agent.load(0, COUNTER)).toEqual({ instructions: 11, strings: 1 });
    const { effects, last } = await collect(agent.trace(0, ALL_STEPS));
    const expected = counterEffects();
    expect(effects).toEqual(expected);
    expect(last).toMatchObject({
      kind: 'done',
      status: {
        state: 'done',
        reason: 'halted',
        steps: expected.length,
        pc: 10,
        sp: 0,
        error: 0,
        badframes: 0,
      },
    });
    expect(agent.channel.counters).toMatchObject({
      missedEvents: 0,
      badFrames: 0,
      strayReplies: 0,
    });
  });

  it('holds in memory what the program left there', async () => {
    await agent.load(1, COUNTER);
    await collect(agent.trace(1, ALL_STEPS));
    const state = await agent.peekState(1);
    expect(state.globals[0]).toBe(ROUNDS);
    expect(state.globals.slice(1)).toEqual(new Int32Array(63));
    expect(state.lengths).toEqual(new Uint8Array(16));
  });

  it('stops at a budget and goes on from there with the count of steps', async () => {
    await agent.load(0, COUNTER);
    const first = await collect(agent.trace(0, { ...ALL_STEPS, steps: 777 }));
    expect(first.last).toMatchObject({ kind: 'done', status: { reason: 'steps', steps: 777 } });
    const second = await collect(agent.trace(0, ALL_STEPS));
    expect([...first.effects, ...second.effects]).toEqual(counterEffects());
  });

  it('continues a trace after a part that ran free', async () => {
    await agent.load(0, COUNTER);
    await agent.go(0, { mode: 'free', clock: 'virtual', steps: 1000, loops: 0 });
    const firsts: number[] = [];
    const effects: Effect[] = [];
    await expect.poll(async () => (await agent.status(0)).state).toBe('done');
    for await (const item of agent.trace(0, ALL_STEPS)) {
      if (item.kind !== 'effects') continue;
      firsts.push(item.first);
      effects.push(...item.effects);
    }
    expect(firsts[0]).toBe(1000);
    expect(effects).toEqual(counterEffects().slice(1000));
  });

  it('reports a fault as the last effect', async () => {
    await agent.load(0, imageOf([['PUSH', 1], ['PUSH', 0], ['DIV']]));
    const { effects, last } = await collect(agent.trace(0, ALL_STEPS));
    expect(effects.at(-1)).toMatchObject({
      pc: 2,
      kind: EFFECT_KINDS.ERROR,
      value: VM_ERRORS.DIVISION_BY_ZERO,
      sp: 2,
    });
    expect(last).toMatchObject({
      kind: 'done',
      status: { reason: 'fault', pc: 2, error: VM_ERRORS.DIVISION_BY_ZERO },
    });
  });

  it('goes nowhere after a fault', async () => {
    await agent.load(0, imageOf([['PUSH', 1], ['ADD']]));
    expect((await collect(agent.trace(0, ALL_STEPS))).effects).toHaveLength(2);
    const again = await collect(agent.trace(0, ALL_STEPS));
    expect(again.effects).toEqual([]);
    expect(again.last).toMatchObject({
      kind: 'done',
      status: { reason: 'fault', steps: 1, error: VM_ERRORS.STACK_UNDERFLOW },
    });
  });

  it('resets a program', async () => {
    await agent.load(0, COUNTER);
    await collect(agent.trace(0, { ...ALL_STEPS, steps: 100 }));
    await agent.reset(0);
    expect(await agent.status(0)).toMatchObject({ state: 'loaded', steps: 0, pc: 0 });
    expect((await collect(agent.trace(0, ALL_STEPS))).effects).toEqual(counterEffects());
  });

  it('waits in a real delay, and can be stopped there', async () => {
    await agent.load(0, SLEEPER);
    await agent.go(0, { mode: 'trace', clock: 'real', steps: 10, loops: 0 });
    await expect.poll(async () => (await agent.status(0)).state).toBe('waiting');
    expect(await agent.stop(0)).toMatchObject({ state: 'done', reason: 'stopped' });
  });

  it('pauses while nobody acknowledges, and can be stopped', async () => {
    await agent.load(0, FOREVER);
    const trace = agent.trace(0, { ...ALL_STEPS, steps: 4_000_000_000 });
    await trace.next();
    await trace.return();
    let before = -1;
    await expect
      .poll(async () => {
        const { steps } = await agent.status(0);
        const paused = steps === before;
        before = steps;
        return paused;
      })
      .toBe(true);
    expect(await agent.stop(0)).toMatchObject({ state: 'done', reason: 'stopped', steps: before });
  });

  it('knows nothing of resets and stacks, and has no watchdog', async () => {
    expect(await agent.board()).toEqual({
      reset: undefined,
      stack: undefined,
      lost: 0,
      watchdog: undefined,
      vdda: undefined,
      crash: undefined,
    });
    await expect(agent.watchdog(1000)).rejects.toThrow(RefusalError);
    await expect(agent.watchdog(99)).rejects.toThrow(/100\.\.30000 ms/);
  });

  it('says hello again after a reboot, without its programs', async () => {
    await agent.load(0, COUNTER);
    await agent.reboot();
    await agent.hello();
    expect(await agent.status(0)).toMatchObject({ state: 'empty' });
  });
});

describe('the C agent refuses', () => {
  const broken = Uint8Array.from(COUNTER);
  broken[60] = (broken[60] ?? 0) ^ 1;

  it.each<[string, string, () => Promise<unknown>]>([
    ['a broken image', 'bad-image', () => agent.load(0, broken)],
    [
      'an image beyond its room',
      'no-room',
      () => agent.channel.request('LOAD', ['0', '4000000', '0']),
    ],
    [
      'to run without a program',
      'bad-vm',
      () => agent.go(0, { mode: 'free', clock: 'virtual', steps: 1, loops: 0 }),
    ],
    ['a fifth VM', 'bad-vm', () => agent.status(4)],
    ['bytes without LOAD', 'bad-request', () => agent.channel.request('DATA', ['0', '0', 'AAAA'])],
    ['an unknown request', 'bad-request', () => agent.channel.request('DANCE')],
    ['a field too many', 'bad-request', () => agent.channel.request('STATUS', ['0', '1'])],
    ['a number that is none', 'bad-request', () => agent.channel.request('STATUS', ['00'])],
    ['base64 that is none', 'bad-request', () => agent.channel.request('ECHO', ['AAA'])],
    [
      'an unknown region',
      'bad-request',
      () => agent.channel.request('PEEK', ['0', 'heap', '0', '4']),
    ],
    [
      'a peek beyond a region',
      'bad-request',
      () => agent.channel.request('PEEK', ['0', 'lengths', '1', '16']),
    ],
    ['to acknowledge the future', 'bad-request', () => agent.poll(0, 5)],
  ])('%s: %s', async (_, code, ask) => {
    expect(await outcome(ask())).toMatchObject({ name: 'RefusalError', code });
  });

  it('to be loaded while it runs: busy', async () => {
    await agent.load(0, FOREVER);
    await agent.go(0, { mode: 'trace', clock: 'virtual', steps: 4_000_000_000, loops: 0 });
    const refused = await outcome(agent.load(0, COUNTER));
    expect(refused).toBeInstanceOf(RefusalError);
    expect(refused).toMatchObject({ code: 'busy' });
    await agent.stop(0);
  });
});

describe('a repeated line', () => {
  /** Sends a line and resolves with the next reply. */
  const exchange = async (text: string): Promise<string> => {
    const reply = new Promise<string>((resolve) => {
      const stop = line.onLine((received) => {
        if (!/^@[RX]/.test(received)) return;
        stop();
        resolve(received);
      });
    });
    await line.write(text);
    return reply;
  };

  it('is executed once and answered twice', async () => {
    await agent.load(0, COUNTER);
    const go = (seq: number): string =>
      encodeFrame({ type: 'Q', seq, fields: ['GO', '0', 'free', 'virtual', '5', '0'] });
    const done = async (): Promise<void> =>
      expect
        .poll(async () =>
          parseLine(await exchange(encodeFrame({ type: 'Q', seq: 99, fields: ['STATUS', '0'] }))),
        )
        .toMatchObject({ frame: { fields: expect.arrayContaining(['state=done']) as string[] } });
    const replies = [await exchange(go(200)), await exchange(go(200)), await exchange(go(200))];
    expect(new Set(replies).size).toBe(1);
    await done();
    expect(await agent.status(0)).toMatchObject({ steps: 5 });
    expect(parseLine(await exchange(go(201)))).toMatchObject({
      kind: 'frame',
      frame: { type: 'R', seq: 201 },
    });
    await expect.poll(async () => (await agent.status(0)).steps).toBe(10);
  });
});

describe('a bad line', () => {
  /**
   * Damages one line in five, chosen by a linear congruential generator with a fixed seed, but no two in a row of one type, so
   * that four tries of a request always suffice.
   */
  const damaging = (seed: number) => {
    const hurt = new Map<string, boolean>();
    return (text: string): string => {
      const type = text.slice(0, 2);
      seed = (seed * 1_664_525 + 1_013_904_223) % 2 ** 32;
      hurt.set(type, hurt.get(type) !== true && seed < 2 ** 32 / 5);
      return hurt.get(type) === true ? text.replace(' ', '_') : text;
    };
  };

  it('loses nothing of a run', async () => {
    const lossy = connectAgent(
      createChannel(lossyLine(line, { in: damaging(1), out: damaging(2) }), { firstSeq: 100 }),
    );
    await lossy.load(0, COUNTER);
    const { effects, last } = await collect(lossy.trace(0, ALL_STEPS));
    expect(effects).toEqual(counterEffects());
    expect(last).toMatchObject({ kind: 'done', status: { reason: 'halted' } });
    const { badFrames, repeats } = lossy.channel.counters;
    expect(badFrames).toBeGreaterThan(0);
    expect(repeats).toBeGreaterThan(0);
    expect((await lossy.status(0)).badframes).toBeGreaterThan(0);
  });
});

describe('a C agent that hangs', () => {
  it(
    'is found out: firmware',
    async () => {
      await agent.load(0, FOREVER);
      const trace = agent.trace(0, { ...ALL_STEPS, steps: 4_000_000_000 });
      await trace.next();
      native.child.signal('SIGSTOP');
      const error = await outcome(collect(trace));
      expect(error).toBeInstanceOf(HilError);
      expect(error).toMatchObject({ causeClass: 'firmware' });
      expect((error as HilError).message).toMatch(
        /stopped answering; the last step received is \d+ at pc 0/,
      );
    },
    SILENCE_DETECT_MS + 20_000,
  );

  it('and one that is killed ends the line: link', async () => {
    await agent.load(0, FOREVER);
    const trace = agent.trace(0, { ...ALL_STEPS, steps: 4_000_000_000 });
    await trace.next();
    native.child.signal('SIGKILL');
    const error = await outcome(collect(trace));
    expect(error).toMatchObject({ causeClass: 'link' });
    expect((error as HilError).message).toMatch(/went away/);
  });
});
