import { HilError } from '../errors/index.ts';
import type {
  CaseResult,
  CostRow,
  ProgramResult,
  ResultView,
  RunRecord,
} from '../results/index.ts';
import { lastRun } from '../results/index.ts';
import {
  digestFinding,
  durationFinding,
  givenText,
  inOrder,
  outcomeFindings,
  outputFinding,
  programPairs,
  stackFinding,
  type ProgramPair,
} from './cases.ts';
import { NOISE_RULE, usual } from './noise.ts';
import {
  differencesOf,
  footprintChanges,
  growths,
  STACK_RULE,
  stackChanges,
} from './surroundings.ts';
import type { CaseChange, Comparison, Finding, Growth, Side } from './types.ts';

/** A program's part of a recorded run. */
export interface ProgramRun {
  readonly run: RunRecord;
  readonly program: ProgramResult;
}

/** The first step of two runs that is not the same, in words. */
export interface StepDifference {
  readonly step: number;
  readonly before: string;
  readonly after: string;
}

/** What a comparison asks of others. */
export interface Sources {
  /** Durations in ms of the runs of a case like this one, before the newer result, that passed. */
  readonly durations: (like: CaseResult) => readonly number[];
  /** What opcodes cost, for each firmware's sources that were measured. */
  readonly costs: readonly CostRow[];
  /** Runs two programs on the model side by side; undefined when no step differs, or when that can't be done. */
  readonly firstStep: (
    before: ProgramRun,
    after: ProgramRun,
  ) => Promise<StepDifference | undefined>;
}

/** Changed traces that are looked into: each takes two runs of the model. */
const STEPS_NAMED = 20;

/** Arm instructions of an opcode are counted, not timed: the emulator gives the same number each time. This is for rounding. */
const COST_SHARE = 0.005;

function sideOf({ id, startedAt, verdict, environment, cases }: ResultView): Side {
  const { git } = environment;
  return {
    id,
    startedAt,
    outcome: verdict.outcome,
    summary: verdict.summary,
    commit: git?.commit,
    dirty: git?.dirty ?? false,
    cases: cases.length,
  };
}

/** What the newest measurement of a firmware's sources says, by opcode. */
function costsOf({ costs }: Sources, sources: string | undefined): Record<string, number> {
  const rows = costs.filter((row) => row.sources === sources && row.build === 'switch');
  // Oldest first: a newer one replaces it.
  return Object.fromEntries(
    rows.map(({ name, instructions, cycles }) => [name, cycles === 0 ? instructions : cycles]),
  );
}

function costChanges(before: ResultView, after: ResultView, sources: Sources): Growth[] {
  const was = costsOf(sources, before.environment.sources?.firmware);
  const is = costsOf(sources, after.environment.sources?.firmware);
  if (Object.keys(was).length === 0 || Object.keys(is).length === 0) return [];
  return growths(was, is).filter(
    (growth) =>
      growth.before === undefined ||
      growth.after === undefined ||
      Math.abs(growth.after - growth.before) > COST_SHARE * growth.before,
  );
}

/** Names the first steps that differ, as long as that doesn't get out of hand. */
class StepNamer {
  #left = STEPS_NAMED;
  readonly #sources: Sources;

  constructor(sources: Sources) {
    this.#sources = sources;
  }

  async describe(was: ProgramRun, is: ProgramRun): Promise<string[]> {
    if (this.#left === 0) return [];
    this.#left -= 1;
    try {
      const found = await this.#sources.firstStep(was, is);
      if (found === undefined) return [];
      const { step, before, after } = found;
      return [`first at step ${step}`, `before  ${before}`, `after   ${after}`];
    } catch (error) {
      // For instance a program of another instruction set.
      if (!(error instanceof HilError)) throw error;
      return [`which step was the first to differ can't be said: ${error.message}`];
    }
  }
}

async function digestFindings(
  pair: ProgramPair,
  runs: { readonly before: RunRecord; readonly after: RunRecord },
  namer: StepNamer,
): Promise<Finding[]> {
  const kind = digestFinding(pair);
  if (kind === undefined) return [];
  const { vmName } = pair.after;
  const what = kind === 'trace' ? 'did other steps' : 'made the same steps but left another state';
  const details =
    kind === 'state'
      ? []
      : await namer.describe(
          { run: runs.before, program: pair.before },
          { run: runs.after, program: pair.after },
        );
  return [{ kind, text: `${vmName} ${what}; ${givenText(pair)}`, details }];
}

async function bothPassed(was: CaseResult, is: CaseResult, namer: StepNamer): Promise<Finding[]> {
  const [before, after] = [lastRun(was), lastRun(is)];
  if (before === undefined || after === undefined) return [];
  const findings: Finding[] = [];
  for (const pair of programPairs(was, is)) {
    findings.push(
      ...(await digestFindings(pair, { before, after }, namer)),
      ...outputFinding(pair),
      ...stackFinding(pair),
    );
  }
  return findings;
}

/** Two results beside each other: what got worse or better, what is gone, and what around it changed. */
export async function compareResults(
  before: ResultView,
  after: ResultView,
  sources: Sources,
): Promise<Comparison> {
  const namer = new StepNamer(sources);
  const old = new Map(before.cases.map((one) => [one.id, one]));
  const young = new Map(after.cases.map((one) => [one.id, one]));
  const cases: CaseChange[] = [];
  const stillFailing: string[] = [];
  let unjudged = 0;
  for (const id of new Set([...old.keys(), ...young.keys()])) {
    const [was, is] = [old.get(id), young.get(id)];
    const findings = outcomeFindings(was, is);
    if (is?.outcome === 'passed') {
      const limits = usual(sources.durations(is));
      if (limits === undefined) unjudged += 1;
      findings.push(...durationFinding(is, limits));
    }
    if (was !== undefined && is !== undefined) findings.push(...(await bothPassed(was, is, namer)));
    const bad = (it: CaseResult | undefined): boolean =>
      it?.outcome === 'failed' || it?.outcome === 'errored';
    if (bad(was) && bad(is)) stillFailing.push(id);
    if (findings.length === 0) continue;
    cases.push({ id, before: was?.outcome, after: is?.outcome, findings: inOrder(findings) });
  }
  const all = new Set([...old.keys(), ...young.keys()]).size;
  return {
    before: sideOf(before),
    after: sideOf(after),
    changed: differencesOf(before, after),
    cases,
    same: all - cases.length,
    stillFailing,
    footprints: footprintChanges(before, after),
    stacks: stackChanges(before, after),
    costs: costChanges(before, after, sources),
    rules: [
      NOISE_RULE,
      ...(unjudged === 0
        ? []
        : [
            `the duration of ${unjudged} case${unjudged === 1 ? ' was' : 's was'} not judged: too few earlier runs`,
          ]),
      STACK_RULE,
      'sizes, operand stacks and counted instructions are exact: any difference is shown',
    ],
  };
}
