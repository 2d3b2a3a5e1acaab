import { expect } from 'vitest';
import type { Program } from '../../src/image/index.ts';
import type { LockstepResult, LockstepSettings } from '../../src/lockstep/index.ts';
import type { TestBench } from './bench.ts';

/** A program's run on a bench in both modes that compare every step. */
export interface BothModes {
  readonly digest: LockstepResult;
  readonly trace: LockstepResult;
}

/** Runs a program in mode digest and then in mode trace. @param epoch most steps of an epoch; the board's most when left out */
export async function inBothModes(
  bench: TestBench,
  program: Program,
  loops: number,
  epoch = bench.hello.epoch,
  change: Partial<LockstepSettings> = {},
): Promise<BothModes> {
  const comparison = { mode: 'digest', epoch } as const;
  const digest = await bench.lockstep(program, loops, { ...change, comparison });
  return { digest, trace: await bench.lockstep(program, loops, change) };
}

/** Everything that both modes must find, and find alike; what led to a divergence, as far as the shorter history goes. */
export function foundBy({ mode, stateChange, mismatch, ...result }: LockstepResult) {
  expect(['digest', 'trace']).toContain(mode);
  expect(stateChange).toBeUndefined();
  if (mismatch === undefined) return { ...result, mismatch };
  const history = mismatch.history.slice(-8);
  return { ...result, mismatch: { ...mismatch, epoch: undefined, history } };
}

/** Expects that a digest run found what a traced one found. */
export function expectAlike({ digest, trace }: BothModes): void {
  expect(foundBy(digest)).toEqual(foundBy(trace));
}
