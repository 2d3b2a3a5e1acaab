import { describe, expect, it } from 'vitest';
import { HilError } from '../../../src/errors/index.ts';
import type { Program } from '../../../src/image/index.ts';
import { EFFECT_KINDS, type Effect } from '../../../src/isa/index.ts';
import type { LockstepResult } from '../../../src/lockstep/index.ts';
import { ascii, op, programOf } from '../vm/support.ts';
import { boardWith, lockstep, type BoardSettings } from './board.ts';

/** Counts global 0 up, keeps array 1 busy, reads a pin, prints now and then, calls a function; never ends. */
const COUNT = 9;
const BUSY: Program = programOf(
  [
    ...[op('PUSH', 8), op('CREATE_ARRAY', 1), op('PUSH', 0), op('PUSH', 1), op('PIN_MODE')],
    ...[op('PUSH', 0), op('PUSH', 1), op('DIGITAL_WRITE'), op('PUSH', 0)],
    // 9: the loop
    ...[op('LOAD_GLOBAL', 0), op('PUSH', 1), op('ADD'), op('STORE_GLOBAL', 0)],
    ...[op('LOAD_GLOBAL', 0), op('PUSH', 7), op('BITWISE_AND'), op('LOAD_GLOBAL', 0)],
    ...[op('STORE_ARRAY', 1), op('PUSH', 0), op('DIGITAL_READ'), op('STORE_LOCAL', 0)],
    ...[op('LOAD_GLOBAL', 0), op('CALL', 28, 1), op('POP')],
    ...[op('LOAD_GLOBAL', 0), op('PRINTF', 0, 1), op('JMP', COUNT), op('HALT')],
    ...[op('LOAD_LOCAL', 0), op('PUSH', 3), op('MUL'), op('RET', 0, 1)],
  ],
  { strings: [ascii('%d\n')], loop: COUNT },
);
const EPOCH = 32;
const STEPS = 400;
const busy = (more: Partial<BoardSettings> = {}): BoardSettings => ({
  program: BUSY,
  steps: STEPS,
  read: (_, step) => (step >> 5) & 1,
  ...more,
});

const both = async (settings: BoardSettings): Promise<[LockstepResult, LockstepResult]> => [
  await lockstep(boardWith(settings), settings, { mode: 'digest', epoch: EPOCH }),
  await lockstep(boardWith(settings), settings, { mode: 'trace' }),
];

/** What a digest run must tell as a traced one does. */
function verdictOf({ mismatch, state, ...result }: LockstepResult) {
  const { stepsCompared, endMismatch, stopReason, fault, pc, inputs, printed, pinChanges } = result;
  const found =
    mismatch === undefined
      ? undefined
      : { ...mismatch, epoch: undefined, history: mismatch.history.slice(-8) };
  const kept = { inputs, printed: printed.map((text) => Buffer.from(text).toString()), pinChanges };
  return { stepsCompared, endMismatch, stopReason, fault, pc, mismatch: found, state, ...kept };
}

describe('a digest run beside the model', () => {
  it('agrees with a board that does what the program says, and finds what a trace finds', async () => {
    const settings = busy();
    const [digest, trace] = await both(settings);
    expect(verdictOf(digest)).toEqual(verdictOf(trace));
    expect(digest).toMatchObject({ mode: 'digest', stepsCompared: STEPS, endMismatch: undefined });
    expect(digest.state?.differences).toEqual([]);
    expect(digest.inputs).toEqual(trace.inputs);
    expect(digest.inputs.length).toBeGreaterThan(15);
    expect(digest.printed).toEqual(trace.printed);
    expect(digest.printed.length).toBeGreaterThan(15);
    expect(digest.pinChanges).toEqual([{ pin: 0, level: 1, timeUs: 0 }]);
  });

  it('tells of steps, rounds and texts as it goes', async () => {
    const steps: number[] = [];
    const texts: string[] = [];
    const settings = busy();
    const board = boardWith(settings);
    const result = await lockstep(
      board,
      settings,
      { mode: 'digest', epoch: EPOCH },
      {
        onProgress: (so) => steps.push(so.steps),
        onPrint: (text) => texts.push(Buffer.from(text).toString()),
      },
    );
    expect(steps).toEqual(Array.from({ length: 13 }, (_, n) => Math.min(STEPS, 32 * (n + 1))));
    // Each epoch is acknowledged at once; the board needn't be asked.
    const expected = Array.from({ length: 13 }, (_, n) => 0x81 + n);
    expect(board.fake.acknowledgements).toEqual(expected);
    expect(texts).toEqual(result.printed.map((text) => Buffer.from(text).toString()));
  });

  const wrongSteps = [0, 1, 30, 31, 32, 33, 63, 64, 150, 287, 399];
  it.each(wrongSteps)(
    'names step %d when only that one is wrong, as a trace does',
    async (wrong) => {
      const say = (effect: Effect, step: number): Effect =>
        step === wrong ? { ...effect, sp: effect.sp + 1 } : effect;
      const [digest, trace] = await both(busy({ say }));
      expect(trace.mismatch?.step).toBe(wrong);
      expect(digest.mismatch).toMatchObject({
        epoch: Math.floor(wrong / EPOCH),
        unknown: undefined,
      });
      expect(digest.mismatch?.history.length).toBeGreaterThanOrEqual(Math.min(wrong + 1, 16));
      expect(verdictOf(digest)).toEqual(verdictOf(trace));
    },
  );

  it.each(wrongSteps)(
    'names step %d when all goes wrong from there, as a trace does',
    async (wrong) => {
      const before: BoardSettings['before'] = (engine, step) => {
        if (step === wrong) engine.pc += 1;
      };
      const [digest, trace] = await both(busy({ before }));
      expect(trace.mismatch?.step).toBe(wrong);
      expect(verdictOf(digest)).toEqual(verdictOf(trace));
    },
  );

  it('finds a wrong step in an epoch that was cut short', async () => {
    const say = (effect: Effect, step: number): Effect =>
      step === 77 ? { ...effect, value: effect.value ^ 4 } : effect;
    const digest = { epochs: [1, 7, 32, 30, 2, 32, 11] };
    const settings = busy({ say, digest });
    const result = await lockstep(boardWith(settings), settings, { mode: 'digest', epoch: EPOCH });
    expect(result.mismatch).toMatchObject({ step: 77, epoch: 5 });
  });

  it('reads little of the ring', async () => {
    const say = (effect: Effect, step: number): Effect =>
      step === 77 ? { ...effect, sp: 9 } : effect;
    const settings = busy({ say });
    const board = boardWith(settings);
    await lockstep(board, settings, { mode: 'digest', epoch: EPOCH });
    const peeks = board.fake.received.filter(({ fields }) => fields[2] === 'ring');
    // Header, and each of these twice: at most six of 32 hashes, the wrong one's entry.
    expect(peeks.length).toBeLessThanOrEqual(15);
    expect(board.fake.executed).toContain('STOP');
  });

  it('does not let a board go on after the program has halted', async () => {
    const program = programOf([op('PUSH', 1), op('HALT')]);
    const more: Effect = { pc: 1, opcode: 0, sp: 1, kind: EFFECT_KINDS.TOP, address: 0, value: 1 };
    const [digest, trace] = await both({ program, steps: 10, more: [more] });
    expect(digest.mismatch).toMatchObject({ step: 2, fields: ['step'], epoch: 0 });
    expect(verdictOf(digest)).toEqual(verdictOf(trace));
  });

  it('agrees on a fault, and only on the same one', async () => {
    const program = programOf([op('PUSH', 1), op('PUSH', 0), op('DIV')]);
    const [same, traced] = await both({ program, steps: 10 });
    expect(same).toMatchObject({ fault: 6, stepsCompared: 3, stopReason: 'fault' });
    expect(verdictOf(same)).toEqual(verdictOf(traced));
    const say = (effect: Effect): Effect =>
      effect.kind === EFFECT_KINDS.ERROR ? { ...effect, value: 7 } : effect;
    const [other, otherTraced] = await both({ program, steps: 10, say });
    expect(other.mismatch).toMatchObject({ step: 2, fields: ['value'], effect: { value: 7 } });
    expect(verdictOf(other)).toEqual(verdictOf(otherTraced));
  });

  it.each([
    ['its budget', { steps: 100 }, /^still running in round/, /^steps in round/],
    ['another reason', { fake: { status: ended('loops') } }, /^steps in round/, /^loops in round/],
  ])('a board that ends otherwise: %s', async (_, change, expected, actual) => {
    const settings = busy(change);
    const result = await lockstep(boardWith(settings), busy(), { mode: 'digest', epoch: EPOCH });
    expect(result.mismatch).toBeUndefined();
    expect(result.endMismatch?.expected).toMatch(expected);
    expect(result.endMismatch?.actual).toMatch(actual);
  });

  it('a board that goes beyond its budget', async () => {
    const result = await lockstep(boardWith(busy()), busy({ steps: 390 }), {
      mode: 'digest',
      epoch: EPOCH,
    });
    expect(result.endMismatch?.expected).toMatch(/^steps, 10 earlier in round/);
  });
});

function ended(reason: string) {
  return (values: Record<string, string | number>): Record<string, string | number> =>
    values.state === 'done' ? { ...values, reason } : values;
}

describe('texts of a run that goes wrong', () => {
  const told = async (settings: BoardSettings, mode: 'digest' | 'trace'): Promise<string[]> => {
    const texts: string[] = [];
    const comparison = mode === 'trace' ? { mode } : { mode, epoch: EPOCH };
    await lockstep(boardWith(settings), settings, comparison, {
      onPrint: (text) => texts.push(Buffer.from(text).toString()),
    });
    return texts;
  };

  // A round of the loop has 22 steps and its text in the 21st; the loop begins at step 9.
  it.each([
    [29, 0],
    [30, 1],
    [95, 3],
    [96, 4],
  ])('those before step %d are handed on: %d', async (wrong, count) => {
    const say = (effect: Effect, step: number): Effect =>
      step === wrong ? { ...effect, sp: effect.sp + 1 } : effect;
    const texts = Array.from({ length: count }, (_, n) => `${n + 1}\n`);
    expect(await told(busy({ say }), 'trace')).toEqual(texts);
    expect(await told(busy({ say }), 'digest')).toEqual(texts);
  });

  it('all are, when only the state was changed', async () => {
    const before: BoardSettings['before'] = (engine, step) => {
      if (step === 70) engine.context.globals[50] = 3;
    };
    // In steps 0 to 95, the epochs that were compared.
    expect(await told(busy({ before }), 'digest')).toEqual(['1\n', '2\n', '3\n', '4\n']);
  });
});

describe('a state that was changed behind the back of the VM', () => {
  const settings = busy({
    before: (engine, step) => {
      if (step === 70) engine.context.globals[50] = 3;
    },
  });

  it('is found in its epoch, with the cells', async () => {
    const result = await lockstep(boardWith(settings), settings, { mode: 'digest', epoch: EPOCH });
    expect(result.mismatch).toBeUndefined();
    expect(result.stateChange).toEqual({ epoch: 2, firstStep: 64, lastStep: 95 });
  });

  it('has both states compared after the same step', async () => {
    // The board has run on into the next epoch by the time it is stopped.
    const [last, steps] = [127, 128];
    const cut = busy({ ...settings, steps });
    const result = await lockstep(boardWith(cut), cut, { mode: 'digest', epoch: EPOCH });
    expect(result.state?.differences).toEqual([
      { region: 'globals', index: 50, name: undefined, expected: 0, actual: 3 },
    ]);
    expect(result.stateChange?.lastStep).toBeLessThan(last);
    expect(result.stopReason).toBeUndefined();
  });

  it('stands when the board dies before it can be asked', async () => {
    const board = boardWith(settings);
    const answer = board.fake.answer;
    board.fake.answer = (fields) => (fields[0] === 'STOP' ? undefined : answer(fields));
    const result = await lockstep(board, settings, { mode: 'digest', epoch: EPOCH });
    expect(result.stateChange).toEqual({ epoch: 2, firstStep: 64, lastStep: 95 });
    expect(result.state).toBeUndefined();
  });
});

describe('inputs of a digest run', () => {
  it('an impossible one is a divergence, with what was read', async () => {
    const say = (effect: Effect, step: number): Effect =>
      effect.kind === EFFECT_KINDS.INPUT && step > 90 ? { ...effect, value: 2 } : effect;
    const [digest, trace] = await both(busy({ say }));
    expect(trace.mismatch?.implausible).toBe('2 is not in 0..1');
    expect(verdictOf(digest)).toEqual(verdictOf(trace));
  });

  it('a clock that runs backwards is one even where the model would agree', async () => {
    const program = programOf([op('MILLIS'), op('MILLIS'), op('POP'), op('POP'), op('JMP', 0)]);
    const read = (_: number, step: number): number => (step < 40 ? 10 + step : 0);
    const [digest, trace] = await both({ program, steps: 60, read, realClock: true });
    expect(trace.mismatch?.implausible).toContain('time ran backwards');
    expect(digest.mismatch).toMatchObject({ step: trace.mismatch?.step, fields: ['value'] });
    expect(digest.mismatch?.implausible).toBe(trace.mismatch?.implausible);
  });

  it('a wrong step before an impossible input is the finding', async () => {
    const say = (effect: Effect, step: number): Effect => {
      if (step === 70) return { ...effect, sp: 5 };
      return effect.kind === EFFECT_KINDS.INPUT && step > 70 ? { ...effect, value: 2 } : effect;
    };
    const [digest] = await both(busy({ say }));
    expect(digest.mismatch).toMatchObject({ step: 70, fields: ['sp'], implausible: undefined });
  });

  it.each([
    ['has no input at step 19, which read one', 1, (): [] => []],
    [
      'has an input at step 20, which read none',
      0,
      (inputs: readonly object[]) => [...inputs, { offset: 20, port: 5, value: 0 }],
    ],
  ] as const)('a log that does not fit: %s', async (message, bit, log) => {
    const digest = { log: (inputs: never, epoch: number) => (epoch === 0 ? log(inputs) : inputs) };
    // Missing inputs count as 0 on both sides, so that the effects agree.
    const settings = busy({ read: () => 0 * bit, digest: digest as never });
    const run = lockstep(boardWith(settings), settings, { mode: 'digest', epoch: EPOCH });
    await expect(run).rejects.toThrow(message);
    await expect(run).rejects.toMatchObject({ causeClass: 'firmware' });
  });
});

describe('a ring that does not help', () => {
  const say = (effect: Effect, step: number): Effect =>
    step === 70 ? { ...effect, sp: 9 } : effect;

  it.each<[string, Partial<BoardSettings['digest']>]>([
    ['of another image', { imageCrc: () => 1 }],
    ['', {}],
  ])('a ring %s: the epoch is named all the same', async (name, digest) => {
    const settings = busy({ say, digest: { ...digest } });
    const board = boardWith(settings);
    const answer = board.fake.answer;
    if (name === '')
      board.fake.answer = (fields) =>
        fields[0] === 'PEEK' ? ['X', 'unsupported', 'no_ring'] : answer(fields);
    const run = lockstep(board, settings, { mode: 'digest', epoch: EPOCH });
    const error: unknown = await run.catch((reason: unknown) => reason);
    if (!(error instanceof HilError)) throw new Error('nothing was thrown');
    expect(error.causeClass).toBe('firmware');
    expect(error.message).toContain('part in epoch 2, which begins at step 64');
  });

  it('that contradicts its own checkpoint is an error of the board', async () => {
    const settings = busy();
    const board = boardWith(settings);
    const event = board.fake.event.bind(board.fake);
    board.fake.event = (...fields) => {
      // The stream hash of every checkpoint is wrong, the ring isn't.
      const bytes = Buffer.from(fields[2] ?? '', 'base64');
      if (fields[0] === 'CHECK') bytes.writeUInt8((bytes[8] ?? 0) ^ 1, 8);
      const sent = fields[0] === 'CHECK' ? ['CHECK', '0', bytes.toString('base64')] : fields;
      event(...sent);
    };
    const run = lockstep(board, settings, { mode: 'digest', epoch: EPOCH });
    await expect(run).rejects.toThrow(/the checkpoint of epoch 0 contradicts the board's own ring/);
  });
});
