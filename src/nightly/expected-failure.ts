import { VM_ERRORS, type VmErrorName } from '../isa/index.ts';
import type { Expectation, RunRecord, Verdict } from '../results/index.ts';
import type { Expect } from './suite-schema.ts';

interface Judged {
  readonly verdict: Verdict;
  readonly expectations: Expectation[];
}

/** What a run was, in a few words. */
function runText({ verdict, programs }: RunRecord): string {
  const fault = programs.find((program) => program.fault !== undefined)?.fault;
  if (verdict.causeClass === 'program' && fault !== undefined) {
    return `fault ${fault.code} ${fault.name}`;
  }
  const cause = verdict.causeClass === undefined ? '' : ` [${verdict.causeClass}]`;
  return `${verdict.outcome}${cause}: ${verdict.summary}`;
}

/** A run that is to end with a fault of its program, on board and model alike. */
export function expectedFault(name: VmErrorName, run: RunRecord): Judged {
  const expected = `fault ${VM_ERRORS[name]} ${name}`;
  const agreed = run.verdict.outcome === 'passed' || run.verdict.causeClass === 'program';
  // Board and model part: that is the news, whatever the program was to do.
  if (!agreed) return { verdict: run.verdict, expectations: [] };
  const met =
    run.verdict.causeClass === 'program' &&
    run.programs.every(({ fault }) => fault === undefined || fault.name === name);
  const actual = runText(run);
  const verdict: Verdict = met
    ? { outcome: 'passed', summary: `board and reference model agree on ${expected}` }
    : { outcome: 'failed', causeClass: 'program', summary: `expected ${expected}, got ${actual}` };
  return { verdict, expectations: [{ what: 'error', expected, actual, met }] };
}

/**
 * A run with a fault planted in it. One that isn't found is an error: the night then says nothing about whether a fault would have been
 * found anywhere.
 */
export function plantedFault(
  { causes, instruction }: NonNullable<Expect['fails']>,
  run: RunRecord,
): Judged {
  const at = instruction === undefined ? '' : ` at ${instruction}`;
  const expected = `a finding of class ${causes.join(' or ')}${at}`;
  const { verdict } = run;
  const where = run.programs.flatMap(({ divergence, lastSteps }) => {
    const text = divergence?.instruction ?? lastSteps?.instruction;
    return text === undefined ? [] : [text.split(' ')[0] ?? ''];
  });
  const right =
    verdict.outcome === 'failed' &&
    verdict.causeClass !== undefined &&
    causes.includes(verdict.causeClass) &&
    (instruction === undefined || where.includes(instruction));
  const found = where.length === 0 ? '' : ` at ${where.join(', ')}`;
  const actual = right ? expected : `${runText(run)}${found}`;
  const expectations = [{ what: 'planted fault', expected, actual, met: right }];
  if (right) {
    return {
      verdict: { outcome: 'passed', summary: `the planted fault was found: ${verdict.summary}` },
      expectations,
    };
  }
  if (verdict.outcome === 'passed') {
    return {
      verdict: {
        outcome: 'errored',
        causeClass: 'harness',
        summary: 'the planted fault never fired: the run passed',
        fix: 'see that the firmware has the fault, and that the program meets it',
      },
      expectations,
    };
  }
  const summary = `the planted fault was to be ${expected}, but the run was ${actual}`;
  return { verdict: { outcome: 'failed', causeClass: 'harness', summary }, expectations };
}
