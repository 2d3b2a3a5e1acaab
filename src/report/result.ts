import { lastRun, type ResultView } from '../results/index.ts';
import { benchHealthTexts, benchStateText, recoveryText } from './nightly-text.ts';
import { minute, oneLine, outcomeTable, shortCommit, single } from './outcomes.ts';
import { seconds, type Style } from './text.ts';

type Case = ResultView['cases'][number];

/** Cases that a person should look at come first. */
const ORDER = ['failed', 'errored', 'flaky', 'quarantined', 'skipped', 'passed'];

const rank = ({ outcome }: Case): number => ORDER.indexOf(outcome);

function caseLines(cases: readonly Case[], style: Style): string[] {
  if (cases.length === 0) return [];
  const header = ['OUTCOME', 'CASE', 'TRIES', 'STEPS', 'TIME', 'BENCH', 'SUMMARY'] as const;
  const body = cases
    .toSorted((a, b) => rank(a) - rank(b))
    .map((one) => {
      const { outcome, id, attempts, ms, causeClass, summary } = one;
      const steps = lastRun(one)?.programs.reduce((sum, it) => sum + it.stepsCompared, 0);
      return [
        outcome,
        id,
        String(attempts.length),
        steps === undefined ? '-' : String(steps),
        seconds(ms),
        attempts.at(-1)?.bench ?? '-',
        outcome === 'passed'
          ? ''
          : `${causeClass === undefined ? '' : `[${causeClass}] `}${summary}`,
      ] as const;
    });
  return outcomeTable([header, ...body], [2, 3, 4], style);
}

function benchLines(view: ResultView): string[] {
  return view.benches.flatMap((bench) => {
    const { name, state, ranOn, identity, attempts } = bench;
    const who = identity === undefined ? '' : `, ${identity.board} ${identity.uid}`;
    const trouble = state === 'ready' ? '' : `, ${benchStateText(bench)}`;
    const where = ranOn === undefined ? '' : `, ${ranOn}`;
    return [
      `bench   ${single(`${name}${where}${who}, ${attempts} attempt${attempts === 1 ? '' : 's'}${trouble}`)}`,
      ...benchHealthTexts(view, name).map((text) => `        ${single(text)}`),
    ];
  });
}

/** Commit, sources and tools of a result, a line each. */
function environmentLines({ environment }: ResultView): string[] {
  const { git, sources, tools = {}, harness, node, platform } = environment;
  const commit = git === undefined ? 'no git checkout' : shortCommit(git.commit, git.dirty);
  const short = (hash: string): string => hash.slice(0, 12);
  return [
    `commit  ${commit}, harness ${harness}, Node ${node}, ${platform}`,
    ...(sources === undefined
      ? []
      : [
          `sources model ${short(sources.model)}, compiler ${short(sources.compiler)}, firmware ${short(sources.firmware)}`,
        ]),
    `tools   ${Object.entries(tools)
      .map(([name, version]) => `${name} ${version}`)
      .join(', ')}`,
  ].map(single);
}

/** A nightly: its cases, the ones that did not pass first, its benches and its surroundings. */
export function resultLines(view: ResultView, style: Style): string[] {
  const { verdict, recoveries, problems } = view;
  return [
    ...caseLines(view.cases, style),
    '',
    oneLine(view),
    ...(verdict.fix === undefined ? [] : [`fix     ${single(verdict.fix)}`]),
    ...problems.map(({ text, fix }) => `problem ${single(`${text} (fix: ${fix})`)}`),
    ...recoveries.map((one) => `board   ${recoveryText(one)}`),
    ...benchLines(view),
    `started ${minute(view.startedAt)} UTC`,
    ...environmentLines(view),
    `again   ${single(view.command)}`,
  ];
}
