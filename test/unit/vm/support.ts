import { vi } from 'vitest';
import type { Program } from '../../../src/image/index.ts';
import { opcodeByName, type Instruction, type OpcodeName } from '../../../src/isa/index.ts';
import {
  createEngine,
  createMemoryOps,
  loadProgram,
  type Engine,
  type IOController,
  type IoStatus,
  type VMMemoryOps,
} from '../../../src/vm/index.ts';

export const INT_MIN = -2_147_483_648;
export const INT_MAX = 2_147_483_647;

/** One instruction by name. */
export function op(name: OpcodeName, immediate = 0, flags = 0): Instruction {
  const row = opcodeByName(name);
  if (row === undefined) throw new Error(`no opcode ${name}`);
  return { opcode: row.code, flags, immediate };
}

export const ascii = (text: string): Uint8Array => new TextEncoder().encode(text);

export function programOf(
  instructions: readonly Instruction[],
  parts: Partial<Program> = {},
): Program {
  return { instructions, strings: [], entry: 0, loop: undefined, debug: undefined, ...parts };
}

/** An io controller of mocks: every operation succeeds, every read gives `value`. */
export function mockIo(value = 0, status: IoStatus = 0) {
  const read = (out: { value: number }): IoStatus => {
    if (status === 0) out.value = value;
    return status;
  };
  return {
    pinMode: vi.fn<IOController['pinMode']>(() => status),
    digitalWrite: vi.fn<IOController['digitalWrite']>(() => status),
    digitalRead: vi.fn<IOController['digitalRead']>((_pin, out) => read(out)),
    analogWrite: vi.fn<IOController['analogWrite']>(() => status),
    analogRead: vi.fn<IOController['analogRead']>((_pin, out) => read(out)),
    button: vi.fn<IOController['button']>((_id, out) => read(out)),
    delay: vi.fn<IOController['delay']>(() => status),
    millis: vi.fn<IOController['millis']>((out) => read(out)),
    micros: vi.fn<IOController['micros']>((out) => read(out)),
    print: vi.fn<IOController['print']>(() => status),
  };
}

export type MockIo = ReturnType<typeof mockIo>;

/** Memory operations of mocks; each can be told what to answer. */
export function mockMemory(answers: { value?: number | undefined; done?: boolean } = {}) {
  const done = answers.done ?? true;
  return {
    loadGlobal: vi.fn<VMMemoryOps['loadGlobal']>(() => answers.value),
    storeGlobal: vi.fn<VMMemoryOps['storeGlobal']>(() => done),
    createArray: vi.fn<VMMemoryOps['createArray']>(() => done),
    loadArray: vi.fn<VMMemoryOps['loadArray']>(() => answers.value),
    storeArray: vi.fn<VMMemoryOps['storeArray']>(() => done),
  };
}

export function callsOf(mocks: object): number {
  return Object.values(mocks)
    .filter((mock) => vi.isMockFunction(mock))
    .reduce((sum, mock) => sum + mock.mock.calls.length, 0);
}

export interface Situation {
  readonly instruction: Instruction;
  /** What is on the operand stack, bottom first. */
  readonly stack?: readonly number[];
  /** Calls in progress: pairs {return pc, frame base}. */
  readonly frames?: readonly (readonly [number, number])[];
  readonly strings?: readonly Uint8Array[];
  readonly io?: IOController;
  readonly memory?: VMMemoryOps;
}

/** Index of the instruction under test, and number of instructions in the program around it. */
export const AT = 2;
export const COUNT = 5;

/** An engine about to execute one instruction, at index 2 of a program of 5. */
export function engineBefore(situation: Situation): Engine {
  const engine = createEngine({
    io: situation.io ?? mockIo(),
    ...(situation.memory === undefined ? {} : { memory: situation.memory }),
  });
  const around = Array.from({ length: COUNT }, (_, index) =>
    index === AT ? situation.instruction : op('HALT'),
  );
  loadProgram(engine, programOf(around, { entry: AT, strings: situation.strings ?? [] }));
  engine.stack.set(situation.stack ?? []);
  engine.sp = situation.stack?.length ?? 0;
  const frames = situation.frames ?? [];
  engine.frames.set(frames.flat());
  engine.depth = frames.length;
  engine.frameBase = frames.at(-1)?.[1] ?? 0;
  return engine;
}

export const stackOf = (engine: Engine): number[] => [...engine.stack.subarray(0, engine.sp)];

/** Everything that a fault must leave as it was. */
export function stateOf(engine: Engine) {
  const { context } = engine;
  return {
    pc: engine.pc,
    stack: [...engine.stack],
    sp: engine.sp,
    frameBase: engine.frameBase,
    frames: [...engine.frames],
    depth: engine.depth,
    halted: engine.halted,
    executed: engine.executed,
    executedByOpcode: [...engine.executedByOpcode],
    maxStackDepth: engine.maxStackDepth,
    globals: [...context.globals],
    globalCount: context.globalCount,
    arrays: [...context.arrays],
    arrayLengths: [...context.arrayLengths],
  };
}

/** Real memory with arrays 0 (length 3: 10, 11, 12) and 15 (length 64), and global 5 = 55. */
export function preparedMemory(engine: Engine): void {
  const memory = createMemoryOps(engine.context);
  memory.storeGlobal(5, 55);
  memory.createArray(0, 3);
  memory.createArray(15, 64);
  for (const index of [0, 1, 2]) memory.storeArray(0, index, 10 + index);
}
