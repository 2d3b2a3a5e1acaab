import { didYouMean, HilError } from '../errors/index.ts';
import { FINDING_KINDS, type Comparison, type FindingKind } from './types.ts';

/** What a comparison fails on when the user doesn't say. */
export const DEFAULT_FAIL_ON: readonly FindingKind[] = ['newly-failing', 'missing'];

/**
 * Parses what a comparison is to fail on: kinds with commas between, `any` or `none`.
 * @throws HilError (usage) for a word that is none of them
 */
export function parseFailOn(text: string): readonly FindingKind[] {
  if (text === 'any') return FINDING_KINDS;
  if (text === 'none') return [];
  return text.split(',').map((word) => {
    const kind = FINDING_KINDS.find((known) => known === word.trim());
    if (kind !== undefined) return kind;
    const all = `use some of ${FINDING_KINDS.join(', ')}, or any, or none`;
    throw new HilError(
      'usage',
      `--fail-on ${word} is unknown`,
      didYouMean(word, FINDING_KINDS, all),
    );
  });
}

/** Whether a firmware takes more flash, RAM or C stack than before. */
function firmwareGrew({ footprints, stacks }: Comparison): boolean {
  const sizes = footprints.some(({ flash, ram }) =>
    [flash, ram].some(({ before = 0, after = 0 }) => after > before),
  );
  return sizes || stacks.some(({ grew }) => grew);
}

/** Kinds of what was found, those of the firmware's size included, the worst first. */
export function kindsOf(comparison: Comparison): FindingKind[] {
  const found = new Set(
    comparison.cases.flatMap(({ findings }) => findings.map(({ kind }) => kind)),
  );
  if (firmwareGrew(comparison)) found.add('larger');
  return FINDING_KINDS.filter((kind) => found.has(kind));
}

/** Which of what was found a comparison fails on. */
export function failures(
  comparison: Comparison,
  failOn: readonly FindingKind[],
): readonly FindingKind[] {
  return kindsOf(comparison).filter((kind) => failOn.includes(kind));
}
