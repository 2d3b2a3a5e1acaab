/** The report as one HTML file. */
import type { Comparison, FindingKind } from '../../compare/index.ts';
import type { History, ResultView } from '../../results/index.ts';
import { comparisonLine } from '../compare/index.ts';
import { htmlDocument } from './document.ts';
import { resultData } from './result.ts';
import { trendData } from './trends.ts';

export { policyHash } from './bundle.ts';

/** What a report shows; each part is a page of it. */
export interface ReportParts {
  readonly view: ResultView;
  /** Where the past is; left out: no trends. */
  readonly history?: History | undefined;
  /** Most runs of the past. */
  readonly last: number;
  readonly comparison?: Comparison | undefined;
  /** What the comparison fails on. */
  readonly failed?: readonly FindingKind[];
}

/** A run or a nightly as one HTML file, with its past and a comparison where they are given. */
export function htmlReport(parts: ReportParts): Promise<string> {
  const { view, history, last, comparison, failed = [] } = parts;
  const title = view.suite === undefined ? (view.cases[0]?.id ?? view.id) : view.suite.name;
  return htmlDocument({
    title: `${view.verdict.outcome}: ${title}`,
    result: resultData(view),
    ...(history === undefined ? {} : { trends: trendData(history, view, last) }),
    ...(comparison === undefined
      ? {}
      : { comparison: { ...comparison, failed, line: comparisonLine(comparison, failed) } }),
  });
}
