import fc from 'fast-check';
import { HilError } from '../errors/index.ts';
import {
  ConstructCounts,
  programSyntax,
  writeProgram,
  type ProgramSyntax,
} from './generate/index.ts';
import type { HostCompiler } from './host-compiler.ts';
import { judgeSketches, type Judged } from './judge.ts';
import type { runOnModel } from './model.ts';
import { minimise, type Case } from './minimise.ts';
import type { Sketch } from './sketch.ts';

/** Sketches in one file for the host's compiler: enough that starting it counts for little. */
const BATCH = 40;
/** Files at a time. */
const PARALLEL = 2;
/** Of fast-check's shrinking; each is a run of the host's compiler, about 0.1 s. A number, so that a slow machine shrinks as far. */
const SHRINK_TRIES = 200;
/** For what minimise.ts does then. */
const MINIMISE_MS = 60_000;

export interface JudgeSettings {
  readonly host: HostCompiler;
  /** Another compiler or model, of a test. */
  readonly runModel?: typeof runOnModel;
  /** Sketches follow from it alone. */
  readonly seed: number;
  /** Most tries of fast-check's shrinking (default 200). */
  readonly shrinkTries?: number;
  /** When to stop, whichever comes first. */
  readonly budget: { readonly programs: number; readonly ms: number };
  /** Monotonic milliseconds. */
  readonly now: () => number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (programs: number) => void;
}

/** A sketch on which the two differ. */
export interface SketchFinding {
  /** As small as it got. */
  readonly sketch: Sketch;
  /** What differs, for a person. */
  readonly lines: readonly string[];
  /** For fast-check, to make the sketch it began with again. */
  readonly seed: number;
  readonly path: string;
  /** Lines of the sketch it began with. */
  readonly foundWith: number;
}

/** What a campaign did. */
export interface JudgeResult {
  /** Sketches that were judged, those that are too large for the machine included. */
  readonly programs: number;
  /** Events on which the two agreed. */
  readonly events: number;
  /** Instructions of all programs, and how many of them were executed. */
  readonly instructions: number;
  readonly reached: number;
  /** Sketches that were right but too large, by what for. */
  readonly limits: ReadonlyMap<string, number>;
  readonly constructs: ConstructCounts;
  readonly finding: SketchFinding | undefined;
}

const NAME = 'generated.ino';

function sketchOf({ rounds, inputs }: ProgramSyntax, source: string): Sketch {
  return { name: NAME, source, rounds, inputs };
}

const sourceOf = (syntax: ProgramSyntax): string => writeProgram(syntax).source;

/** Counts what sketches did. */
class Tally {
  programs = 0;
  events = 0;
  instructions = 0;
  reached = 0;
  readonly limits = new Map<string, number>();
  readonly constructs = new ConstructCounts();

  add({ model, verdict }: Judged, noted: Iterable<string>): void {
    this.programs += 1;
    this.constructs.count(noted);
    if (verdict.kind === 'limit') {
      this.limits.set(verdict.what, (this.limits.get(verdict.what) ?? 0) + 1);
    } else if (model.kind === 'ran') {
      this.events += model.behaviour.events.length;
      this.instructions += model.size;
      this.reached += model.reached;
    }
  }
}

/** Generates sketches and judges them until the budget is used up or one shows a difference. */
export async function runJudge(settings: JudgeSettings): Promise<JudgeResult> {
  const { seed, budget, now, signal, onProgress } = settings;
  const tally = new Tally();
  const end = now() + budget.ms;
  const over = (): boolean =>
    tally.programs >= budget.programs || now() >= end || signal?.aborted === true;
  for (let run = 0; !over(); run += PARALLEL) {
    const seeds = Array.from({ length: PARALLEL }, (_, at) => (seed + run + at) | 0);
    const left = budget.programs - tally.programs;
    const batches = await Promise.all(
      seeds.map((each, at) => judgeBatch(settings, each, Math.min(BATCH, left - at * BATCH))),
    );
    for (const [at, batch] of batches.entries()) {
      for (const [index, { judged, noted }] of batch.entries()) {
        tally.add(judged, noted);
        if (judged.verdict.kind !== 'differ') continue;
        const finding = await shrink(settings, seeds[at] ?? seed, index);
        return { ...resultOf(tally), finding };
      }
    }
    onProgress?.(tally.programs);
  }
  return { ...resultOf(tally), finding: undefined };
}

function resultOf(tally: Tally): Omit<JudgeResult, 'finding'> {
  const { programs, events, instructions, reached, limits, constructs } = tally;
  return { programs, events, instructions, reached, limits, constructs };
}

async function judgeBatch(
  { host, runModel }: JudgeSettings,
  seed: number,
  size: number,
): Promise<{ judged: Judged; noted: Iterable<string> }[]> {
  if (size <= 0) return [];
  const made = fc.sample(programSyntax, { seed, numRuns: size }).map((syntax) => {
    const { source, noted } = writeProgram(syntax);
    return { sketch: sketchOf(syntax, source), noted };
  });
  const sketches = made.map(({ sketch }) => sketch);
  const all = await judgeSketches(host, sketches, runModel);
  return all.map((judged, index) => ({ judged, noted: made[index]?.noted ?? [] }));
}

type Difference = Extract<Judged['verdict'], { kind: 'differ' }>;

/** Makes the smallest sketch of the one that showed a difference. */
async function shrink(
  settings: JudgeSettings,
  seed: number,
  index: number,
): Promise<SketchFinding> {
  const { host, runModel, now, signal, shrinkTries = SHRINK_TRIES } = settings;
  /** Differences by source text: shrinking comes to the same text again and again. */
  const known = new Map<string, Difference | undefined>();
  /** Of the first: what differs in another way is another matter. */
  let sort: Difference['sort'] | undefined;
  const shows = (source: string): boolean => {
    const found = known.get(source);
    sort ??= found?.sort;
    return found !== undefined && found.sort === sort;
  };
  const judgeAll = async (sketches: readonly Sketch[]): Promise<void> => {
    const judged = await judgeSketches(host, sketches, runModel);
    for (const [at, { source }] of sketches.entries()) {
      const one = judged[at];
      if (one !== undefined) {
        known.set(source, one.verdict.kind === 'differ' ? one.verdict : undefined);
      }
    }
  };
  let foundWith = 0;
  const property = fc.asyncProperty(programSyntax, async (syntax) => {
    const source = sourceOf(syntax);
    if (foundWith === 0) foundWith = source.split('\n').length - 1;
    if (signal?.aborted === true) return true;
    if (!known.has(source)) {
      if (known.size >= shrinkTries) return true;
      await judgeAll([sketchOf(syntax, source)]);
    }
    return !shows(source);
  });
  const details = await fc.check(property, { seed, path: String(index) });
  const [syntax] = details.counterexample ?? [];
  if (syntax === undefined) {
    const message = `sketch ${index} of seed ${seed} showed a difference only once`;
    throw new HilError('harness', message, 'report this as a bug of cockpit-hil');
  }
  const end = now() + MINIMISE_MS;
  const start: Case = { syntax, source: sourceOf(syntax) };
  const best = await minimise(
    start,
    sourceOf,
    async (cases) => {
      const fresh = cases.filter(({ source }) => !known.has(source));
      await judgeAll(fresh.map((it) => sketchOf(it.syntax, it.source)));
      return cases.map(({ source }) => shows(source));
    },
    () => now() >= end || signal?.aborted === true,
  );
  return {
    sketch: sketchOf(best.syntax, best.source),
    lines: known.get(best.source)?.lines ?? [],
    ...{ seed, path: details.counterexamplePath ?? '', foundWith },
  };
}
