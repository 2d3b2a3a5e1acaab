import { createTwoFilesPatch } from 'diff';
import { lastRun, type CaseResult, type Outcome, type ProgramResult } from '../results/index.ts';
import type { Usual } from './noise.ts';
import { FINDING_KINDS, type Finding } from './types.ts';

/** Most lines of a diff that a report shows. */
const DIFF_LINES = 60;

const BAD: readonly Outcome[] = ['failed', 'errored'];
const GOOD: readonly Outcome[] = ['passed', 'flaky'];
/** Of these nothing is known. */
const SILENT: readonly Outcome[] = ['skipped', 'quarantined'];

const isSilent = (it: CaseResult | undefined): boolean =>
  it === undefined || SILENT.includes(it.outcome);

const isBad = (it: CaseResult | undefined): boolean => it !== undefined && BAD.includes(it.outcome);

/** A case's outcome with its cause and its own words. */
function told({ outcome, causeClass, summary }: CaseResult): string {
  return `${outcome}${causeClass === undefined ? '' : ` [${causeClass}]`}: ${summary}`;
}

/** What became of a case, by its outcomes alone. */
export function outcomeFindings(
  before: CaseResult | undefined,
  after: CaseResult | undefined,
): Finding[] {
  const finding = (kind: Finding['kind'], text: string): Finding => ({ kind, text, details: [] });
  if (after === undefined) {
    return before === undefined || isSilent(before)
      ? []
      : [finding('missing', `was ${told(before)}`)];
  }
  if (isSilent(after)) return isSilent(before) ? [] : [finding('missing', told(after))];
  const found = isSilent(before) ? [finding('new', told(after))] : [];
  if (isBad(after) && !isBad(before)) found.push(finding('newly-failing', told(after)));
  if (after.outcome === 'flaky' && before?.outcome !== 'flaky') {
    const why = after.flake === undefined ? '' : ` (${after.flake.reason})`;
    found.push(finding('newly-flaky', `${told(after)}${why}`));
  }
  if (after.outcome === 'passed' && before !== undefined && isBad(before)) {
    found.push(finding('fixed', `was ${told(before)}`));
  }
  return found;
}

/** Two programs of a case, on the same VM. */
export interface ProgramPair {
  readonly before: ProgramResult;
  readonly after: ProgramResult;
}

/** The programs of a case that passed in both results. */
export function programPairs(before: CaseResult, after: CaseResult): ProgramPair[] {
  if (!GOOD.includes(before.outcome) || !GOOD.includes(after.outcome)) return [];
  const [was, is] = [lastRun(before), lastRun(after)];
  return (is?.programs ?? []).flatMap((program) => {
    const other = was?.programs.find(({ vm }) => vm === program.vm);
    return other === undefined ? [] : [{ before: other, after: program }];
  });
}

/** What differs in what a program was given, which may be why it did something else. */
export function givenText({ before, after }: ProgramPair): string {
  const reasons = [
    ...(before.sha256 === after.sha256 ? [] : ['its source changed']),
    ...(before.imageSha256 === after.imageSha256 || before.sha256 !== after.sha256
      ? []
      : ['the compiler made another image of the same source']),
    ...(before.model?.steps === after.model?.steps ? [] : ['it ran for another number of steps']),
    ...(JSON.stringify(before.inputs) === JSON.stringify(after.inputs)
      ? []
      : ['it read other values']),
  ];
  return reasons.length === 0
    ? 'the same image, steps and inputs: model or firmware changed'
    : reasons.join(', ');
}

/** Whether the model did the same; undefined when it isn't known of both. */
export function digestFinding(pair: ProgramPair): 'trace' | 'state' | undefined {
  const [was, is] = [pair.before.model?.digest, pair.after.model?.digest];
  if (was === undefined || is === undefined) return undefined;
  if (was.stream !== is.stream) return 'trace';
  return was.state === is.state ? undefined : 'state';
}

/** What a program printed, as lines of a unified diff. */
export function outputFinding({ before, after }: ProgramPair): Finding[] {
  if (before.output === after.output) return [];
  const text = (output: string): string => Buffer.from(output, 'latin1').toString('utf8');
  const patch = createTwoFilesPatch('before', 'after', text(before.output), text(after.output));
  // Without the line of equals signs above it.
  const lines = patch.split('\n').slice(1, -1);
  const more = lines.length - DIFF_LINES;
  return [
    {
      kind: 'output',
      text: `${after.vmName} printed another text`,
      details: more > 0 ? [...lines.slice(0, DIFF_LINES), `and ${more} more lines`] : lines,
    },
  ];
}

/** Whether a program's operand stack has grown. */
export function stackFinding({ before, after }: ProgramPair): Finding[] {
  const [was, is] = [before.model?.stackHighWater ?? 0, after.model?.stackHighWater ?? 0];
  if (was === 0 || is <= was) return [];
  const text = `${after.vmName} had ${is} values on its operand stack, ${was} before`;
  return [{ kind: 'larger', text, details: [] }];
}

/** Whether a case that passed took longer than it usually does. */
export function durationFinding(after: CaseResult, limits: Usual | undefined): Finding[] {
  const ms = after.attempts.at(-1)?.ms;
  if (after.outcome !== 'passed' || ms === undefined || limits === undefined) return [];
  const { medianMs, deviationMs, limitMs, runs } = limits;
  if (ms <= limitMs) return [];
  const s = (value: number): string => (value / 1000).toFixed(2);
  const text = `${s(ms)} s; usual are ${s(medianMs)} s, give or take ${s(deviationMs)} s in ${runs} runs, and up to ${s(limitMs)} s is taken for noise`;
  return [{ kind: 'slower', text, details: [] }];
}

/** The worst first. */
export function inOrder(findings: readonly Finding[]): Finding[] {
  const rank = ({ kind }: Finding): number => FINDING_KINDS.indexOf(kind);
  return findings.toSorted((a, b) => rank(a) - rank(b));
}
