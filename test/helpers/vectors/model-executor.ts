import type { Board } from '../../../src/bench/index.ts';
import { buildImage, parseImage } from '../../../src/image/index.ts';
import type { Effect } from '../../../src/isa/index.ts';
import {
  createEngine,
  createModelIo,
  loadProgram,
  stepWithEffect,
  type Engine,
} from '../../../src/vm/index.ts';
import type { Observation } from './judge.ts';
import { splitArrays, type Situation, type Vector } from './vectors.ts';

function situationOf(engine: Engine): Situation {
  const { context, depth, frames } = engine;
  return {
    pc: engine.pc,
    error: engine.error,
    halted: engine.halted,
    executed: engine.executed,
    stack: [...engine.stack.subarray(0, engine.sp)],
    frames: Array.from({ length: depth }, (_, at) => [
      frames[2 * at] ?? -1,
      frames[2 * at + 1] ?? -1,
    ]),
    globals: [...context.globals],
    ...splitArrays(context.arrays, context.arrayLengths),
  };
}

/** Runs a case on the reference model, from its image on. Throws an Error when a step follows the end of a stopped program. */
export function runOnModel(vector: Vector, board: Board): Observation {
  const engine: Engine = createEngine({
    io: createModelIo({
      pins: board.pins.map(({ adc, pwm, dac }) => ({
        adc: adc !== undefined,
        pwm: pwm !== undefined,
        dac: dac !== undefined,
      })),
      buttons: board.buttons.length,
      clock: 'virtual',
      executed: () => engine.executed,
      // A read that the case doesn't expect is refused by the model's io, which names the port.
      inputs: (port) => vector.inputs.get(port) ?? vector.reads.get(port) ?? NaN,
    }),
  });
  const image = parseImage(buildImage(vector.program));
  if (!image.ok) throw new Error('the image of the case is refused');
  loadProgram(engine, image.program);
  const effects: Effect[] = [];
  while (effects.length < vector.steps) {
    const effect = stepWithEffect(engine);
    if (effect === undefined) break;
    effects.push(effect);
  }
  const after = situationOf(engine);
  if ((after.halted || after.error !== 0) && stepWithEffect(engine) !== undefined)
    throw new Error('a stopped engine executed a step');
  return { effects, after };
}
