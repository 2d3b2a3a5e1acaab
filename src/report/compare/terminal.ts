import {
  FINDING_KINDS,
  type Comparison,
  type Finding,
  type FindingKind,
} from '../../compare/index.ts';
import { single } from '../outcomes.ts';
import { painter, printable, table, type Paint, type Style } from '../text.ts';
import {
  comparisonLine,
  growthCells,
  sideText,
  STACKS_TITLE,
  SYMBOLS_SHOWN,
  TITLES,
} from './text.ts';

const GOOD: ReadonlySet<FindingKind> = new Set(['fixed', 'new']);

function detailLine(line: string, style: Style): string {
  const text = `      ${printable(line)}`;
  const format: Paint | undefined = line.startsWith('+')
    ? 'green'
    : line.startsWith('-')
      ? 'red'
      : undefined;
  return format === undefined ? text : painter(style)(format, text);
}

function findingLines(id: string, { text, details }: Finding, style: Style): string[] {
  return [`  ${single(id)}: ${single(text)}`, ...details.map((line) => detailLine(line, style))];
}

function kindSection({ cases }: Comparison, kind: FindingKind, style: Style): string[] {
  const found = cases.flatMap(({ id, findings }) =>
    findings
      .filter((finding) => finding.kind === kind)
      .flatMap((finding) => findingLines(id, finding, style)),
  );
  if (found.length === 0) return [];
  const format: Paint = GOOD.has(kind) ? ['bold', 'green'] : ['bold', 'red'];
  return ['', painter(style)(format, TITLES[kind]), ...found];
}

function growthSection(title: string, rows: readonly string[][], style: Style): string[] {
  if (rows.length === 0) return [];
  const lines = table([['', 'BEFORE', 'AFTER', 'BY'], ...rows], [1, 2, 3]);
  return ['', painter(style)('bold', title), ...lines.map((line) => `  ${single(line)}`)];
}

function footprintSections({ footprints }: Comparison, style: Style): string[] {
  return footprints.flatMap(({ bench, flash, ram, symbols }) => {
    const rows = [flash, ram, ...symbols.slice(0, SYMBOLS_SHOWN)].map(growthCells);
    const more = symbols.length - SYMBOLS_SHOWN;
    return [
      ...growthSection(`firmware of ${bench}, bytes`, rows, style),
      ...(more > 0 ? [`  and ${more} more symbols`] : []),
    ];
  });
}

/** A comparison for a terminal, what it comes to last. @param failed what it fails on */
export function comparisonLines(
  comparison: Comparison,
  failed: readonly FindingKind[],
  style: Style,
): string[] {
  const { before, after, changed, stacks, costs, rules, stillFailing } = comparison;
  const paint = painter(style);
  return [
    `before  ${single(sideText(before))}`,
    `after   ${single(sideText(after))}`,
    ...FINDING_KINDS.flatMap((kind) => kindSection(comparison, kind, style)),
    ...(stillFailing.length === 0
      ? []
      : [
          '',
          paint('bold', 'failing before and after'),
          `  ${stillFailing.map(single).join(', ')}`,
        ]),
    ...footprintSections(comparison, style),
    ...growthSection(STACKS_TITLE, stacks.map(growthCells), style),
    ...growthSection('cost of opcodes', costs.map(growthCells), style),
    '',
    paint('bold', 'around the cases'),
    ...(changed.length === 0 ? ['  nothing changed'] : []),
    ...changed.flatMap(({ what, before: was, after: is }) => [
      `  ${what} changed`,
      `    before  ${single(was)}`,
      `    after   ${single(is)}`,
    ]),
    '',
    ...rules.map((rule) => paint('dim', `rule    ${rule}`)),
    paint(
      ['bold', failed.length === 0 ? 'green' : 'red'],
      single(comparisonLine(comparison, failed)),
    ),
    ...(failed.length === 0 ? [] : [`fails on ${failed.join(', ')}`]),
  ];
}
