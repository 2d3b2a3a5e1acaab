import {
  FINDING_KINDS,
  type Comparison,
  type FindingKind,
  type Growth,
} from '../../compare/index.ts';
import { cell, fenced, row } from '../markdown.ts';
import {
  comparisonLine,
  growthCells,
  sideText,
  STACKS_TITLE,
  SYMBOLS_SHOWN,
  TITLES,
} from './text.ts';

/** Findings of a kind, and those of them with their details: a comment on a pull request has at most 65,536 characters. */
const LISTED = 40;
const DETAILED = 5;

function kindSection({ cases }: Comparison, kind: FindingKind): string[] {
  const found = cases.flatMap(({ id, findings }) =>
    findings.filter((finding) => finding.kind === kind).map((finding) => ({ id, ...finding })),
  );
  if (found.length === 0) return [];
  const items = found
    .slice(0, LISTED)
    .flatMap(({ id, text, details }, index) => [
      `- ${cell(id)}: ${cell(text)}`,
      ...(details.length === 0 || index >= DETAILED
        ? []
        : fenced(details, kind === 'output' ? 'diff' : '').map((line) => `  ${line}`)),
    ]);
  const more = found.length > LISTED ? [`- and ${found.length - LISTED} more`] : [];
  return ['', `### ${TITLES[kind]} (${found.length})`, '', ...items, ...more];
}

function growthTable(title: string, growths: readonly Growth[]): string[] {
  if (growths.length === 0) return [];
  return [
    '',
    `### ${cell(title)}`,
    '',
    '| | before | after | by |',
    '|---|--:|--:|--:|',
    ...growths.map((growth) => row(growthCells(growth))),
  ];
}

/** A comparison as Markdown, for a pull request. */
export function comparisonMarkdown(comparison: Comparison, failed: readonly FindingKind[]): string {
  const { before, after, changed, footprints, stacks, costs, rules, stillFailing } = comparison;
  const lines = [
    `## ${cell(comparisonLine(comparison, failed))}`,
    '',
    `- before: ${cell(sideText(before))}`,
    `- after: ${cell(sideText(after))}`,
    ...FINDING_KINDS.flatMap((kind) => kindSection(comparison, kind)),
    ...(stillFailing.length === 0
      ? []
      : [
          '',
          `### failing before and after (${stillFailing.length})`,
          '',
          cell(
            stillFailing.length > LISTED
              ? `${stillFailing.slice(0, LISTED).join(', ')} and ${stillFailing.length - LISTED} more`
              : stillFailing.join(', '),
          ),
        ]),
    ...footprints.flatMap(({ bench, flash, ram, symbols }) =>
      growthTable(`firmware of ${bench}, bytes`, [flash, ram, ...symbols.slice(0, SYMBOLS_SHOWN)]),
    ),
    ...growthTable(STACKS_TITLE, stacks),
    ...growthTable('cost of opcodes', costs),
    '',
    '### around the cases',
    '',
    ...(changed.length === 0
      ? ['nothing changed']
      : [
          '| changed | before | after |',
          '|---|---|---|',
          ...changed.map(({ what, before: was, after: is }) => row([what, was, is])),
        ]),
    '',
    ...rules.map((rule) => `- ${cell(rule)}`),
  ];
  return `${lines.join('\n')}\n`;
}
