import { expect } from 'vitest';
import { step, type Engine } from '../../../src/vm/index.ts';
import { AT, engineBefore, preparedMemory, stackOf, stateOf, type Situation } from './support.ts';

/** Executes the instruction and expects this stack afterwards and pc on the next instruction. */
export function expectStack(situation: Situation, stack: readonly number[]): Engine {
  const engine = engineBefore(situation);
  if (situation.memory === undefined) preparedMemory(engine);
  expect(step(engine)).toBe('executed');
  expect(stackOf(engine)).toEqual(stack);
  expect(engine.error).toBe(0);
  expect(engine.pc).toBe(AT + 1);
  expect(engine.executed).toBe(1);
  return engine;
}

/** Executes the instruction and expects this fault, nothing else changed, and the same answer for ever after. */
export function expectFault(situation: Situation, error: number): Engine {
  const engine = engineBefore(situation);
  if (situation.memory === undefined) preparedMemory(engine);
  const before = stateOf(engine);
  expect(step(engine)).toBe('fault');
  expect(engine.error).toBe(error);
  expect(stateOf(engine)).toEqual(before);
  expect(step(engine)).toBe('idle');
  expect(engine.error).toBe(error);
  expect(stateOf(engine)).toEqual(before);
  return engine;
}

/** A stack of n values 1..n. */
export const filled = (count: number): number[] =>
  Array.from({ length: count }, (_, index) => index + 1);
