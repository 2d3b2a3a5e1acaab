import { resolve } from 'node:path';
import { loadBoard, type PinEdge } from '../../src/bench/index.ts';
import type { ValidationBench } from '../../src/validate/bench.ts';
import type { Person } from '../../src/validate/person.ts';
import type { StepTools } from '../../src/validate/step.ts';

export const BOARD = await loadBoard(resolve('hil-config/boards/nucleo_g474re.yaml'));

/** Somebody who says yes to everything, or nobody. */
export const somebody = (answer = true): Person => ({
  present: true,
  lasting: () => Promise.resolve(answer),
  now: () => Promise.resolve(answer),
});
export const NOBODY: Person = {
  present: false,
  lasting: () => Promise.resolve(undefined),
  now: () => Promise.resolve(undefined),
};

/** Answers of a bench on which everything is as it should be. Sketches print what the test says. */
export function fakeBench(change: Partial<ValidationBench> = {}): ValidationBench {
  return {
    name: 'nucleo',
    kind: 'nucleo',
    board: BOARD,
    hello: { adc: true, epoch: 1024, fw: 'abc', clock: 170_000_000 },
    pins: undefined,
    baud: 115_200,
    identity: () =>
      Promise.resolve({
        board: BOARD.id,
        uid: '0123456789abcdef01234567',
        firmware: 'abc',
        elf: 'e'.repeat(40),
        isa: '01234567',
        protocol: 3,
        mcuId: '20036469',
      }),
    health: () =>
      Promise.resolve({
        reset: ['pin'],
        stack: { size: 3072, used: 712 },
        lost: 0,
        watchdog: 0,
        vdda: 3302,
        crash: undefined,
      }),
    reflash: () =>
      Promise.resolve({ first: 'flashed', second: 'skipped', bytes: 30_000, verified: true }),
    echo: (bytes) => Promise.resolve(bytes),
    sweepRates: () => Promise.resolve(undefined),
    clockUs: () => Promise.resolve(0),
    lineTrouble: () => ({ badFrames: 0, repeats: 0 }),
    sketch: () => Promise.reject(new Error('no sketch was expected')),
    accident: () => Promise.reject(new Error('no accident was expected')),
    cycles: () => Promise.reject(new Error('no cycles were expected')),
    ...change,
  };
}

/** Tools whose clock goes on by what is slept and by 1 ms at each look. */
export function fakeTools(bench: ValidationBench, person: Person = NOBODY): StepTools {
  let ms = 0;
  return {
    bench,
    person,
    now: () => (ms += 1),
    sleep: (time) => {
      ms += time;
      return Promise.resolve();
    },
  };
}

/** A sketch that prints these lines. */
export const printing =
  (...lines: string[]): ValidationBench['sketch'] =>
  () =>
    Promise.resolve({ lines, steps: 100, ms: 10 });

/** A sketch that prints lines of its own each time. */
export function printingInTurn(...runs: readonly (readonly string[])[]): ValidationBench['sketch'] {
  const left = [...runs];
  return () => Promise.resolve({ lines: left.shift() ?? [], steps: 100, ms: 10 });
}

/** Pins that go through these levels whenever a sketch runs. */
export function watchedPins(pin: number, levels: readonly (0 | 1)[]) {
  const listeners = new Set<(edge: PinEdge) => void>();
  return {
    pins: {
      drive: () => Promise.resolve(),
      release: () => Promise.resolve(),
      onEdge: (listener: (edge: PinEdge) => void) => {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    },
    go: () => {
      for (const level of levels) for (const tell of listeners) tell({ pin, level, timeUs: 0 });
    },
  };
}
