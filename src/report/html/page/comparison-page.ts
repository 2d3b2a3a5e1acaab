import type { Growth, Side } from '../../../compare/index.ts';
import type { PageData } from '../data.ts';
import { badge, block, dataTable, h, pairs, section, type Child } from './dom.ts';
import { caseLink, minute } from './words.ts';

type Comparison = NonNullable<PageData['comparison']>;

const number = (value: number | undefined): string =>
  value === undefined ? '-' : Number.isInteger(value) ? String(value) : value.toFixed(2);

function growthTable(title: string, growths: readonly Growth[]): Child {
  if (growths.length === 0) return undefined;
  return dataTable(
    title,
    ['what', 'before', 'after', 'by'],
    growths.map(({ name, before, after }) => {
      const by = (after ?? 0) - (before ?? 0);
      return [name, number(before), number(after), `${by > 0 ? '+' : ''}${number(by)}`];
    }),
    [1, 2, 3],
  );
}

const sideText = ({ id, startedAt, commit, dirty, cases }: Side): string =>
  `${id}, ${minute(startedAt)}, commit ${commit?.slice(0, 7) ?? 'unknown'}${dirty ? ' with changed files' : ''}, ${cases} cases`;

function caseSections({ cases }: Comparison, known: ReadonlySet<string>): Child {
  return cases.map(({ id, before = 'none', after = 'none', findings }) =>
    h(
      'article',
      {},
      h('h3', {}, known.has(id) ? h('a', { href: caseLink(id) }, id) : id),
      h('p', {}, badge(before), ' → ', badge(after)),
      findings.map(({ kind, text, details }) => [
        h('p', {}, h('strong', {}, `${kind}: `), text),
        details.length > 0 && block(details.join('\n'), `${kind} of ${id}`),
      ]),
    ),
  );
}

/** Two results beside each other. @param known cases that have a page in this file */
export function comparisonPage(comparison: Comparison, known: ReadonlySet<string>): HTMLElement {
  const { before, after, failed, line, cases, changed, stillFailing } = comparison;
  const { footprints, stacks, costs, rules } = comparison;
  const title = cases.length > 0 ? 'Changed, no worse than before' : 'The same as before';
  return h(
    'div',
    {},
    h(
      'div',
      {
        class: `verdict ${failed.length > 0 ? 'failed' : cases.length > 0 ? 'flaky' : 'passed'}`,
        role: 'group',
        'aria-label': 'Verdict',
      },
      h('h1', {}, failed.length > 0 ? `Worse: ${failed.join(', ')}` : title),
      pairs(['before', sideText(before)], ['after', sideText(after)]),
      h('p', { class: 'line' }, h('code', {}, line)),
    ),
    section(
      'Around the cases',
      changed.length === 0
        ? h('p', {}, 'Nothing changed.')
        : dataTable(
            'What changed around the cases',
            ['what', 'before', 'after'],
            changed.map(({ what, before: was, after: is }) => [what, was, is]),
          ),
    ),
    section(
      'Cases',
      cases.length === 0 ? h('p', {}, 'Nothing found.') : caseSections(comparison, known),
      stillFailing.length > 0 && h('p', {}, `Failing before and after: ${stillFailing.join(', ')}`),
    ),
    footprints.length > 0 &&
      section(
        'Footprint',
        footprints.map(({ bench, flash, ram, symbols }) =>
          growthTable(`Firmware of ${bench}, bytes`, [flash, ram, ...symbols]),
        ),
      ),
    stacks.length > 0 &&
      section('C stack of the boards', growthTable('Bytes used at most, by bench', stacks)),
    costs.length > 0 && section('Cost of opcodes', growthTable('Cost of opcodes', costs)),
    section(
      'Rules',
      h(
        'ul',
        {},
        rules.map((rule) => h('li', {}, rule)),
      ),
    ),
  );
}
