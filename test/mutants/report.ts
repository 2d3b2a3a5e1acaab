import type { MutantResult, Tally } from './score.ts';
import { CLASSES, LEGS, MODES, type Mode, type MutantClass } from './types.ts';

/** Runs in the regression suite, for the table's heading. */
export interface SuiteSize {
  readonly runs: number;
  readonly steps: number;
}

type Outcome = 'caught' | 'missed' | 'not run' | 'equivalent' | 'leg';

/** What a mode made of a mutant. */
export function outcomeIn({ mutant, tallies, legCaught }: MutantResult, mode: Mode): Outcome {
  if (mutant.sight.kind === 'equivalent') return 'equivalent';
  if (mutant.sight.kind === 'leg') return legCaught === true ? 'leg' : 'missed';
  const tally = tallies.get(mode);
  if (tally === undefined) return 'not run';
  return tally.caught > 0 ? 'caught' : 'missed';
}

/** Why a result is not as it should be, one line each; none when the mutant was found where it was planted. */
export function complaints(result: MutantResult): string[] {
  const { mutant, tallies, legCaught } = result;
  const { id, sight } = mutant;
  if (sight.kind === 'leg') return legCaught === true ? [] : [`${id} survives: ${LEGS[sight.leg]}`];
  // What a free run can't see is a score; every other mode must find everything, or say why not.
  const judged = [...tallies].filter(([mode]) => mutant.missed?.[mode] === undefined);
  const lines = judged.flatMap(([mode, { wrong }]) =>
    wrong.map((line) => `${id}, ${mode}: ${line}`),
  );
  if (sight.kind === 'equivalent') return lines;
  const survived = judged.filter(([mode, { caught }]) => mode !== 'free' && caught === 0);
  return [...lines, ...survived.map(([mode]) => `${id} survives in mode ${mode}`)];
}

const add = (tallies: readonly Tally[], key: 'affected' | 'caught' | 'exact'): number =>
  tallies.reduce((sum, tally) => sum + tally[key], 0);

function row(cells: readonly (string | number)[]): string {
  return `| ${cells.join(' | ')} |`;
}

function classRow(
  kind: MutantClass,
  results: readonly MutantResult[],
  modes: readonly Mode[],
): string {
  const own = results.filter(({ mutant }) => mutant.class === kind);
  const count = (outcome: Outcome): number =>
    own.filter((result) => outcomeIn(result, modes[0] ?? 'trace') === outcome).length;
  const scores = modes.map((mode) => {
    const outcomes = own.map((result) => outcomeIn(result, mode));
    const run = outcomes.filter((one) => one === 'caught' || one === 'missed').length;
    return run === 0 ? '–' : `${outcomes.filter((one) => one === 'caught').length}/${run}`;
  });
  return row([kind, own.length, ...scores, count('leg') || '–', count('equivalent') || '–']);
}

/** How many of the runs that a mutant must show in found it, by mode. */
function runRow(mode: Mode, results: readonly MutantResult[]): string {
  const tallies = results.flatMap(({ tallies: all }) => all.get(mode) ?? []);
  const [affected, caught, exact] = [
    add(tallies, 'affected'),
    add(tallies, 'caught'),
    add(tallies, 'exact'),
  ];
  return row([mode, affected, caught, affected - caught, mode === 'free' ? '–' : exact]);
}

/** The scores of a campaign as Markdown. */
export function reportLines(results: readonly MutantResult[], suite: SuiteSize): string[] {
  const modes = MODES.filter((mode) => results.some(({ tallies }) => tallies.has(mode)));
  const classes = CLASSES.filter((kind) => results.some(({ mutant }) => mutant.class === kind));
  const dashes = (count: number): string => row(new Array<string>(count).fill('---'));
  const blind = results.filter((result) => outcomeIn(result, 'free') === 'missed');
  const equivalent = results.flatMap(({ mutant: { id, sight } }) =>
    sight.kind === 'equivalent' ? [`- \`${id}\`: ${sight.reason}`] : [],
  );
  const legs = results.flatMap(({ mutant: { id, sight } }) =>
    sight.kind === 'leg' ? [`- \`${id}\` (${LEGS[sight.leg]}): ${sight.reason}`] : [],
  );
  const reasons = (key: 'vague' | 'missed'): string[] =>
    results.flatMap(({ mutant }) =>
      Object.entries(mutant[key] ?? {}).map(
        ([mode, reason]) => `- \`${mutant.id}\` in mode ${mode}: ${reason}`,
      ),
    );
  const [vague, missed] = [reasons('vague'), reasons('missed')];
  return [
    `${results.length} mutants; the suite has ${suite.runs} runs with ${suite.steps} steps.`,
    '',
    '**Mutants found**, of those that each mode runs:',
    '',
    row(['class', 'mutants', ...modes, 'by another part of the suite', 'equivalent']),
    dashes(modes.length + 4),
    ...classes.map((kind) => classRow(kind, results, modes)),
    '',
    '**Runs**: each run of the suite in which a mutant must show, counted for each mutant:',
    '',
    row(['mode', 'runs', 'found', 'missed', 'named exactly']),
    dashes(5),
    ...modes.map((mode) => runRow(mode, results)),
    ...(blind.length === 0
      ? []
      : [
          '',
          '**Missed by the end state alone**:',
          '',
          ...blind.map(({ mutant }) => `- \`${mutant.id}\``),
        ]),
    ...(missed.length === 0
      ? []
      : ['', '**Missed by a mode that should find it**:', '', ...missed]),
    ...(vague.length === 0 ? [] : ['', '**Found without its step**, in some runs:', '', ...vague]),
    ...(legs.length === 0 ? [] : ['', '**Shown by another part of the suite**:', '', ...legs]),
    ...(equivalent.length === 0 ? [] : ['', '**Equivalent**:', '', ...equivalent]),
  ];
}
