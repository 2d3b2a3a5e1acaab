import {
  kindsOf,
  type Comparison,
  type FindingKind,
  type Growth,
  type Side,
} from '../../compare/index.ts';
import { minute, shortCommit } from '../outcomes.ts';

/** What a kind of finding is called. */
export const TITLES: Readonly<Record<FindingKind, string>> = {
  'newly-failing': 'newly failing',
  'newly-flaky': 'newly flaky',
  missing: 'missing',
  trace: 'passed both times, but did other steps',
  state: 'passed both times, but left another state',
  output: 'printed another text',
  slower: 'slower',
  larger: 'larger',
  fixed: 'fixed',
  new: 'new',
};

/** Of the table of what boards used of their C stacks, a row for each bench. */
export const STACKS_TITLE = 'C stack of the boards, bytes used at most';

/** Symbols of a firmware that are listed; the largest changes come first. */
export const SYMBOLS_SHOWN = 15;

/** `20261123T… of 2026-11-23 01:45, commit 0123456, passed, 300 cases`. */
export function sideText({ id, startedAt, commit, dirty, outcome, cases }: Side): string {
  return `${id} of ${minute(startedAt)} UTC, commit ${shortCommit(commit, dirty)}, ${outcome}, ${cases} case${cases === 1 ? '' : 's'}`;
}

/** Number of cases with a kind of finding, the worst kind first: `1 newly failing, 2 fixed`. */
export function kindsText({ cases }: Comparison): string {
  const counts = new Map<FindingKind, number>();
  for (const { findings } of cases) {
    for (const kind of new Set(findings.map((finding) => finding.kind))) {
      counts.set(kind, (counts.get(kind) ?? 0) + 1);
    }
  }
  const kinds = Object.keys(TITLES) as FindingKind[];
  return kinds
    .filter((kind) => counts.has(kind))
    .map((kind) => `${counts.get(kind) ?? 0} ${kind}`)
    .join(', ');
}

/** One line that can be sent to somebody. */
export function comparisonLine(comparison: Comparison, failed: readonly FindingKind[]): string {
  const { before, after, cases, same } = comparison;
  const counted = kindsText(comparison);
  // Of the firmware itself, where no case says so.
  const grew = kindsOf(comparison).includes('larger') && !counted.includes(TITLES.larger);
  const found = [...(counted === '' ? [] : [counted]), ...(grew ? ['firmware larger'] : [])];
  const changed = found.length === 0 ? 'SAME' : 'CHANGED';
  const word = failed.length === 0 ? changed : 'WORSE';
  return `${word} ${before.id} -> ${after.id}: ${found.join(', ') || 'nothing found'}; ${same} of ${same + cases.length} cases as before`;
}

const number = (value: number | undefined): string =>
  value === undefined ? '-' : Number.isInteger(value) ? String(value) : value.toFixed(2);

/** A number in both and by how much it grew. */
export function growthCells({ name, before, after }: Growth): string[] {
  const by = (after ?? 0) - (before ?? 0);
  const sign = by > 0 ? '+' : '';
  return [name, number(before), number(after), `${sign}${number(by)}`];
}
