import { describe, expect, it } from 'vitest';
import { assemble } from '../../helpers/vectors/assemble.ts';
import { effectsOf, type Scene } from '../../mutants/moments.ts';
import { predictorOf, type Prediction } from '../../mutants/predict.ts';
import type { Sight } from '../../mutants/types.ts';

/** A program without pins, inputs and loop(). */
function sceneOf(code: string, settings: Partial<Scene> = {}): Scene {
  return {
    program: {
      instructions: assemble(code).instructions,
      strings: [],
      entry: 0,
      loop: undefined,
      debug: undefined,
    },
    pins: [],
    buttons: 0,
    inputs: [],
    steps: 100,
    loops: 0,
    ...settings,
  };
}

function predict(sight: Sight, ...scenes: Scene[]): Prediction[] {
  const predictor = predictorOf(sight);
  return scenes.map((scene) => predictor(scene, effectsOf(scene)));
}

const AGREED = { kind: 'agreed' };

describe('what a run must show of a mutant', () => {
  it('is the first step for which its effect differs', () => {
    const sight: Sight = {
      kind: 'step',
      differs:
        () =>
        ({ op, a, b, fault }) =>
          op === 'SUB' && fault === 0 && a !== b,
    };
    // 5 - 5 is the same either way round; 7 - 2 at step 5 isn't.
    const code = sceneOf('5 5; SUB; 7 2; SUB; SUB; HALT');
    expect(predict(sight, code, sceneOf('5 5; SUB; HALT'))).toEqual([
      { kind: 'step', step: 5, since: 5 },
      AGREED,
    ]);
  });

  it('sees the machine as it is before the step', () => {
    const seen: unknown[] = [];
    const sight: Sight = {
      kind: 'step',
      differs: () => (moment) => {
        const { step, op, flags, immediate, a, b, sp, base, own, depth, fault } = moment;
        seen.push([step, op, flags, immediate, a, b, sp, base, own, depth, fault]);
        return false;
      },
    };
    predict(sight, sceneOf('7 -2; CALL f, 1; f: POP; POP'));
    expect(seen).toEqual([
      [0, 'PUSH', 0, 7, 0, 0, 0, 0, 0, 0, 0],
      [1, 'PUSH', 1, 0xfffe, 0, 7, 1, 0, 1, 0, 0],
      [2, 'CALL', 1, 3, 7, -2, 2, 0, 2, 0, 0],
      [3, 'POP', 0, 0, 7, -2, 2, 1, 1, 1, 0],
      // The caller's value is out of reach: fault 2.
      [4, 'POP', 0, 0, 0, 7, 1, 1, 0, 1, 2],
    ]);
  });

  it('is the step whose effect follows from what was left wrong before', () => {
    const sight: Sight = {
      kind: 'hidden',
      spoil:
        () =>
        ({ context }, { op }) => {
          if (op === 'STORE_GLOBAL') context.globals[9] = 1;
        },
    };
    const shows = sceneOf('3; STORE_GLOBAL 0; LOAD_GLOBAL 0; LOAD_GLOBAL 9; HALT');
    const stays = sceneOf('3; STORE_GLOBAL 0; LOAD_GLOBAL 0; HALT');
    expect(predict(sight, shows, stays, sceneOf('3; HALT'))).toEqual([
      { kind: 'step', step: 3, since: 1 },
      { kind: 'state', since: 1 },
      AGREED,
    ]);
  });

  it('is the state when only the last pc is wrong', () => {
    const sight: Sight = {
      kind: 'hidden',
      spoil:
        () =>
        (machine, { op }) => {
          if (op === 'HALT') machine.pc += 1;
        },
    };
    expect(predict(sight, sceneOf('1; HALT'))).toEqual([{ kind: 'state', since: 1 }]);
  });

  it('is another end when rounds are counted wrongly', () => {
    const scene = sceneOf('POP; JMP 0', { steps: 1000, loops: 3 });
    const looping = {
      ...scene,
      program: { ...scene.program, ...assemble('1; POP; JMP 0'), loop: 0 },
    };
    const miscounts: Sight = {
      kind: 'hidden',
      spoil:
        () =>
        (machine, { step }) => {
          if (step === 0) machine.rounds += 1;
        },
    };
    expect(predict(miscounts, looping)).toEqual([{ kind: 'end' }]);
    const byRounds: Sight = { kind: 'end', differs: ({ loops, stopped }) => loops > 0 && !stopped };
    expect(predict(byRounds, looping, sceneOf('HALT', { loops: 3 }))).toEqual([
      { kind: 'end' },
      AGREED,
    ]);
  });

  it('carries over what a load leaves', () => {
    const sight: Sight = {
      kind: 'carried',
      spoil: () => {
        let kept = 0;
        return {
          load: ({ context }) => {
            context.globals[0] = kept;
          },
          after: ({ context }) => {
            kept = context.globals[0] ?? 0;
          },
        };
      },
    };
    const stores = sceneOf('8; STORE_GLOBAL 0; HALT');
    const loads = sceneOf('LOAD_GLOBAL 0; HALT');
    expect(predict(sight, loads, stores, loads)).toEqual([
      AGREED,
      AGREED,
      { kind: 'step', step: 0, since: 0 },
    ]);
  });

  it('is nothing for mutants that no run shows', () => {
    expect(predict({ kind: 'equivalent', reason: '' }, sceneOf('HALT'))).toEqual([AGREED]);
  });
});
