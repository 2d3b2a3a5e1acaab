import { VM_NAMES } from '../isa/index.ts';
import type { Expectation, ProgramResult, RunRecord, Verdict } from '../results/index.ts';
import { pinNumber, type ExpectedOutput } from './outputs.ts';
import type { PlannedCase } from './plan.ts';
import { expectedFault, plantedFault } from './expected-failure.ts';
import type { StationFacts } from './station.ts';
import { pinExpectation, timingExpectation } from './pin-expectations.ts';

/** What a case makes of a run. */
export interface Judged {
  readonly verdict: Verdict;
  readonly expectations: Expectation[];
}

/** The run's own verdict, unless the case expects something else or more. */
export function judgeRun(
  planned: Pick<PlannedCase, 'expect' | 'outputs'>,
  run: RunRecord,
  { board, has }: Pick<StationFacts, 'board' | 'has'>,
): Judged {
  const { error, fails } = planned.expect;
  if (run.verdict.outcome === 'errored') return { verdict: run.verdict, expectations: [] };
  if (fails !== undefined) return plantedFault(fails, run);
  const fault = error === undefined ? undefined : expectedFault(error, run);
  if ((fault?.verdict ?? run.verdict).outcome !== 'passed') {
    return fault ?? { verdict: run.verdict, expectations: [] };
  }
  const expectations = [
    ...(fault?.expectations ?? []),
    ...planned.outputs.map((output) => outputExpectation(output, run.programs)),
    ...(planned.expect.pins ?? []).flatMap((pin) =>
      pinExpectation(pin, pinNumber(pin.pin, board), run, has.has('pins')),
    ),
    ...(planned.expect.timing ?? []).map((timing) =>
      timingExpectation(timing, pinNumber(timing.pin, board), run),
    ),
  ];
  const unmet = expectations.filter(({ met }) => !met);
  const [first] = unmet;
  if (first === undefined) return { verdict: fault?.verdict ?? run.verdict, expectations };
  const more = unmet.length === 1 ? '' : `, and ${unmet.length - 1} more`;
  const summary = `${first.what}: expected ${first.expected}, got ${first.actual}${more}`;
  // Seen from outside: board and model agree, so what a program prints is the program's doing, and what a wire does the board's.
  const causeClass = first.what.startsWith('wire') ? 'firmware' : 'program';
  return { verdict: { outcome: 'failed', causeClass, summary }, expectations };
}

/** Longest text that is quoted whole. */
const QUOTED = 80;

const quoted = (text: string): string =>
  JSON.stringify(text.length <= QUOTED ? text : `${text.slice(0, QUOTED)}…`);

function outputExpectation(
  { vm, text }: ExpectedOutput,
  programs: readonly ProgramResult[],
): Expectation {
  const program = programs.find((one) => one.vm === vm);
  // One character per byte in the record; the source, and so what is expected, is UTF-8.
  const printed = Buffer.from(program?.output ?? '', 'latin1').toString('utf8');
  const what = programs.length > 1 ? `output of ${VM_NAMES[vm] ?? vm}` : 'output';
  if ('parts' in text) {
    const missing = text.parts.find((part) => !printed.includes(part));
    const met = missing === undefined;
    const expected = `a text with ${text.parts.map(quoted).join(' and ')}`;
    return { what, expected, actual: met ? expected : `no ${quoted(missing)}`, met };
  }
  if (printed === text.whole) {
    const lines = `${text.whole.split('\n').length - 1} lines as expected`;
    return { what, expected: lines, actual: lines, met: true };
  }
  const expected = text.whole.split('\n');
  const actual = printed.split('\n');
  let index = 0;
  while (expected[index] === actual[index]) index += 1;
  const line = (lines: readonly string[]): string => {
    const one = lines[index];
    return one === undefined ? `no line ${index + 1}` : `line ${index + 1} ${quoted(one)}`;
  };
  return { what, expected: line(expected), actual: line(actual), met: false };
}
