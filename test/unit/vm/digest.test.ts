import { describe, expect, it } from 'vitest';
import { OPCODES } from '../../../src/isa/index.ts';
import {
  createEngine,
  createMemoryOps,
  createModelIo,
  ENTRY_WORDS,
  FIRST_HASH,
  loadProgram,
  restoreModel,
  runDigest,
  saveModel,
  stateHash,
  stepWithEffect,
  type IOController,
} from '../../../src/vm/index.ts';
import { digestOf } from '../../helpers/fake-digest.ts';
import {
  ascii,
  engineBefore,
  INT_MAX,
  INT_MIN,
  mockIo,
  op,
  preparedMemory,
  programOf,
  stateOf,
  type Situation,
} from './support.ts';

/** u32 as people write hashes. */
const hex = (hash: number): string => `0x${(hash >>> 0).toString(16)}`;

function digestAll(situation: Situation) {
  const engine = engineBefore(situation);
  preparedMemory(engine);
  const entries = new Int32Array(ENTRY_WORDS * 4);
  return { engine, entries, made: runDigest(engine, FIRST_HASH, 4, entries) };
}

describe('runDigest', () => {
  it('folds what docs/lockstep.md says, worked out with another implementation', () => {
    const engine = createEngine({ io: mockIo() });
    const instructions = [op('PUSH', 5), op('STORE_GLOBAL', 3), op('PRINTF', 0), op('POP')];
    loadProgram(engine, programOf(instructions, { strings: [ascii('Hi\n')] }));
    const entries = new Int32Array(ENTRY_WORDS * 9);
    expect(runDigest(engine, FIRST_HASH, 9, entries)).toBe(4);
    // Computed in Python with integers of any size, from the page alone.
    const hashes = [0, 2, 4, 6].map((index) => hex(entries[index] ?? 0));
    expect(hashes).toEqual(['0x4aed812c', '0xeee73ec1', '0xcdb4e3ae', '0x9cb3acd5']);
    expect([1, 3, 5, 7].map((index) => entries[index])).toEqual([5, 5, 1_037_721_321, 2]);
  });

  const STACKS = [[], [1], [2, 3], [INT_MIN, -1], [INT_MAX, 0, 1], [0, 0, 0, 7]];
  const FRAMES = [[], [[3, 1]]] as const;
  const FULL = Array.from({ length: 128 }, (_, index) => index);
  const situations = OPCODES.flatMap(({ name, flags }) => {
    const choices = flags.kind === 'choice' ? Object.keys(flags.names).map(Number) : [0, 1, 9];
    return choices.map((choice) => ({ name, flags: choice }));
  });

  /** The same by the effects that a traced run sends. */
  const effectsOf = (situation: Situation) => {
    const engine = engineBefore(situation);
    preparedMemory(engine);
    const entries: number[] = [];
    let hash = FIRST_HASH;
    for (let index = 0; index < 4; index += 1) {
      const effect = stepWithEffect(engine);
      if (effect === undefined) break;
      const digest = digestOf(hash, effect);
      hash = digest.hash;
      entries.push(hash, digest.value);
    }
    return { engine, entries };
  };
  const io = (status: 0 | 9): IOController => {
    if (status === 9) return mockIo(0, 9);
    const pins = [
      { adc: true, pwm: true, dac: false },
      { adc: false, pwm: false, dac: false },
    ];
    return createModelIo({
      pins,
      buttons: 1,
      clock: 'virtual',
      executed: () => 0,
      inputs: () => 1,
    });
  };

  it.each(situations)('agrees with the effects of $name, flags $flags', ({ name, flags }) => {
    let compared = 0;
    for (const stack of [...STACKS, FULL])
      for (const frames of FRAMES)
        for (const immediate of [0, 1, 63, 64, 0xffff])
          for (const status of [0, 9] as const) {
            if (frames.some(([, base]) => base > stack.length)) continue;
            const strings = [ascii('%d!'), ascii('plain')];
            const situation = { instruction: op(name, immediate, flags), stack, frames, strings };
            const digest = digestAll({ ...situation, io: io(status) });
            const effects = effectsOf({ ...situation, io: io(status) });
            const words = [...digest.entries.subarray(0, ENTRY_WORDS * digest.made)];
            const same =
              words.join() === effects.entries.join() &&
              stateHash(digest.engine) === stateHash(effects.engine);
            if (!same) expect({ ...situation, words }).toEqual(effects.entries);
            compared += digest.made;
          }
    expect(compared).toBeGreaterThan(100);
  });

  it('makes no step of an engine that has stopped', () => {
    const engine = createEngine({ io: mockIo() });
    loadProgram(engine, programOf([op('HALT')]));
    const entries = new Int32Array(ENTRY_WORDS * 4);
    expect(runDigest(engine, FIRST_HASH, 4, entries)).toBe(1);
    expect(runDigest(engine, FIRST_HASH, 4, entries)).toBe(0);
  });
});

describe('stateHash', () => {
  const STATE = '0xce2872e2';
  const prepared = () => {
    const engine = createEngine({ io: mockIo() });
    loadProgram(engine, programOf(Array.from({ length: 20 }, () => op('HALT'))));
    const memory = createMemoryOps(engine.context);
    memory.storeGlobal(63, -1);
    memory.createArray(15, 2);
    memory.storeArray(15, 1, 9);
    engine.pc = 7;
    engine.stack.set([4, -5, 99]);
    engine.sp = 2;
    engine.frames.set([12, 1, 88, 77]);
    engine.depth = 1;
    engine.frameBase = 1;
    return engine;
  };

  it('is what docs/lockstep.md says, worked out with another implementation', () => {
    expect(hex(stateHash(prepared()))).toBe(STATE);
  });

  it.each([
    ['pc', (engine) => (engine.pc += 1)],
    ['sp', (engine) => (engine.sp += 1)],
    ['depth', (engine) => (engine.depth += 1)],
    ['error', (engine) => (engine.error = 7)],
    ['a global', (engine) => (engine.context.globals[0] = 1)],
    ['a length', (engine) => (engine.context.arrayLengths[0] = 1)],
    ['a cell of an inactive array', (engine) => (engine.context.arrays[1023] = 1)],
    ['a value on the stack', (engine) => (engine.stack[0] = 5)],
    ['a return pc', (engine) => (engine.frames[0] = 13)],
    ['a frame base', (engine) => (engine.frames[1] = 0)],
  ] satisfies [string, (engine: ReturnType<typeof prepared>) => unknown][])(
    'sees a change of %s',
    (_, change) => {
      const engine = prepared();
      change(engine);
      expect(hex(stateHash(engine))).not.toBe(STATE);
    },
  );

  it('leaves out what lies above the stacks', () => {
    const engine = prepared();
    engine.stack[2] = 0;
    engine.frames[2] = 0;
    expect(hex(stateHash(engine))).toBe(STATE);
  });
});

describe('a saved model', () => {
  it('does the same again', () => {
    const outputs: string[] = [];
    const io = createModelIo({
      pins: [{ adc: false, pwm: false, dac: false }],
      buttons: 0,
      clock: 'virtual',
      executed: () => engine.executed,
      inputs: () => 1,
      onOutput: (port, value) => outputs.push(`${port}=${value}`),
    });
    const engine = createEngine({ io });
    const instructions = [
      ...[op('PUSH', 4), op('CREATE_ARRAY', 2), op('PUSH', 0), op('PUSH', 1), op('PIN_MODE')],
      ...[op('CALL', 7), op('HALT'), op('PUSH', 30), op('DELAY'), op('MILLIS')],
      ...[op('STORE_GLOBAL', 1), op('PUSH', 0), op('PUSH', 1), op('DIGITAL_WRITE'), op('RET')],
    ];
    loadProgram(engine, programOf(instructions));
    const entries = (): Int32Array => new Int32Array(ENTRY_WORDS * 32);
    runDigest(engine, FIRST_HASH, 7, entries());
    const saved = saveModel(engine, io);
    const before = stateOf(engine);

    const [first, second] = [entries(), entries()];
    const made = runDigest(engine, FIRST_HASH, 32, first);
    expect(engine.halted).toBe(true);
    const after = [stateOf(engine), stateHash(engine), io.elapsedUs(), io.modeOf(0)];
    const firstOutputs = outputs.splice(0).slice(-2);
    engine.stack.fill(9);
    engine.frames.fill(9);
    io.pinMode(0, 0);
    io.delay(5);
    restoreModel(engine, io, saved);
    outputs.length = 0;
    expect(stateOf(engine)).toEqual(before);
    expect(runDigest(engine, FIRST_HASH, 32, second)).toBe(made);
    expect(second).toEqual(first);
    expect(outputs).toEqual(firstOutputs);
    expect([stateOf(engine), stateHash(engine), io.elapsedUs(), io.modeOf(0)]).toEqual(after);
  });
});
