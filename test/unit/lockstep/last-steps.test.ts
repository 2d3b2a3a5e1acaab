import { crc32 } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ringOver, type Ring } from '../../../src/agent/index.ts';
import { buildImage, stripDebug, type Program } from '../../../src/image/index.ts';
import { EFFECT_KINDS, type Effect } from '../../../src/isa/index.ts';
import { Anticipation } from '../../../src/lockstep/anticipation.ts';
import type { LastSteps, RingExaminer } from '../../../src/lockstep/index.ts';
import { digestOf } from '../../helpers/fake-digest.ts';
import { ascii, op, programOf } from '../vm/support.ts';
import { boardWith, lockstep, type BoardSettings } from './board.ts';

/** Counts a global up and reads a pin, for ever. */
const PROGRAM: Program = programOf([
  ...[op('LOAD_GLOBAL', 0), op('PUSH', 1), op('ADD'), op('STORE_GLOBAL', 0)],
  ...[op('PUSH', 0), op('DIGITAL_READ'), op('POP'), op('JMP', 0)],
]);
const LENGTH = 8;
const EPOCH = 16;
const FIRST = 0x6a09e667 | 0;
const read = (_: number, step: number): number => (step >> 4) & 1;

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** Lets the fake clock run until some work has failed. */
async function failureOf(work: Promise<unknown>): Promise<unknown> {
  let failure: unknown;
  work.catch((error: unknown) => (failure = error));
  for (let tick = 0; tick < 1000 && failure === undefined; tick += 1)
    await vi.advanceTimersByTimeAsync(10);
  return failure;
}

const readingSteps = (end: number): number[] =>
  Array.from({ length: end }, (_, step) => step).filter((step) => step % LENGTH === 5);

interface Death {
  /** Steps that ended. */
  readonly ended: number;
  /** Of them, in the open epoch, those that the header doesn't count yet. */
  readonly uncounted: number;
  /** Checkpoints that the host has received, of those that were due. */
  readonly received: number;
  readonly say?: BoardSettings['say'];
  readonly program?: Program;
  /** What the last entry looks like, if not whole. */
  readonly torn?: 'hash' | 'value';
  readonly header?: Partial<Ring['header']>;
  /** Lines come in two pieces, of the first checkpoint that isn't received only the first. */
  readonly pieces?: boolean;
}

/** The ring of a board that died, made from what it did. */
function ringOf(effects: readonly Effect[], death: Death, program: Program): Ring {
  const { ended, uncounted } = death;
  const slots = new Int32Array(4 * EPOCH);
  let hash = FIRST;
  const starts = [FIRST];
  for (const [step, effect] of effects.slice(0, ended).entries()) {
    const digest = digestOf(hash, effect);
    hash = digest.hash;
    if ((step + 1) % EPOCH === 0) starts.push(hash);
    const at = 2 * (step % (2 * EPOCH));
    const half = step === ended - 1 ? death.torn : undefined;
    if (half !== 'value') slots[at] = digest.hash;
    if (half !== 'hash') slots[at + 1] = digest.value;
  }
  const epoch = Math.floor(Math.max(ended - 1, 0) / EPOCH);
  const header = {
    vm: 0,
    size: EPOCH,
    epoch,
    firstStep: epoch * EPOCH,
    steps: Math.max(0, ended - epoch * EPOCH - uncounted),
    hash: starts[epoch] ?? 0,
    before:
      epoch === 0
        ? { firstStep: 0, steps: 0, hash: 0 }
        : { firstStep: (epoch - 1) * EPOCH, steps: EPOCH, hash: starts[epoch - 1] ?? 0 },
    imageCrc: crc32(stripDebug(buildImage(program))),
    ...death.header,
  };
  const bytes = new Uint8Array(slots.buffer);
  return ringOver(header, (offset, length) =>
    Promise.resolve(bytes.slice(offset, offset + length)),
  );
}

/** Runs a board that stops sending after some epochs, and examines its ring. */
async function autopsy(death: Death): Promise<LastSteps | undefined> {
  const { program = PROGRAM } = death;
  const settings = { program, steps: 200, read, ...(death.say ? { say: death.say } : {}) };
  let checkpoints = 0;
  const fault = (line: string): readonly string[] => {
    const isCheckpoint = / (CHECK|F) /.test(line);
    if (isCheckpoint) checkpoints += 1;
    const [first, second] = [line.slice(0, 4), line.slice(4)];
    if (checkpoints <= death.received) return death.pieces === true ? [first, second] : [line];
    const isNext = isCheckpoint && checkpoints === death.received + 1;
    return isNext && death.pieces === true ? [first] : [];
  };
  // One epoch at a time, so that the next one begins to arrive when the one before was compared.
  const digest = death.pieces === true ? { window: 1 } : {};
  const board = boardWith({ ...settings, fake: { fault }, digest });
  let examine: RingExaminer | undefined;
  const run = lockstep(
    board,
    settings,
    { mode: 'digest', epoch: EPOCH },
    { onExaminer: (given) => (examine = given) },
  );
  expect(await failureOf(run)).toMatchObject({ causeClass: 'firmware' });
  if (examine === undefined) throw new Error('nobody can examine the ring');
  return examine(ringOf(board.effects, death, program));
}

describe('the ring of a board that died', () => {
  it.each<[string, Death, number]>([
    ['in its first step', { ended: 0, uncounted: 0, received: 0 }, 0],
    ['in its first epoch, nothing counted', { ended: 5, uncounted: 5, received: 0 }, 5],
    ['in its first epoch, some counted', { ended: 13, uncounted: 3, received: 0 }, 13],
    ['after its first epoch, unseen', { ended: 16, uncounted: 0, received: 0 }, 16],
    ['after its first epoch, seen', { ended: 16, uncounted: 0, received: 1 }, 16],
    ['in its second epoch, the first unseen', { ended: 21, uncounted: 2, received: 0 }, 21],
    ['in its second epoch, the first seen', { ended: 21, uncounted: 5, received: 1 }, 21],
    ['in its fourth epoch, over old entries', { ended: 55, uncounted: 7, received: 3 }, 55],
    ['in its fifth epoch, the fourth unseen', { ended: 79, uncounted: 15, received: 3 }, 79],
    ['at the end of its fourth epoch, uncounted', { ended: 64, uncounted: 16, received: 3 }, 64],
    ['between the two words of a note', { ended: 57, uncounted: 9, received: 3, torn: 'hash' }, 56],
    ['with the value noted first', { ended: 57, uncounted: 9, received: 3, torn: 'value' }, 56],
  ])('%s: names the step that never ended', async (_, death, step) => {
    const found = await autopsy(death);
    expect(found).toMatchObject({ kind: 'unended', step, pc: step % LENGTH });
    // One step in eight, the sixth, reads the pin; the one that never ended isn't told to have.
    const steps = found?.inputs.map((input) => input.step).filter((at) => at < step);
    expect(steps).toEqual(readingSteps(step));
  });

  it.each([
    [50, 3],
    [55, 3],
    [40, 2],
    [32, 2],
  ])('shows step %d to be wrong, with %d checkpoints received', async (wrong, received) => {
    const say = (effect: Effect, step: number): Effect =>
      step === wrong ? { ...effect, value: effect.value + 2 } : effect;
    const found = await autopsy({ ended: 56, uncounted: 3, received, say });
    expect(found).toMatchObject({ kind: 'wrong', mismatch: { step: wrong, fields: ['value'] } });
  });

  it('says that the program was over', async () => {
    const program = programOf([op('PUSH', 1), op('HALT')]);
    expect(await autopsy({ ended: 2, uncounted: 1, received: 0, program })).toMatchObject({
      kind: 'ended',
      step: 2,
    });
  });

  it.each<[string, Partial<Ring['header']>]>([
    ['another image', { imageCrc: 1 }],
    ['another VM', { vm: 1 }],
    ['another size', { size: 8 }],
    ['an epoch that can’t be', { epoch: 7, firstStep: 112 }],
    ['another place', { firstStep: 49 }],
  ])('of %s says nothing', async (_, header) => {
    expect(await autopsy({ ended: 55, uncounted: 3, received: 3, header })).toBeUndefined();
  });

  it('takes what the program read from the ring itself', async () => {
    const found = await autopsy({ ended: 62, uncounted: 10, received: 3 });
    // Step 61 reads a pin; it read 1 in this epoch and 0 in the one whose entry was there before.
    expect(found).toMatchObject({ kind: 'unended', step: 62, pc: 62 % LENGTH });
    // A pin reads 0 in even epochs and 1 in odd ones.
    expect(found?.inputs).toEqual(
      readingSteps(62).map((step) => ({ step, port: 0, value: (step >> 4) & 1 })),
    );
  });

  it('tells what was printed since the last epoch that agreed', async () => {
    const program = programOf(
      [
        ...[op('LOAD_GLOBAL', 0), op('PUSH', 1), op('ADD'), op('STORE_GLOBAL', 0)],
        ...[op('LOAD_GLOBAL', 0), op('PRINTF', 0, 1), op('JMP', 0)],
      ],
      { strings: [ascii('%d\n')] },
    );
    const found = await autopsy({ ended: 34, uncounted: 3, received: 1, program });
    // The sixth step of seven prints: in the epoch that agreed 5 and 12, then 19, 26 and 33.
    const texts = found?.printed.map((text) => Buffer.from(text).toString());
    expect(texts).toEqual(['3\n', '4\n', '5\n']);
    const sooner = await autopsy({ ended: 33, uncounted: 3, received: 1, program });
    expect(sooner?.printed).toHaveLength(2);
    // The model was ahead: it had made the steps of the epoch whose checkpoint began to arrive.
    const run = vi.spyOn(Anticipation.prototype, 'run');
    const begun = await autopsy({ ended: 34, uncounted: 3, received: 1, program, pieces: true });
    expect(run).toHaveBeenCalledTimes(1);
    expect(begun).toEqual(found);
  });

  it('still tells when the run had found a wrong epoch and could not read the ring', async () => {
    const say = (effect: Effect, step: number): Effect =>
      step === 40 ? { ...effect, kind: EFFECT_KINDS.STORE, address: 1 } : effect;
    const settings = { program: PROGRAM, steps: 200, read, say };
    const board = boardWith(settings);
    const { answer } = board.fake;
    board.fake.answer = (fields) => (fields[0] === 'STOP' ? undefined : answer(fields));
    let examine: RingExaminer | undefined;
    const run = lockstep(
      board,
      settings,
      { mode: 'digest', epoch: EPOCH },
      { onExaminer: (given) => (examine = given) },
    );
    expect(await failureOf(run)).toHaveProperty(
      'message',
      expect.stringMatching(/part in epoch 2/),
    );
    const ring = ringOf(board.effects, { ended: 64, uncounted: 0, received: 3 }, PROGRAM);
    expect(await examine?.(ring)).toMatchObject({
      kind: 'wrong',
      mismatch: { step: 40, epoch: 2, effect: { kind: EFFECT_KINDS.STORE, address: 1 } },
    });
  });
});
