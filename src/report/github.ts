import type { CaseResult, NightlyRecord } from '../results/index.ts';
import { cell, row } from './markdown.ts';
import { fileInProject } from './file-in-project.ts';
import { attemptText, benchStateText, outcomeText, recoveryText } from './nightly-text.ts';
import { printable, seconds } from './text.ts';

/** Most annotations of a kind: a step of a workflow shows ten errors and ten warnings, the rest is in the summary. */
const ANNOTATIONS = 10;

/** The value of a workflow command; its properties escape more. */
const data = (text: string): string =>
  text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
const property = (text: string): string => data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');

function annotation(level: 'error' | 'warning', one: CaseResult, root: string): string {
  const found = one.attempts.flatMap(({ run }) => run?.programs ?? []);
  const source = found
    .flatMap(({ divergence, fault }) => [divergence?.source, fault?.source])
    .find((place) => place !== undefined);
  const [file = ''] = one.files;
  const named = `file=${property(fileInProject(file, root))}`;
  const place =
    source === undefined || !file.endsWith(source.file)
      ? named
      : `${named},line=${source.line},col=${source.column}`;
  const title = property(`${one.id} ${one.outcome}`);
  const text = [outcomeText(one), ...one.attempts.map(attemptText)].join('\n');
  return `::${level} ${place},title=${title}::${data(printable(text))}`;
}

/**
 * A nightly's findings as workflow commands, to be printed: GitHub shows them beside the source.
 * @param root folder of the project, which GitHub has checked out: it finds a file by its path from there
 */
export function githubAnnotations(
  { cases, problems, benches }: NightlyRecord,
  root: string,
): string[] {
  const bad = cases.filter(({ outcome }) => outcome === 'failed' || outcome === 'errored');
  const flaky = cases.filter(({ outcome }) => outcome === 'flaky');
  const dead = benches.filter(({ state }) => state !== 'ready');
  return [
    ...problems.map(
      ({ text, fix }) => `::error title=suite::${data(printable(`${text} (${fix})`))}`,
    ),
    ...dead.map(
      (bench) =>
        `::error title=${property(`bench ${bench.name}`)}::${data(printable(benchStateText(bench)))}`,
    ),
    ...bad.slice(0, ANNOTATIONS).map((one) => annotation('error', one, root)),
    ...flaky.slice(0, ANNOTATIONS).map((one) => annotation('warning', one, root)),
  ];
}

/** A nightly as Markdown, for the summary of a workflow's job. */
export function githubSummary(record: NightlyRecord): string {
  const { suite, verdict, cases, benches, recoveries, problems } = record;
  const shown = cases.filter(({ outcome }) => outcome !== 'passed' && outcome !== 'skipped');
  const lines = [
    `## ${cell(suite.name)}: ${verdict.outcome}`,
    '',
    cell(`${verdict.summary}, in ${seconds(record.wallMs)}`),
    '',
    ...problems.map(({ text, fix }) => `- ${cell(`${text} (${fix})`)}`),
    ...(problems.length === 0 ? [] : ['']),
    ...(shown.length === 0
      ? []
      : [
          '| case | outcome | attempts | what |',
          '|---|---|---|---|',
          ...shown.map((one) =>
            row([one.id, one.outcome, String(one.attempts.length), outcomeText(one)]),
          ),
          '',
        ]),
    '| bench | state | ran on | attempts |',
    '|---|---|---|---|',
    ...benches.map((bench) =>
      row([bench.name, benchStateText(bench), bench.ranOn ?? '-', String(bench.attempts)]),
    ),
    ...(recoveries.length === 0
      ? []
      : ['', ...recoveries.map((one) => `- ${cell(recoveryText(one))}`)]),
  ];
  return `${lines.join('\n')}\n`;
}
