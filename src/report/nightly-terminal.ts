import type { CaseResult, NightlyRecord, Outcome } from '../results/index.ts';
import {
  attemptFile,
  attemptText,
  benchHealthTexts,
  benchStateText,
  outcomeText,
  recoveryText,
} from './nightly-text.ts';
import { FORMATS } from './outcomes.ts';
import { painter, printable, seconds, type Style } from './text.ts';

/** Width of the labels. */
const LABEL = 8;
const WORD = 12;

/** Outcomes that must not be overlooked stand in capitals. */
const LOUD: ReadonlySet<Outcome> = new Set(['failed', 'errored', 'flaky']);

function word(outcome: Outcome, style: Style): string {
  const text = LOUD.has(outcome) ? outcome.toUpperCase() : outcome;
  return painter(style)(FORMATS[outcome], text.padEnd(WORD));
}

/** A case as it is decided: `  7/85  passed  programs/sort  emulated  0.4 s`. */
export function caseLine(one: CaseResult, done: number, total: number, style: Style): string {
  const width = String(total).length;
  const count = `${String(done).padStart(width)}/${total}`;
  const benches = [...new Set(one.attempts.map(({ bench }) => bench))].join(', ');
  const where = benches === '' ? '' : `  ${benches}  ${seconds(one.ms)}`;
  const what = one.outcome === 'passed' ? '' : `: ${outcomeText(one)}`;
  return `${count}  ${word(one.outcome, style)}${printable(one.id)}${where}${what}`;
}

function section(title: string, lines: readonly string[], style: Style): string[] {
  return lines.length === 0 ? [] : ['', painter(style)('bold', title), ...lines];
}

/** Names of cases in one line; the record has all. */
const NAMES_SHOWN = 5;

/** Cases that were not run, by why. */
function unrunLines(cases: readonly CaseResult[]): string[] {
  return [...new Set(cases.map(outcomeText))].map((why) => {
    const ids = cases.filter((one) => outcomeText(one) === why).map(({ id }) => printable(id));
    const more = ids.length - NAMES_SHOWN;
    const names = ids.slice(0, NAMES_SHOWN).join(', ');
    return `  ${names}${more > 0 ? ` and ${more} more` : ''}: ${why}`;
  });
}

function caseLines(record: NightlyRecord, outcome: Outcome): string[] {
  const cases = record.cases.filter((one) => one.outcome === outcome);
  const ran = cases.filter(({ attempts }) => attempts.length > 0);
  const lines = ran.flatMap((one) => [
    `  ${printable(one.id)}: ${outcomeText(one)}`,
    ...(one.attempts.length > 1
      ? one.attempts.map((attempt) => `    ${attemptText(attempt)}`)
      : []),
    ...one.attempts
      .filter(({ verdict, run }) => verdict.outcome !== 'passed' && run !== undefined)
      .slice(0, 1)
      .map((attempt) => `    run record: ${attemptFile(one.id, attempt)}`),
  ]);
  return [...lines, ...unrunLines(cases.filter(({ attempts }) => attempts.length === 0))];
}

/** One page on a nightly, the verdict last. */
export function nightlyLines(
  record: NightlyRecord,
  paths: readonly string[],
  style: Style,
): string[] {
  const { verdict, problems, benches, recoveries } = record;
  const dead = benches.filter(({ state }) => state !== 'ready');
  const cause = verdict.causeClass === undefined ? '' : ` [${verdict.causeClass}]`;
  const head = painter(style)(FORMATS[verdict.outcome], verdict.outcome.toUpperCase());
  return [
    ...section('failed', caseLines(record, 'failed'), style),
    ...section('errored', caseLines(record, 'errored'), style),
    ...section('flaky', caseLines(record, 'flaky'), style),
    ...section('in quarantine', caseLines(record, 'quarantined'), style),
    ...section('skipped', caseLines(record, 'skipped'), style),
    ...section(
      'the suite itself',
      problems.map(({ text, fix }) => `  ${printable(text)} (fix: ${printable(fix)})`),
      style,
    ),
    ...section(
      'boards that needed recovery',
      recoveries.map((one) => `  ${recoveryText(one)}`),
      style,
    ),
    ...section(
      'benches lost',
      dead.map((bench) => `  ${printable(`${bench.name}: ${benchStateText(bench)}`)}`),
      style,
    ),
    ...section(
      'what the boards said',
      benches.flatMap(({ name }) =>
        benchHealthTexts(record, name).map((text) => `  ${printable(name)}: ${text}`),
      ),
      style,
    ),
    '',
    ...paths.map((path) => `${'record'.padEnd(LABEL)}${printable(path)}`),
    `${'again'.padEnd(LABEL)}${printable(record.command)}`,
    `${head}${cause}  ${printable(verdict.summary)}, in ${seconds(record.wallMs)}`,
    ...(verdict.fix === undefined ? [] : [`${'fix'.padEnd(LABEL)}${printable(verdict.fix)}`]),
  ];
}
