import { PORTS } from '../isa/index.ts';
import { createEngine, createModelIo, loadProgram, type Engine } from '../vm/index.ts';
import type { RecordedRun } from './native-leg.ts';

/** What a model that is run again is listened to for; times are microseconds on its own clock. */
export interface ModelListener {
  /** A digital output that changes a pin's level; pins start low. */
  readonly onPin?: (timeUs: number, pin: number, level: 0 | 1) => void;
  /** A printed text. */
  readonly onPrint?: (timeUs: number, text: Uint8Array) => void;
}

/** The reference model in a recorded run. */
export interface RecordedModel {
  readonly engine: Engine;
  /** Time on the model's own clock: its delays, and 1 us for each instruction. */
  readonly timeUs: () => number;
}

/** The reference model with a recorded run's program and inputs, before its first step. What was read at other steps is 0. */
export function createRecordedModel(
  { program, settings, inputs }: RecordedRun,
  { onPin, onPrint }: ModelListener = {},
): RecordedModel {
  let next = 0;
  const input = (port: number): number => {
    // A faulting instruction is the last step, so the instructions before a step are its number.
    const step = engine.executed;
    while ((inputs[next]?.step ?? Infinity) < step) next += 1;
    const recorded = inputs[next];
    if (recorded?.step !== step || recorded.port !== port) return 0;
    next += 1;
    return recorded.value;
  };
  const levels = new Map<number, number>();
  const io = createModelIo({
    ...settings,
    executed: () => engine.executed,
    inputs: input,
    onOutput: (port, value) => {
      if (port >= PORTS.ANALOG) return;
      const level = value === 0 ? 0 : 1;
      if ((levels.get(port) ?? 0) === level) return;
      levels.set(port, level);
      onPin?.(io.elapsedUs(), port, level);
    },
    ...(onPrint === undefined
      ? {}
      : {
          onPrint: (text: Uint8Array) => {
            onPrint(io.elapsedUs(), text);
          },
        }),
  });
  const engine = createEngine({ io });
  loadProgram(engine, program);
  io.reset();
  return { engine, timeUs: io.elapsedUs };
}
