import type { MutantResult } from './score.ts';
import { CLASSES, LEGS, MODES, type Mode } from './types.ts';

/** What the campaign ran. */
export interface CampaignSize {
  /** Runs and steps of the regression suite. */
  readonly runs: number;
  readonly steps: number;
  /** Runs that were made a second time, because they had compared nothing. */
  readonly repeated: number;
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
  const lines = [...tallies].flatMap(([mode, { wrong }]) =>
    wrong.map((line) => `${id}, ${mode}: ${line}`),
  );
  if (sight.kind === 'equivalent') return lines;
  // What a free run can't see is a score; every other mode must find everything.
  const survived = [...tallies].filter(([mode, { caught }]) => mode !== 'free' && caught === 0);
  return [...lines, ...survived.map(([mode]) => `${id} survives in mode ${mode}`)];
}

type Row = readonly (string | number)[];

/** A Markdown table, its columns padded so that it is one on a terminal too. */
function table(head: readonly string[], rows: readonly Row[]): string[] {
  const widths = head.map((title, at) =>
    Math.max(...[title, ...rows.map((cells) => cells[at] ?? '')].map((it) => `${it}`.length)),
  );
  const line = (cells: Row): string => {
    const padded = cells.map((cell, at) => {
      const width = widths[at] ?? 0;
      return at === 0 ? `${cell}`.padEnd(width) : `${cell}`.padStart(width);
    });
    return `| ${padded.join(' | ')} |`;
  };
  const rule = widths.map((width, at) =>
    at === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`,
  );
  return [line(head), line(rule), ...rows.map(line)];
}

function scoreRow(title: string, results: readonly MutantResult[], modes: readonly Mode[]): Row {
  const count = (outcome: Outcome): number =>
    results.filter((result) => outcomeIn(result, modes[0] ?? 'trace') === outcome).length;
  const scores = modes.map((mode) => {
    const outcomes = results.map((result) => outcomeIn(result, mode));
    const run = outcomes.filter((one) => one === 'caught' || one === 'missed').length;
    return run === 0 ? '–' : `${outcomes.filter((one) => one === 'caught').length}/${run}`;
  });
  return [title, results.length, ...scores, count('leg') || '–', count('equivalent') || '–'];
}

/** How many of the runs that a mutant must show in found it, by mode. */
function runRow(mode: Mode, results: readonly MutantResult[]): Row {
  const tallies = results.flatMap(({ tallies: all }) => all.get(mode) ?? []);
  const [affected, caught, exact, late] = (['affected', 'caught', 'exact', 'late'] as const).map(
    (key) => tallies.reduce((sum, tally) => sum + tally[key], 0),
  ) as [number, number, number, number];
  const named = mode === 'free' ? ['–', '–'] : [exact - late, late];
  return [mode, affected, caught, affected - caught, ...named];
}

/** A list of mutants with their reasons; those that have the same one stand together. */
function reasonLines(heading: string, given: readonly (readonly [string, string])[]): string[] {
  if (given.length === 0) return [];
  const byReason = Map.groupBy(given, ([, reason]) => reason);
  const lines = [...byReason].map(
    ([reason, its]) => `- ${its.map(([id]) => `\`${id}\``).join(', ')}: ${reason}`,
  );
  return ['', `**${heading}**:`, '', ...lines];
}

/** The scores of a campaign as Markdown. */
export function reportLines(
  results: readonly MutantResult[],
  { runs, steps, repeated }: CampaignSize,
): string[] {
  const modes = MODES.filter((mode) => results.some(({ tallies }) => tallies.has(mode)));
  const classes = CLASSES.filter((kind) => results.some(({ mutant }) => mutant.class === kind));
  const blind = results.filter((result) => outcomeIn(result, 'free') === 'missed');
  const equivalent = results.flatMap(({ mutant: { id, sight } }) =>
    sight.kind === 'equivalent' ? [[id, sight.reason] as const] : [],
  );
  const legs = results.flatMap(({ mutant: { id, sight } }) =>
    sight.kind === 'leg' ? [[id, `${LEGS[sight.leg]}. ${sight.reason}`] as const] : [],
  );
  const vague = results.flatMap(({ mutant, tallies }) =>
    [...tallies].flatMap(([mode, { caught, exact }]) => {
      const reason = mutant.vague?.[mode];
      return reason === undefined || exact === caught
        ? []
        : [[mutant.id, `mode ${mode}: ${reason}`] as const];
    }),
  );
  return [
    `${results.length} mutants; the suite has ${runs} runs with ${steps} steps. Runs that compared nothing and were made again: ${repeated}.`,
    '',
    '**Mutants found**, of those that each mode runs:',
    '',
    ...table(
      ['class', 'mutants', ...modes, 'by another part of the suite', 'equivalent'],
      [
        ...classes.map((kind) =>
          scoreRow(
            kind,
            results.filter(({ mutant }) => mutant.class === kind),
            modes,
          ),
        ),
        scoreRow('**all**', results, modes),
      ],
    ),
    '',
    '**Runs**: each run of the suite in which a mutant must show, counted for each mutant:',
    '',
    ...table(
      ['mode', 'runs', 'found', 'missed', 'first wrong step named', 'first wrong effect named'],
      modes.map((mode) => runRow(mode, results)),
    ),
    ...(blind.length === 0
      ? []
      : [
          '',
          `**Missed by the end state alone**: ${blind.map(({ mutant }) => `\`${mutant.id}\``).join(', ')}.`,
        ]),
    ...reasonLines('Found without its step, in some runs', vague),
    ...reasonLines('Shown by another part of the suite', legs),
    ...reasonLines('Equivalent', equivalent),
  ];
}
