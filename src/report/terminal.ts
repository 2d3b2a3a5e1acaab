import {
  boardHealth,
  type ProgramResult,
  type RunRecord,
  type StateDifference,
  type Verdict,
} from '../results/index.ts';
import { divergenceLines, triageLines } from './divergence.ts';
import { pinText } from './pin-text.ts';
import { comparedText, endText, healthText, stepsKnown, timeText } from './run-words.ts';
import { painter, printable, sourceLines, type Paint, type Style } from './text.ts';

/** Width of the labels. */
const LABEL = 8;
/** State differences shown before the rest is only counted. */
const DIFFERENCES_SHOWN = 20;

/** Cells of the final state that differ, side by side. */
function stateDifferenceLines(differences: readonly StateDifference[]): string[] {
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
function pinTimingLines(record: RunRecord): string[] {
  const { pinTiming, pinTimingNotes } = record;
  if (pinTiming.length + pinTimingNotes.length === 0) return [];
  const lines = ['pin timing, watched from outside the board:'];
  for (const interval of pinTiming) {
    const deviation = interval.measuredMs - interval.nominalMs;
    const sign = deviation < 0 ? '' : '+';
    lines.push(
      `  ${pinText(record, interval.pin)} ${interval.level === 1 ? 'high' : 'low '} ${interval.measuredMs.toFixed(2).padStart(9)} ms, program says ${interval.nominalMs.toFixed(0).padStart(5)} ms, deviation ${sign}${deviation.toFixed(2)} ms`,
    );
  }
  return [...lines, ...pinTimingNotes.map((note) => `  ${printable(note)}`)];
}

/** `, running, its flash erased,`: what is out of the ordinary with a core whose firmware should be running. */
function coreText({ core, flash }: NonNullable<RunRecord['forensics']>): string {
  const words = [
    ...(core === undefined || core === 'running' ? [] : [core]),
    ...(flash === 'erased' ? ['its flash erased'] : []),
    ...(flash === 'other' ? ['another firmware in its flash'] : []),
  ];
  return words.map((word) => `, ${word}`).join('') + (words.length === 0 ? '' : ',');
}

/** Where the debug probe found the core and the VMs. */
function forensicsLines({ forensics, programs }: RunRecord): string[] {
  if (forensics === undefined) return [];
  const { backtrace, fault = [] } = forensics;
  // The ring is exact; what the VM's own variables say may be some steps old.
  const known = programs.filter(({ lastSteps }) => lastSteps !== undefined);
  const vms = forensics.vms.filter(({ vmName }) => !known.some((one) => one.vmName === vmName));
  return [
    `the debug probe found the core${coreText(forensics)} at:`,
    ...backtrace.map((frame) => `  ${printable(frame)}`),
    ...(fault.length === 0
      ? []
      : ['its fault status:', ...fault.map((line) => `  ${printable(line)}`)]),
    ...vms.flatMap((vm) => [
      `and VM ${vm.vmName}, read from the board's memory, after ${vm.steps} steps at pc ${vm.pc}: ${printable(vm.instruction)}`,
      ...sourceLines(vm.source, '  '),
    ]),
  ];
}

/** How far a board came that died. */
function lastStepsLines(last: NonNullable<ProgramResult['lastSteps']>): string[] {
  const { by, how, step, instruction = '', source, expected = '', actual = '' } = last;
  const known = by === 'ring' ? "by the ring in the board's memory" : 'by reruns of so many steps';
  const what = {
    unended: `every step before ${step} is right, and step ${step} never ended: ${instruction}`,
    wrong: `every step before ${step} is right, step ${step} is not: ${instruction}`,
    ended: `all ${step} steps of the program are right, and it had ended`,
  };
  return [
    `${known}, ${printable(what[how])}`,
    ...sourceLines(source, '  '),
    ...(how === 'wrong'
      ? [`  expected     ${printable(expected)}`, `  actual       ${printable(actual)}`]
      : []),
  ];
}

/** What one program's comparison found, when it found anything. */
function findingLines(program: ProgramResult, style: Style): string[] {
  const { divergence, finalState, fault, triage } = program;
  const lines: string[] = [];
  if (divergence !== undefined) lines.push(...divergenceLines(divergence, style));
  if (program.lastSteps !== undefined) lines.push(...lastStepsLines(program.lastSteps));
  if (finalState !== undefined && finalState.differences.length > 0) {
    lines.push(...stateDifferenceLines(finalState.differences));
  }
  if (fault !== undefined) {
    lines.push(
      `program fault ${fault.code} ${fault.name} at step ${fault.step}: ${printable(fault.instruction)}`,
      ...sourceLines(fault.source, '  '),
    );
  }
  if (triage !== undefined) lines.push(...triageLines(triage, style));
  return lines;
}

/** `PASSED  …`, and what helps where something does. The word stands in capitals once: for the whole run. */
function verdictLines(verdict: Verdict, summary: string, style: Style): string[] {
  return [
    `${verdictWord(verdict, verdict.outcome.toUpperCase(), style)}  ${printable(summary)}`,
    ...(verdict.fix === undefined ? [] : [`fix     ${printable(verdict.fix)}`]),
  ];
}

function verdictWord(verdict: Verdict, word: string, style: Style): string {
  const format: Paint = verdict.outcome === 'passed' ? ['bold', 'green'] : ['bold', 'red'];
  const cause = verdict.causeClass === undefined ? '' : ` [${verdict.causeClass}]`;
  return `${painter(style)(format, word)}${cause}`;
}

function comparedLine(program: ProgramResult): string {
  const ended = endText(program);
  return `${comparedText(program)}${ended === undefined ? '' : `, ${ended}`}`;
}

function noteLines({ notCompared, verdict, outputFrom }: ProgramResult): string[] {
  const notes = notCompared
    .filter((entry) => entry.count > 0)
    .map((entry) => `${entry.count} ${entry.what}`);
  if (verdict.outcome === 'failed' && outputFrom === 'model') {
    notes.push(
      "the text that was printed is the model's: of it the board sent hashes alone, and they agree",
    );
  }
  return notes.map((note) => `note    ${note}`);
}

/** A section for each of several programs. */
function programSection(program: ProgramResult, style: Style): string[] {
  const { verdict, vmName, file } = program;
  const found = findingLines(program, style);
  return [
    ...(found.length === 0 ? [] : [`${vmName}, ${printable(file)}:`, ...found]),
    `${vmName.padEnd(LABEL)}${verdictWord(verdict, verdict.outcome, style)}  ${printable(verdict.summary)}`,
    `${' '.repeat(LABEL)}${comparedLine(program)}, ${printable(file)}`,
  ];
}

/** What the verdict of a run of several programs rests on. */
function summaryOf({ programs, verdict }: RunRecord): string {
  const worst = programs.filter((program) => program.verdict.outcome === verdict.outcome);
  if (verdict.outcome === 'passed' || worst.length === programs.length) return verdict.summary;
  const names = worst.map(({ vmName }) => vmName).join(', ');
  return `${worst.length} of ${programs.length} programs: ${names}`;
}

/** First digits of a hash, enough to tell two builds apart. */
const short = (hash: string): string => hash.slice(0, 12);

/** What was built, for a run that found something. */
function buildLine({ board, programs, environment }: RunRecord): string {
  const firmware =
    board === undefined
      ? 'firmware unknown'
      : `firmware ${printable(board.firmware)}${board.hot === undefined ? '' : ' with hot code in CCM SRAM'}, ELF ${short(board.elf)}, ISA ${board.isa}`;
  const images = programs.map(({ imageSha256 }) => short(imageSha256)).join(', ');
  return `build   ${firmware}, image ${images}, harness ${environment.harness}`;
}

/** How to see it again. */
function againLines(record: RunRecord, path: string | undefined): string[] {
  if (record.verdict.outcome !== 'failed') return [];
  const commands = [
    ...(path === undefined ? [] : [`cockpit-hil replay ${path}`]),
    printable(record.command),
  ];
  return [buildLine(record), ...labelled('again', commands)];
}

/** Texts under each other, the first behind a label. */
function labelled(label: string, texts: readonly string[]): string[] {
  return texts.map((text, index) => `${(index === 0 ? label : '').padEnd(LABEL)}${text}`);
}

/** A program's verdict when it was replayed without a board, and what the sides did where they part. */
export interface ReplayView {
  readonly vmName: string;
  readonly verdict: Verdict;
  readonly details: readonly string[];
}

/** What a replay without a board found, and what the recorded run had found. */
export function replayLines(
  record: RunRecord,
  views: readonly ReplayView[],
  style: Style,
): string[] {
  const several = views.length > 1;
  return [
    `record  ${record.id}: ${record.verdict.outcome}: ${printable(record.verdict.summary)}`,
    ...views.flatMap(({ vmName, verdict, details }) => [
      ...details.map(printable),
      ...verdictLines(verdict, several ? `${vmName}: ${verdict.summary}` : verdict.summary, style),
    ]),
  ];
}

/** What the board said of itself when the programs had run, and how its last run before that start ended when that crashed. */
function boardLines({ board }: RunRecord): string[] {
  const health = boardHealth([board]);
  if (health === undefined) return [];
  return [
    `board   ${printable(healthText(health))}`,
    ...health.crashes.map((crash) => `crash   ${printable(crash)}`),
  ];
}

/** The closing summary of a run. @param paths where its record is, the default one first; none when it could not be written */
export function summaryLines(record: RunRecord, paths: readonly string[], style: Style): string[] {
  const [only, ...others] = record.programs;
  const single = only !== undefined && others.length === 0 ? only : undefined;
  const total = record.programs.reduce((sum, program) => sum + stepsKnown(program), 0);
  return [
    ...(single === undefined
      ? record.programs.flatMap((program) => programSection(program, style))
      : findingLines(single, style)),
    ...forensicsLines(record),
    ...pinTimingLines(record),
    ...verdictLines(record.verdict, summaryOf(record), style),
    `steps   ${single === undefined ? `${total} compared on ${record.programs.length} VMs` : comparedLine(single)}`,
    ...(single === undefined ? [] : noteLines(single)),
    `ran on  ${record.bench.ranOn}`,
    ...boardLines(record),
    `time    ${timeText(record)}`,
    ...againLines(record, paths[0]),
    ...labelled('report', paths),
  ];
}
