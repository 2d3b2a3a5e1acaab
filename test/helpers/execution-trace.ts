import { expect } from 'vitest';
import type { Program } from '../../src/image/index.ts';
import type { TestBench } from './bench.ts';

const ins = (opcode: number, immediate = 0) => ({ opcode, flags: 0, immediate });

/** Pushes 0..19, then divides by zero: more instructions than the ring holds, the fault last. */
const PROGRAM: Program = {
  instructions: [...Array.from({ length: 20 }, (_, n) => ins(0x01, n)), ins(0x01, 0), ins(0x06)],
  strings: [],
  entry: 0,
  loop: undefined,
  debug: undefined,
};

/** Runs a program that faults and expects its last 16 instructions in the board's ring. */
export async function expectExecutionTrace(bench: TestBench): Promise<void> {
  const result = await bench.lockstep(PROGRAM, 0);
  expect(result.fault).toBe(6);
  const trace = await bench.agent.executionTrace(0);
  const pushes = Array.from({ length: 14 }, (_, index) => [6 + index, 0x01, 6 + index, 0]);
  expect(trace.map(({ pc, opcode, immediate, error }) => [pc, opcode, immediate, error])).toEqual([
    ...pushes,
    [20, 0x01, 0, 0],
    [21, 0x06, 0, 6],
  ]);
  for (const [index, entry] of trace.entries()) {
    // Unsigned difference: right across the wrap of the board's clock.
    expect((entry.us - (trace[index - 1]?.us ?? entry.us)) >>> 0).toBeLessThan(0x8000_0000);
  }
}
