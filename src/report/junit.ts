import type { Attempt, CaseResult, NightlyRecord, Outcome } from '../results/index.ts';
import { attemptFile, attemptText, outcomeText } from './nightly-text.ts';
import { fileInProject } from './file-in-project.ts';
import { summaryLines } from './terminal.ts';
import { content, element } from './xml.ts';

const seconds = (ms: number): string => (ms / 1000).toFixed(3);

function properties(list: readonly (readonly [string, string])[]): string[] {
  if (list.length === 0) return [];
  return [
    element(
      'properties',
      {},
      list.map(([name, value]) => element('property', { name, value })),
    ),
  ];
}

/** The attempt to be shown: the first that went wrong, else the last. */
const shownAttempt = ({ attempts }: CaseResult): Attempt | undefined =>
  attempts.find(({ verdict }) => verdict.outcome !== 'passed') ?? attempts.at(-1);

/** Everything known of what went wrong, as a terminal would show it. */
function detail(one: CaseResult): string {
  const attempts = one.attempts.map(attemptText);
  const shown = shownAttempt(one);
  const lines =
    shown?.run === undefined
      ? []
      : ['', ...summaryLines(shown.run, [attemptFile(one.id, shown)], { color: false })];
  return [one.summary, '', ...attempts, ...lines].join('\n');
}

function resultElement(one: CaseResult): string[] {
  const { outcome, summary, causeClass = 'unknown' } = one;
  switch (outcome) {
    case 'failed':
      return [element('failure', { message: summary, type: causeClass }, [content(detail(one))])];
    case 'errored':
      return [element('error', { message: summary, type: causeClass }, [content(detail(one))])];
    case 'skipped':
    case 'quarantined':
      return [element('skipped', { message: outcomeText(one) })];
    case 'passed':
    case 'flaky':
      return [];
  }
}

function testcase(one: CaseResult, suite: string, root: string): string {
  const { id, flake, attempts, files, ms } = one;
  const output = shownAttempt(one)
    ?.run?.programs.map((program) => Buffer.from(program.output, 'latin1').toString('utf8'))
    .join('');
  const list: (readonly [string, string])[] = [
    ['outcome', one.outcome],
    ...attempts.map((one) => [`attempt.${one.number}`, attemptText(one)] as const),
    ...(flake === undefined
      ? []
      : ([
          ['flaky', 'true'],
          ['flaky.follows', `${flake.follows}: ${flake.reason}`],
        ] as const)),
  ];
  const attributes = {
    name: id,
    classname: `cockpit-hil.${suite}`,
    time: seconds(ms),
    file: files.map((file) => fileInProject(file, root)).join(' '),
  };
  return element('testcase', attributes, [
    ...properties(list),
    ...resultElement(one),
    ...(output === undefined || output === ''
      ? []
      : [element('system-out', {}, [content(output)])]),
  ]);
}

/**
 * A nightly as JUnit XML: a test case for each case, and one for each problem of the suite itself.
 * @param root folder of the project: files in it are named by their path from there
 */
export function junitXml(record: NightlyRecord, root: string): string {
  const { suite, cases, benches, problems, verdict } = record;
  const count = (...outcomes: Outcome[]): number =>
    cases.filter(({ outcome }) => outcomes.includes(outcome)).length;
  const tests = cases.length + problems.length;
  const failures = count('failed') + problems.length;
  const skipped = count('skipped', 'quarantined');
  const totals = { tests, failures, errors: count('errored'), skipped };
  const time = seconds(record.wallMs);
  const list = [
    ['id', record.id],
    ['seed', String(record.seed)],
    ['command', record.command],
    ['verdict', `${verdict.outcome}: ${verdict.summary}`],
    ...benches.map(({ name, state, ranOn = 'never came up', identity }) => {
      const firmware = identity === undefined ? '' : `, firmware ${identity.firmware}`;
      return [`bench.${name}`, `${state}, ${ranOn}${firmware}`] as const;
    }),
  ] as const;
  const body = [
    ...properties(list),
    ...cases.map((one) => testcase(one, suite.name, root)),
    ...problems.map(({ text, fix }) =>
      element('testcase', { name: text, classname: `cockpit-hil.${suite.name}.suite`, time: 0 }, [
        element('failure', { message: text, type: 'usage' }, [content(`fix: ${fix}`)]),
      ]),
    ),
  ];
  const timestamp = record.startedAt.replace(/\.\d+Z$/, 'Z');
  const testsuite = element('testsuite', { name: suite.name, ...totals, time, timestamp }, body);
  const whole = element('testsuites', { name: 'cockpit-hil', ...totals, time }, [testsuite]);
  return `<?xml version="1.0" encoding="UTF-8"?>\n${whole}\n`;
}
