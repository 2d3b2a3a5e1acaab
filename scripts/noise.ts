/**
 * Runs on a line with noise: every one must end in the right verdict or in an error of class `link`. docs/lockstep.md, A noisy line.
 *
 *     npm run noise -- --runs 2000 --seed 1 --workers 16
 */
import { parseArgs } from 'node:util';
import { noiseTable, runNoise } from '../test/helpers/noise-campaign.ts';
import { buildDefect } from '../test/helpers/firmware.ts';
import { repositoryPath } from '../test/helpers/paths.ts';

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '2000' },
    seed: { type: 'string', default: '1' },
    workers: { type: 'string', default: '16' },
  },
});

const results = await runNoise({
  runs: Number(values.runs),
  firstSeed: Number(values.seed),
  workers: Number(values.workers),
  firmware: {
    good: repositoryPath('build', 'firmware', 'native', 'cockpit-agent'),
    defect: await buildDefect('native', 'SUB_SWAPPED'),
  },
  onResult: ({ run, complaint }) => {
    if (complaint !== undefined)
      console.log(`seed ${run.seed}, ${run.mode}, ${run.level}: ${complaint}`);
  },
});
for (const line of noiseTable(results)) console.log(line);
const wrong = results.filter(({ complaint }) => complaint !== undefined).length;
console.log(`${results.length} runs, ${wrong} with a verdict they may not have`);
process.exitCode = wrong === 0 ? 0 : 1;
