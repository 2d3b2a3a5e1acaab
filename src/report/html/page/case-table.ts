import type { CaseData } from '../data.ts';
import { badge, h, type Child } from './dom.ts';
import { caseLink, duration, thousands } from './words.ts';

/** The worst first. */
const OUTCOMES = ['failed', 'errored', 'flaky', 'quarantined', 'skipped', 'passed'] as const;

/** Steps compared in a case's last attempt. */
function stepsOf({ attempts }: CaseData): number {
  const programs = attempts.at(-1)?.run?.programs ?? [];
  return programs.reduce((sum, { stepsCompared }) => sum + stepsCompared, 0);
}

interface Column {
  readonly title: string;
  readonly cell: (one: CaseData) => Child;
  /** What rows are sorted by. */
  readonly key: (one: CaseData) => string | number;
  /** `wide`: left out on a narrow screen. */
  readonly kind?: 'wide' | 'right wide';
}

const COLUMNS: readonly Column[] = [
  {
    title: 'outcome',
    cell: ({ outcome }) => badge(outcome),
    key: ({ outcome }) => OUTCOMES.indexOf(outcome),
  },
  { title: 'case', cell: ({ id }) => h('a', { href: caseLink(id) }, id), key: ({ id }) => id },
  {
    title: 'tries',
    cell: ({ attempts }) => attempts.length,
    key: ({ attempts }) => attempts.length,
    kind: 'right wide',
  },
  { title: 'steps', cell: (one) => thousands(stepsOf(one)), key: stepsOf, kind: 'right wide' },
  { title: 'time', cell: ({ ms }) => duration(ms), key: ({ ms }) => ms, kind: 'right wide' },
  {
    title: 'bench',
    cell: ({ attempts }) => attempts.at(-1)?.bench ?? '',
    key: ({ attempts }) => attempts.at(-1)?.bench ?? '',
    kind: 'wide',
  },
  {
    title: 'what',
    cell: ({ outcome, summary, causeClass }) =>
      outcome === 'passed' ? '' : `${causeClass === undefined ? '' : `[${causeClass}] `}${summary}`,
    key: ({ summary }) => summary,
  },
];

/** A case's row, made when it is first shown, and the text that a search goes through. */
interface Row {
  readonly one: CaseData;
  readonly element: () => HTMLTableRowElement;
  readonly text: string;
}

function rowOf(one: CaseData): Row {
  let made: HTMLTableRowElement | undefined;
  const element = (): HTMLTableRowElement =>
    (made ??= h(
      'tr',
      {},
      COLUMNS.map(({ title, cell, kind }) =>
        title === 'case'
          ? h('th', { scope: 'row' }, cell(one))
          : h('td', { class: kind }, cell(one)),
      ),
    ));
  const { id, summary, tags, files, causeClass = '', outcome } = one;
  const text = [id, summary, ...tags, ...files, causeClass, outcome].join('\n').toLowerCase();
  return { one, element, text };
}

/** Rows shown at once, more than a screen has; the others follow as the browser finds time. */
const AT_ONCE = 200;

/** Shows rows in a table's body, some at once and the rest a little later. @returns what shows others instead */
function createFiller(body: HTMLElement): (rows: readonly Row[]) => void {
  let wanted: readonly Row[] = [];
  const more = (rows: readonly Row[], from: number): void => {
    // Others have been asked for since.
    if (rows !== wanted) return;
    const to = from + AT_ONCE;
    body.append(...rows.slice(from, to).map(({ element }) => element()));
    if (to < rows.length) setTimeout(more, 0, rows, to);
  };
  return (rows) => {
    wanted = rows;
    body.replaceChildren();
    more(rows, 0);
  };
}

/** The order of cases by a column, then by id. */
function sortRows(rows: Row[], column: number, down: boolean): void {
  const key = COLUMNS[column]?.key ?? (() => 0);
  const sign = down ? -1 : 1;
  rows.sort((a, b) => {
    const [one, other] = [key(a.one), key(b.one)];
    if (one !== other) return one < other ? -sign : sign;
    return a.one.id < b.one.id ? -1 : 1;
  });
}

/** The choice of an outcome. @param choose called when it changes */
function outcomeFilter(cases: readonly CaseData[], choose: () => void): HTMLSelectElement {
  const counts = new Map<string, number>();
  for (const { outcome } of cases) counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
  return h(
    'select',
    { id: 'filter', input: choose },
    h('option', { value: '' }, `all outcomes (${cases.length})`),
    OUTCOMES.filter((outcome) => counts.has(outcome)).map((outcome) =>
      h('option', { value: outcome }, `${outcome} (${counts.get(outcome) ?? 0})`),
    ),
  );
}

/** The table of cases, with its filter, its search, and headers that sort. */
export function caseTable(cases: readonly CaseData[]): HTMLElement {
  const rows = cases.map(rowOf);
  const body = h('tbody');
  const fill = createFiller(body);
  const status = h('p', { role: 'status', class: 'note' });
  const filter = outcomeFilter(cases, update);
  const search = h('input', { id: 'search', type: 'search', autocomplete: 'off', input: update });

  function update(): void {
    const words = search.value.toLowerCase().split(/\s+/);
    const hits = rows.filter(
      ({ one, text }) =>
        (filter.value === '' || one.outcome === filter.value) &&
        words.every((word) => text.includes(word)),
    );
    fill(hits);
    status.textContent = `${hits.length} of ${cases.length} cases shown`;
  }

  let sorted = { column: -1, down: false };
  const headers = COLUMNS.map(({ title, kind }, column) =>
    h(
      'th',
      { scope: 'col', class: kind },
      h(
        'button',
        {
          type: 'button',
          class: 'sort',
          click: () => {
            sortBy(column);
          },
        },
        title,
      ),
    ),
  );
  function sortBy(column: number): void {
    sorted = { column, down: sorted.column === column && !sorted.down };
    sortRows(rows, column, sorted.down);
    update();
    for (const [index, header] of headers.entries()) {
      const order = sorted.down ? 'descending' : 'ascending';
      header.setAttribute('aria-sort', index === column ? order : 'none');
    }
  }
  sortBy(0);
  return h(
    'div',
    {},
    h(
      'form',
      {
        class: 'filters',
        role: 'search',
        submit: (event) => {
          event.preventDefault();
        },
      },
      h('label', { for: 'filter' }, 'Outcome'),
      filter,
      h('label', { for: 'search' }, 'Search'),
      search,
    ),
    status,
    h(
      'div',
      { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': 'Cases' },
      h(
        'table',
        { class: 'cases' },
        h('caption', {}, 'Cases'),
        h('thead', {}, h('tr', {}, headers)),
        body,
      ),
    ),
  );
}
