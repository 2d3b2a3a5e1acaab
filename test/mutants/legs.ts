import fc from 'fast-check';
import { judgeImage, mutatedImage } from '../../src/fuzz/index.ts';
import { RefusalError } from '../../src/link/index.ts';
import { runFourVms } from '../helpers/four-vms.ts';
import type { BuildTree } from './build.ts';
import type { Station } from './station.ts';
import type { Leg } from './types.ts';

const SEED = 20_261_123;
/** Each takes three requests or so; together they are refused for every reason there is, and many are good. */
const IMAGES = 3000;

/** The board's word on an image: `ok`, or the reason for its refusal. */
async function uploaded({ agent }: Station, image: Uint8Array): Promise<string> {
  try {
    await agent.load(0, image);
    return 'ok';
  } catch (error) {
    if (error instanceof RefusalError && error.code === 'bad-image') return error.detail;
    throw error;
  }
}

/** Whether the board and the host judge each of the mutated images alike. */
async function imagesPass(station: Station): Promise<boolean> {
  for (const image of fc.sample(mutatedImage, { seed: SEED, numRuns: IMAGES })) {
    const { verdict } = judgeImage(image, await uploaded(station, image.bytes));
    if (verdict === 'different') return false;
  }
  return true;
}

/** Runs a part of the regression suite on a build. @returns whether it passes */
export async function legPasses(
  leg: Leg,
  tree: BuildTree,
  open: () => Promise<Station>,
): Promise<boolean> {
  if (leg === 'c-unit') return tree.unitTestsPass();
  await using station = await open();
  if (leg === 'images') return await imagesPass(station);
  const results = await runFourVms(station);
  return results.every(({ sound }) => sound);
}
