import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  judgeImage,
  mutatedImage,
  NativeExecutor,
  type Judgement,
  type MutatedImage,
} from '../../src/fuzz/index.ts';
import { IMAGE_REFUSALS } from '../../src/image/index.ts';
import { buildFuzz } from '../helpers/fuzz-build.ts';

const SEED = 20_260_706;
const IMAGES = 120_000;
/** Images on their way to the native parser at a time. */
const BATCH = 100;
const LIMIT_MS = 240_000;

/** What both parsers say of each image. */
async function judgeAll(
  executor: NativeExecutor,
  images: readonly MutatedImage[],
): Promise<Judgement[]> {
  const answers = await Promise.all(
    images.map(({ bytes }) => executor.ask({ image: bytes, inputs: 0, steps: 0, rounds: 0 })),
  );
  return images.map((image, index) => judgeImage(image, answers[index]?.reason ?? ''));
}

describe('mutated program images', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await buildFuzz('native-asan', ['cvm-effects']);
  }, LIMIT_MS);

  it(
    'are accepted or refused for the same reason by the parsers of host and firmware',
    async () => {
      await using executor = new NativeExecutor(`${folder}/cvm-effects`);
      const reasons = new Map<string, number>();
      let judged = 0;
      const property = fc.asyncProperty(
        fc.array(mutatedImage, { minLength: 1, maxLength: BATCH, size: 'max' }),
        async (images) => {
          for (const { model, native, verdict } of await judgeAll(executor, images)) {
            judged += 1;
            const reason = verdict === 'host' ? 'bad-debug, by the host alone' : model;
            reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
            if (verdict === 'different') throw new Error(`model: ${model}, firmware: ${native}`);
          }
        },
      );
      for (let run = 0; judged < IMAGES; run += 1) {
        await fc.assert(property, { seed: SEED + run, numRuns: 100 });
      }
      console.log(`seed ${SEED}: ${judged} images`, Object.fromEntries([...reasons].sort()));
      const all = [...IMAGE_REFUSALS, 'ok', 'bad-debug, by the host alone'];
      expect([...reasons.keys()].sort()).toEqual(all.sort());
    },
    LIMIT_MS,
  );
});
