import type { ResultData } from '../data.ts';
import { caseTable } from './case-table.ts';
import { dataTable, h, lines, pairs, section } from './dom.ts';
import { duration, minute, thousands } from './words.ts';

function benchSection({ benches, recoveries }: ResultData): HTMLElement {
  return section(
    'Boards',
    dataTable(
      'Benches',
      [
        'bench',
        'state',
        'ran on',
        'board',
        'firmware',
        'what the board said',
        'flash',
        'RAM',
        'attempts',
      ],
      benches.map(
        ({ name, stateText, ranOn = 'never came up', identity, health, footprint, attempts }) => [
          name,
          stateText,
          ranOn,
          identity === undefined ? 'unknown' : `${identity.board} ${identity.uid}`,
          identity === undefined
            ? 'unknown'
            : `${identity.firmware}, ELF ${identity.elf.slice(0, 12)}`,
          lines(health) ?? 'nothing',
          footprint === undefined ? '' : thousands(footprint.flash),
          footprint === undefined ? '' : thousands(footprint.ram),
          attempts,
        ],
      ),
      [6, 7, 8],
    ),
    recoveries.length > 0 && recoveryTable(recoveries),
  );
}

/** What was done to bring boards back. */
export function recoveryTable(recoveries: ResultData['recoveries']): HTMLElement {
  return dataTable(
    'Recoveries',
    ['bench', 'why', 'after', 'rungs', 'came back', 'time'],
    recoveries.map(({ bench, why, case: after = 'the start', rungs, recovered, ms }) => [
      bench,
      why,
      after,
      h(
        'ul',
        {},
        rungs.map((rung) =>
          h(
            'li',
            {},
            `${rung.rung}: ${rung.ok ? 'worked' : 'did not'} (${duration(rung.ms)}) ${rung.detail}`,
          ),
        ),
      ),
      recovered ? 'yes' : 'no',
      duration(ms),
    ]),
    [5],
  );
}

function environmentSection({ environment, command, suite }: ResultData): HTMLElement {
  const { git, sources, tools = {}, harness, node, platform } = environment;
  return section(
    'Environment',
    pairs(
      [
        'commit',
        git === undefined ? undefined : `${git.commit}${git.dirty ? ', with changed files' : ''}`,
      ],
      ['harness', `${harness}, Node ${node}, ${platform}`],
      ['model sources', sources?.model],
      ['compiler sources', sources?.compiler],
      ['firmware sources', sources?.firmware],
      [
        'tools',
        Object.entries(tools)
          .map(([name, version]) => `${name} ${version}`)
          .join(', '),
      ],
      [
        'suite',
        suite === undefined ? undefined : `${suite.file} (SHA-256 ${suite.sha256.slice(0, 12)})`,
      ],
      ['again', h('code', {}, command)],
    ),
  );
}

/** A run or a nightly: the verdict and its reason first. */
export function runPage(result: ResultData): HTMLElement {
  const { verdict, cases, problems, startedAt, wallMs, id, line } = result;
  const cause = verdict.causeClass === undefined ? '' : ` [${verdict.causeClass}]`;
  return h(
    'div',
    {},
    h(
      'div',
      { class: `verdict ${verdict.outcome}`, role: 'group', 'aria-label': 'Verdict' },
      h('h1', {}, `${verdict.outcome.toUpperCase()}${cause}`),
      h('p', { class: 'reason' }, verdict.summary),
      verdict.fix !== undefined && h('p', {}, `What helps: ${verdict.fix}`),
      h('p', { class: 'note' }, `${id}, started ${minute(startedAt)}, took ${duration(wallMs)}`),
      h('p', { class: 'line' }, h('code', {}, line)),
    ),
    problems.length > 0 &&
      section(
        'The suite itself',
        h(
          'ul',
          {},
          problems.map(({ text, fix }) => h('li', {}, `${text} (fix: ${fix})`)),
        ),
      ),
    section('Cases', caseTable(cases)),
    benchSection(result),
    environmentSection(result),
  );
}
