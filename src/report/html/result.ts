import {
  boardHealth,
  type Attempt,
  type CaseResult,
  type ProgramResult,
  type ResultView,
  type RunRecord,
} from '../../results/index.ts';
import { boardEdges } from '../board-edges.ts';
import { benchHealthTexts, benchStateText } from '../nightly-text.ts';
import { oneLine } from '../outcomes.ts';
import { comparedText, endText, healthText, timeText } from '../run-words.ts';
import type { AttemptData, BenchData, CaseData, ProgramData, ResultData, RunData } from './data.ts';

/** Characters of a program's output that a page shows: the end of it, where things went wrong. */
const OUTPUT_SHOWN = 20_000;

function programData(program: ProgramResult): ProgramData {
  const text = Buffer.from(program.output, 'latin1').toString('utf8');
  const cut = text.length - OUTPUT_SHOWN;
  const output = cut > 0 ? `(${cut} characters before)\n${text.slice(-OUTPUT_SHOWN)}` : text;
  const early = program.stopReason === 'fault' ? 'a fault ended it' : 'it was broken off';
  return {
    ...program,
    ...{ output, image: undefined, inputs: undefined },
    compared: comparedText(program),
    ended: endText(program) ?? early,
  };
}

function runData(run: RunRecord): RunData {
  const { id, command, forensics, link, pinTiming, pinTimingNotes, board, clock, world } = run;
  const health = boardHealth([board]);
  const pins = run.programs.flatMap(({ model }) => model?.pins ?? []);
  const whole = run.programs.every(({ model }) => (model?.pinsOmitted ?? 0) === 0);
  return {
    id,
    command,
    ranOn: run.bench.ranOn,
    forensics,
    link,
    pinTiming,
    pinTimingNotes,
    took: timeText(run),
    health: health === undefined ? [] : [healthText(health), ...health.crashes],
    clock,
    world,
    programs: run.programs.map(programData),
    edges: boardEdges(
      run,
      pins.toSorted(([a], [b]) => a - b),
      whole,
    ),
  };
}

function attemptData({ run, ...attempt }: Attempt): AttemptData {
  return run === undefined ? attempt : { ...attempt, run: runData(run) };
}

function caseData({ attempts, ...one }: CaseResult): CaseData {
  return { ...one, attempts: attempts.map(attemptData) };
}

/** A run or a nightly, for its page. */
export function resultData(view: ResultView): ResultData {
  const { cases, benches, ...rest } = view;
  return {
    ...rest,
    line: oneLine(view),
    benches: benches.map((bench): BenchData => ({
      ...bench,
      stateText: benchStateText(bench),
      health: benchHealthTexts(view, bench.name),
    })),
    cases: cases.map(caseData),
  };
}
