import { describe, expect, it } from 'vitest';
import { HilError } from '../../../src/errors/index.ts';
import { Runner } from '../../mutants/runner.ts';
import type { Station } from '../../mutants/station.ts';
import type { Unit } from '../../mutants/units.ts';
import { op, programOf } from '../vm/support.ts';

const UNIT: Unit = {
  id: 'one',
  program: programOf([op('HALT')]),
  steps: 1,
  loops: 0,
  stimuli: new Map(),
  inputs: [],
  printed: undefined,
  pc: undefined,
};

/** A runner on boards that can't be prepared, for one cause after the other. */
function runnerOf(causes: readonly ('harness' | 'firmware')[]) {
  const left = [...causes];
  const log: string[] = [];
  const open = (): Promise<Station> => {
    log.push('open');
    const prepare = (): Promise<void> => {
      log.push('run');
      return Promise.reject(new HilError(left.shift() ?? 'firmware', 'it failed'));
    };
    const close = (): Promise<void> => {
      log.push('close');
      return Promise.resolve();
    };
    return Promise.resolve({ prepare, [Symbol.asyncDispose]: close } as unknown as Station);
  };
  return { log, runner: new Runner(open) };
}

describe('a run of a campaign', () => {
  it('that compares nothing is made once more on a new station, and counted', async () => {
    const { log, runner } = runnerOf(['harness', 'firmware']);
    expect((await runner.run(UNIT, 'trace')).seen.kind).toBe('silent');
    expect(log).toEqual(['open', 'run', 'close', 'open', 'run', 'close']);
    expect(runner.repeated).toBe(1);
  });

  it('that compares nothing twice is told as it is', async () => {
    const { log, runner } = runnerOf(['harness', 'harness', 'firmware']);
    expect((await runner.run(UNIT, 'trace')).seen).toEqual({
      kind: 'nothing',
      detail: 'it failed',
    });
    expect(log.filter((what) => what === 'run')).toHaveLength(2);
  });

  it('that ends in silence is not made again', async () => {
    const { log, runner } = runnerOf(['firmware']);
    expect((await runner.run(UNIT, 'trace')).seen.kind).toBe('silent');
    expect(log).toEqual(['open', 'run', 'close']);
    expect(runner.repeated).toBe(0);
  });

  it('is one of three at most that fail', async () => {
    const { runner } = runnerOf([]);
    for (const exhausted of [false, false, true]) {
      await runner.run(UNIT, 'trace');
      expect(runner.exhausted).toBe(exhausted);
    }
  });
});
