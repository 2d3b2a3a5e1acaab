import { styleText } from 'node:util';
import type { Divergence, RunRecord, SourcePlace, StateDifference } from '../results/index.ts';

/** Whether to colour: a terminal that did not ask for NO_COLOR (no-color.org). */
export interface Style {
  readonly color: boolean;
}

type Paint = Parameters<typeof styleText>[0];

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
    `${indent}${place.file}:${place.line}:${place.column}`,
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
    `  instruction  ${divergence.instruction}`,
    `  expected     ${paint('green', printable(divergence.expected))}  (reference model)`,
    `  actual       ${paint('red', printable(divergence.actual))}  (board)`,
    `  differs in   ${divergence.fields.join(', ')}`,
    `  last ${divergence.lastSteps.length} steps, as the board reported them:`,
  ];
  for (const entry of divergence.lastSteps) {
    const wrong = entry.step === divergence.step;
    const where = entry.source === undefined ? '' : `  ${entry.source.file}:${entry.source.line}`;
    const text = `  ${wrong ? '>' : ' '} ${String(entry.step).padStart(6)}  pc ${String(entry.pc).padStart(4)}  ${entry.instruction.padEnd(20)} ${printable(entry.effect)}${where}`;
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

/** Where the debug probe found the core and the VM. */
function forensicsLines({ backtrace, vm }: NonNullable<RunRecord['forensics']>): string[] {
  const lines = ['the debug probe found the core at:', ...backtrace.map((frame) => `  ${frame}`)];
  if (vm === undefined) return lines;
  return [
    ...lines,
    `and VM 0, read from the board's memory, after ${vm.steps} steps at pc ${vm.pc}: ${vm.instruction}`,
    ...sourceLines(vm.source, '  '),
  ];
}

/** The closing summary of a run. */
export function summaryLines(record: RunRecord, recordPath: string, style: Style): string[] {
  const paint = painter(style);
  const { verdict } = record;
  const lines: string[] = [];
  if (record.divergence !== undefined) lines.push(...divergenceLines(record.divergence, style));
  if (record.finalState !== undefined && record.finalState.differences.length > 0) {
    lines.push(...stateDifferenceLines(record.finalState.differences));
  }
  if (record.fault !== undefined) {
    lines.push(
      `program fault ${record.fault.code} ${record.fault.name} at step ${record.fault.step}: ${record.fault.instruction}`,
      ...sourceLines(record.fault.source, '  '),
    );
  }
  if (record.forensics !== undefined) lines.push(...forensicsLines(record.forensics));
  lines.push(...pinTimingLines(record));
  const passed = verdict.outcome === 'passed';
  const word = paint(passed ? ['bold', 'green'] : ['bold', 'red'], verdict.outcome.toUpperCase());
  const cause = verdict.causeClass === undefined ? '' : ` [${verdict.causeClass}]`;
  lines.push(
    `${word}${cause}  ${printable(verdict.summary)}`,
    ...(verdict.fix === undefined ? [] : [`fix     ${verdict.fix}`]),
    `steps   ${record.stepsCompared} compared${record.finalState === undefined ? '' : `, final state ${record.finalState.wordsCompared} words compared`}`,
    ...record.notCompared
      .filter((entry) => entry.count > 0)
      .map((entry) => `note    ${entry.count} ${entry.what}`),
    `ran on  ${record.bench.ranOn}`,
    `time    ${seconds(record.wallMs)} wall (${record.timing.map((t) => `${t.phase} ${seconds(t.ms)}`).join(', ')})`,
    `report  ${recordPath}`,
  );
  return lines;
}
