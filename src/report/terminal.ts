import { styleText } from 'node:util';
import type {
  Divergence,
  ProgramResult,
  RunRecord,
  SourcePlace,
  StateDifference,
  Verdict,
} from '../results/index.ts';

/** Whether to colour: a terminal that did not ask for NO_COLOR (no-color.org). */
export interface Style {
  readonly color: boolean;
}

type Paint = Parameters<typeof styleText>[0];

/** Width of the labels. */
const LABEL = 8;
/** State differences shown before the rest is only counted. */
const DIFFERENCES_SHOWN = 20;

/** Replaces control characters, so that text from a board or a program cannot steer the terminal. */
export function printable(text: string): string {
  // eslint-disable-next-line no-control-regex -- control characters are what this is about
  return text.replaceAll(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, '\u{fffd}');
}

const painter =
  (style: Style) =>
  (format: Paint, text: string): string =>
    style.color ? styleText(format, text, { validateStream: false }) : text;

/** Seconds with one decimal below 100, none above. */
export function seconds(ms: number): string {
  return ms < 100_000 ? `${(ms / 1000).toFixed(1)} s` : `${(ms / 1000).toFixed(0)} s`;
}

/** `file.ino:31:9` and the line of source under it. */
function sourceLines(place: SourcePlace | undefined, indent: string): string[] {
  if (place === undefined) return [];
  const caret = ' '.repeat(Math.max(0, place.column - 1)) + '^';
  return [
    `${indent}${printable(place.file)}:${place.line}:${place.column}`,
    `${indent}  ${printable(place.text)}`,
    `${indent}  ${caret}`,
  ];
}

/** The divergence: where, both values, and the steps that led there. */
export function divergenceLines(divergence: Divergence, style: Style): string[] {
  const paint = painter(style);
  const lines = [
    paint('bold', `first wrong step: ${divergence.step}`),
    ...sourceLines(divergence.source, '  '),
    `  instruction  ${printable(divergence.instruction)}`,
    `  expected     ${paint('green', printable(divergence.expected))}  (reference model)`,
    `  actual       ${paint('red', printable(divergence.actual))}  (board)`,
    `  differs in   ${divergence.fields.join(', ')}`,
    `  last ${divergence.lastSteps.length} steps, as the board reported them:`,
  ];
  for (const entry of divergence.lastSteps) {
    const wrong = entry.step === divergence.step;
    const where =
      entry.source === undefined ? '' : `  ${printable(entry.source.file)}:${entry.source.line}`;
    const text = `  ${wrong ? '>' : ' '} ${String(entry.step).padStart(6)}  pc ${String(entry.pc).padStart(4)}  ${printable(entry.instruction).padEnd(28)} ${printable(entry.effect)}${where}`;
    lines.push(wrong ? paint('red', text) : text);
  }
  return lines;
}

/** Cells of the final state that differ, side by side. */
export function stateDifferenceLines(differences: readonly StateDifference[]): string[] {
  const lines = [
    'state left behind differs:',
    '  where                          model        board',
  ];
  for (const cell of differences.slice(0, DIFFERENCES_SHOWN)) {
    const name = cell.name === undefined ? '' : ` (${cell.name})`;
    const where = `${cell.region}[${cell.index}]${name}`;
    lines.push(
      `  ${where.padEnd(28)} ${String(cell.expected ?? '-').padStart(11)} ${String(cell.actual ?? '-').padStart(11)}`,
    );
  }
  const more = differences.length - DIFFERENCES_SHOWN;
  if (more > 0) lines.push(`  and ${more} more`);
  return lines;
}

/** Measured intervals of watched pins beside what the program's delays add up to. */
export function pinTimingLines(record: RunRecord): string[] {
  if (record.pinTiming.length === 0) return [];
  const lines = ['pin timing, watched from outside the board:'];
  for (const interval of record.pinTiming) {
    const deviation = interval.measuredMs - interval.nominalMs;
    const sign = deviation < 0 ? '' : '+';
    lines.push(
      `  pin ${interval.pin} ${interval.level === 1 ? 'high' : 'low '} ${interval.measuredMs.toFixed(2).padStart(9)} ms, program says ${interval.nominalMs.toFixed(0).padStart(5)} ms, deviation ${sign}${deviation.toFixed(2)} ms`,
    );
  }
  return lines;
}

/** Where the debug probe found the core and the VMs. */
function forensicsLines({ backtrace, vms }: NonNullable<RunRecord['forensics']>): string[] {
  return [
    'the debug probe found the core at:',
    ...backtrace.map((frame) => `  ${printable(frame)}`),
    ...vms.flatMap((vm) => [
      `and VM ${vm.vmName}, read from the board's memory, after ${vm.steps} steps at pc ${vm.pc}: ${printable(vm.instruction)}`,
      ...sourceLines(vm.source, '  '),
    ]),
  ];
}

/** What one program's comparison found, when it found anything. */
function findingLines(program: ProgramResult, style: Style): string[] {
  const { divergence, finalState, fault } = program;
  const lines: string[] = [];
  if (divergence !== undefined) lines.push(...divergenceLines(divergence, style));
  if (finalState !== undefined && finalState.differences.length > 0) {
    lines.push(...stateDifferenceLines(finalState.differences));
  }
  if (fault !== undefined) {
    lines.push(
      `program fault ${fault.code} ${fault.name} at step ${fault.step}: ${printable(fault.instruction)}`,
      ...sourceLines(fault.source, '  '),
    );
  }
  return lines;
}

/** `PASSED  …`, and what helps where something does. */
function verdictLines(verdict: Verdict, before: string, style: Style): string[] {
  const passed = verdict.outcome === 'passed';
  const format: Paint = passed ? ['bold', 'green'] : ['bold', 'red'];
  const word = painter(style)(format, verdict.outcome.toUpperCase());
  const cause = verdict.causeClass === undefined ? '' : ` [${verdict.causeClass}]`;
  return [
    `${before}${word}${cause}  ${printable(verdict.summary)}`,
    ...(verdict.fix === undefined ? [] : [`fix     ${printable(verdict.fix)}`]),
  ];
}

/** What ended a program, in words. */
function endText({ stopReason, rounds }: ProgramResult): string {
  switch (stopReason) {
    case 'steps':
      return ', ended by the budget of steps';
    case 'loops':
      return `, ended after ${rounds} round${rounds === 1 ? '' : 's'} of loop()`;
    case 'halted':
      return ', the program came to its end';
    case 'fault':
    case 'stopped':
    case undefined:
      return '';
  }
}

function comparedText(program: ProgramResult): string {
  const { stepsCompared, finalState } = program;
  const state =
    finalState === undefined ? '' : `, final state ${finalState.wordsCompared} words compared`;
  return `${stepsCompared} compared${state}${endText(program)}`;
}

function noteLines({ notCompared }: ProgramResult): string[] {
  return notCompared
    .filter((entry) => entry.count > 0)
    .map((entry) => `note    ${entry.count} ${entry.what}`);
}

/** A section for each of several programs. */
function programSection(program: ProgramResult, style: Style): string[] {
  const before = program.vmName.padEnd(LABEL);
  return [
    ...findingLines(program, style),
    ...verdictLines(program.verdict, before, style),
    `${' '.repeat(LABEL)}${comparedText(program)}, ${printable(program.file)}`,
  ];
}

/** The closing summary of a run. */
export function summaryLines(record: RunRecord, recordPath: string, style: Style): string[] {
  const [only, ...others] = record.programs;
  const single = only !== undefined && others.length === 0 ? only : undefined;
  const total = record.programs.reduce((sum, program) => sum + program.stepsCompared, 0);
  return [
    ...(single === undefined
      ? record.programs.flatMap((program) => programSection(program, style))
      : findingLines(single, style)),
    ...(record.forensics === undefined ? [] : forensicsLines(record.forensics)),
    ...pinTimingLines(record),
    ...verdictLines(record.verdict, '', style),
    `steps   ${single === undefined ? `${total} compared on ${record.programs.length} VMs` : comparedText(single)}`,
    ...(single === undefined ? [] : noteLines(single)),
    `ran on  ${record.bench.ranOn}`,
    `time    ${seconds(record.wallMs)} wall (${record.timing.map((t) => `${t.phase} ${seconds(t.ms)}`).join(', ')})`,
    `report  ${recordPath}`,
  ];
}
