/**
 * The mutation campaign: builds firmware with one mistake each, runs the regression suite on it, and checks that the mistake is
 * found at the step where it was planted. docs/mutants.md.
 *
 *     npm run mutants -- --only add-subtracts --mode trace
 *     node scripts/mutants.ts --bench emulated --sample
 */
import { readFile, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import { Interrupted, withContext, type CliContext } from '../src/cli/context.ts';
import { errorText, HilError } from '../src/errors/index.ts';
import { runCampaign } from '../test/mutants/campaign.ts';
import { BOARD_SAMPLE, MUTANTS, SAMPLE } from '../test/mutants/list/index.ts';
import { complaints, reportLines } from '../test/mutants/report.ts';
import type { MutantResult } from '../test/mutants/score.ts';
import { MODES, type Mode, type Mutant } from '../test/mutants/types.ts';
import type { Unit } from '../test/mutants/units.ts';

const DOCUMENT = resolve(import.meta.dirname, '../docs/mutants.md');
/** The document has a place for the scores of each bench, between two of these. */
const MARKERS = {
  native: ['<!-- campaign -->', '<!-- /campaign -->'],
  emulated: ['<!-- board -->', '<!-- /board -->'],
} as const;

interface Options {
  readonly only: readonly string[];
  readonly sample: boolean;
  readonly mode: readonly Mode[];
  readonly bench: 'native' | 'emulated';
  readonly jobs: number;
  readonly all: boolean;
  readonly write: boolean;
}

function chosen({ only, sample, bench }: Options): readonly Mutant[] {
  const ids = sample ? [...only, ...(bench === 'native' ? SAMPLE : BOARD_SAMPLE)] : only;
  const unknown = ids.filter((id) => !MUTANTS.some((mutant) => mutant.id === id));
  if (unknown.length > 0) throw new HilError('usage', `there is no mutant ${unknown.join(', ')}`);
  return ids.length === 0 ? MUTANTS : MUTANTS.filter(({ id }) => ids.includes(id));
}

/**
 * A run takes the emulated board 40 ms and more: it gets the sketches, the corpus, and the cases of the instructions that its sample
 * changes faults of. Nothing drives its inputs here.
 */
const isForBoard = ({ id, pc, stimuli }: Unit): boolean =>
  stimuli.size === 0 && (pc === undefined || /^(PUSH|DIV|MOD|DIGITAL_WRITE):/.test(id));
/** Runs for each mutant and mode on the emulated board. */
const MOST_ON_BOARD = 10;

function progressLine({ mutant, tallies, legCaught, ms }: MutantResult): string {
  const parts = [...tallies].map(
    ([mode, { affected, caught, exact }]) => `${mode} ${caught}/${affected} (${exact} exact)`,
  );
  const leg = legCaught === undefined ? [] : [legCaught ? 'caught' : 'survives'];
  const what = mutant.sight.kind === 'equivalent' ? ['equivalent'] : [...parts, ...leg];
  return `${mutant.id.padEnd(36)} ${what.join(', ')}, ${(ms / 1000).toFixed(1)} s`;
}

/** Puts the scores between the bench's markers of the document. */
async function writeDocument(bench: Options['bench'], lines: readonly string[]): Promise<void> {
  const text = await readFile(DOCUMENT, 'utf8');
  const [open, close] = MARKERS[bench];
  const [from, to] = [text.indexOf(open), text.indexOf(close)];
  if (from < 0 || to < from) throw new HilError('harness', `${DOCUMENT} has no ${open} … ${close}`);
  const before = text.slice(0, from + open.length);
  await writeFile(DOCUMENT, `${before}\n\n${lines.join('\n')}\n\n${text.slice(to)}`);
}

/** The document has whole campaigns. */
function assertWhole({ bench, mode }: Options, { length }: readonly Mutant[]): void {
  const whole = bench === 'native' ? MUTANTS : BOARD_SAMPLE;
  if (length === whole.length && mode.length === MODES.length) return;
  const fix = `leave --only and --mode out${bench === 'native' ? '' : ', and give --sample'}`;
  throw new HilError(
    'usage',
    `the document has the scores of ${whole.length} mutants in all modes`,
    fix,
  );
}

async function campaign(context: CliContext, options: Options): Promise<number> {
  const { signal, resources } = context;
  const out = (line: string): void => {
    context.out(line);
  };
  const results: MutantResult[] = [];
  let suite = { runs: 0, steps: 0 };
  let repeated = 0;
  const mutants = chosen(options);
  if (options.write) assertWhole(options, mutants);
  out('building the good firmware, and running the suite on it');
  await runCampaign({
    ...options,
    mutants,
    modes: options.mode,
    extent: options.all ? 'all' : 'affected',
    ...(options.bench === 'emulated' ? { wanted: isForBoard, most: MOST_ON_BOARD } : {}),
    signal,
    resources,
    onRepeated: (runs) => {
      repeated += runs;
    },
    onReady: (exercises) => {
      const steps = exercises.reduce((sum, { effects }) => sum + effects.length, 0);
      suite = { runs: exercises.length, steps };
      out(
        `the good firmware passes ${suite.runs} runs, ${steps} steps, in ${options.mode.join(', ')}`,
      );
    },
    onResult: (result) => {
      results.push(result);
      out(progressLine(result));
    },
  });
  const order = new Map(mutants.map((mutant, at) => [mutant.id, at]));
  results.sort((a, b) => (order.get(a.mutant.id) ?? 0) - (order.get(b.mutant.id) ?? 0));
  const lines = reportLines(results, { ...suite, repeated });
  for (const line of lines) out(line);
  if (options.write) await writeDocument(options.bench, lines);
  const wrong = results.flatMap(complaints);
  for (const line of wrong) out(`WRONG: ${line}`);
  out(`${results.length} mutants, ${wrong.length} complaints`);
  return wrong.length === 0 ? 0 : 1;
}

function count(text: string): number {
  if (!/^[1-9]\d?$/.test(text)) throw new InvalidArgumentError('give a whole number from 1 to 99.');
  return Number(text);
}

const command = new Command('mutants')
  .description(
    'builds firmware with one mistake each and looks whether the regression suite finds it',
  )
  .option('--only <id...>', 'these mutants', [])
  .option('--sample', 'a few, of each kind one', false)
  .addOption(new Option('--mode <mode...>', 'what is compared').choices(MODES).default(MODES))
  .addOption(new Option('--bench <name>').choices(['native', 'emulated']).default('native'))
  .option('--jobs <n>', 'mutants at a time', count, 1)
  .option('--all', 'run the whole suite on each, not only the runs that it must show in', false)
  .option('--write', 'put the scores into docs/mutants.md', false)
  .action(async (options: Options) => {
    process.exitCode = await withContext('mutants', (context) => campaign(context, options));
  });

try {
  await command.parseAsync();
} catch (error) {
  process.stderr.write(`error: ${error instanceof HilError ? error.line : errorText(error)}\n`);
  process.exitCode = error instanceof Interrupted ? error.exitCode : 2;
}
