import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import type { PinEdge } from '../../src/bench/index.ts';
import { compile } from '../../src/compiler/index.ts';
import { openTestBench } from '../helpers/bench.ts';
import { DEMO } from '../helpers/demo.ts';

const LED = 13;
const USER_BUTTON = 22;

/** Runs setup() and one round of loop() with the button held or not; returns the LED's levels as seen through QEMU. */
async function ledLevels(button: 0 | 1): Promise<{ levels: number[]; read: number[] }> {
  await using bench = await openTestBench('emulated');
  const { pins } = bench.rig;
  const compiled = compile(await readFile(DEMO, 'utf8'), DEMO);
  if (!compiled.ok || pins === undefined) throw new Error('no program, or no pins');
  await pins.drive(USER_BUTTON, button);
  const edges: PinEdge[] = [];
  pins.onEdge((edge) => edges.push(edge));
  const result = await bench.lockstep(compiled.program, 1);
  expect(result.mismatch).toBeUndefined();
  // The edges come through the same socket as the answer to this: once it is here, so are they.
  await pins.drive(USER_BUTTON, button);
  return {
    levels: edges.filter((edge) => edge.pin === LED).map((edge) => edge.level),
    read: result.inputs.filter((input) => input.port === USER_BUTTON).map((input) => input.value),
  };
}

/** setup(): five blinks, then on; loop(): on, which is no change, then off. */
const UNTIL_BUTTON = [1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0];

describe('the user button and the LED, from outside the emulated board', () => {
  it('pressed: three fast blinks follow', async () => {
    const { levels, read } = await ledLevels(1);
    expect(read).toEqual([1]);
    expect(levels).toEqual([...UNTIL_BUTTON, 1, 0, 1, 0, 1, 0]);
  });

  it('not pressed: no fast blinks', async () => {
    const { levels, read } = await ledLevels(0);
    expect(read).toEqual([0]);
    expect(levels).toEqual(UNTIL_BUTTON);
  });
});
