import { access } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { BenchFile, Board } from '../bench/index.ts';
import { HilError } from '../errors/index.ts';
import type { RunRecord } from '../results/index.ts';
import { readInputScript, type LoadedProgram } from '../suite/index.ts';
import { expandSuite, type SuiteCase } from './expand.ts';
import { pinNumber, prepareOutputs, type ExpectedOutput } from './outputs.ts';
import { shuffled } from './order.ts';
import { select, type Selection } from './patterns.ts';
import { planShards, type Shard } from './shard.ts';
import { sketchComments } from './sketch-comments.ts';
import { ROOT, type Suite } from './suite-file.ts';

/** A program as it is read from a file, and that file's text. */
export type SourceProgram = Omit<LoadedProgram, 'vm'> & { readonly source: string };

/** A case with everything in memory that it takes to run it. */
export interface PlannedCase extends Omit<SuiteCase, 'loops'> {
  readonly programs: readonly LoadedProgram[];
  readonly loops: number | undefined;
  readonly scripted: RunRecord['scripted'];
  readonly outputs: readonly ExpectedOutput[];
}

/** What is to be run of a suite. */
export interface PlanSettings extends Selection {
  readonly shard: Shard | undefined;
  /** What the order follows from. */
  readonly seed: number;
  /** Milliseconds that cases took, by id. */
  readonly durations: ReadonlyMap<string, number>;
  /** In the place of what the suite says; undefined: as it says. */
  readonly retries: number | undefined;
  /** Of all benches: pins are known by their names, and firmware by their kinds. */
  readonly boards: readonly Board[];
  readonly kinds: readonly BenchFile['kind'][];
  /** Reads a program, complaining of what is wrong with it. @throws HilError (usage) */
  readonly load: (file: string) => Promise<SourceProgram>;
}

/** A suite made ready. */
export interface Plan {
  readonly suite: Suite;
  /** In the order to run them. */
  readonly cases: readonly PlannedCase[];
  /** Of the whole suite. */
  readonly ids: readonly string[];
  readonly selection: Selection | undefined;
  readonly shard: (Shard & { readonly plan: string }) | undefined;
}

/**
 * Makes a suite ready to run: everything that a mistake in it could stop is read and compiled before a board is touched.
 * @throws HilError (usage)
 */
export async function planNightly(suite: Suite, settings: PlanSettings): Promise<Plan> {
  const { shard, seed, durations, only, tags } = settings;
  const all = expandSuite(suite);
  const chosen = select(all, settings);
  const whole = planShards(
    chosen.map(({ id }) => id),
    shard?.of ?? 1,
    durations,
  );
  const own = chosen.filter(({ id }) => whole.partOf.get(id) === (shard?.index ?? 1));
  const loader = createLoader(settings.load);
  const cases: PlannedCase[] = [];
  for (const one of own) cases.push(await prepare(one, suite, settings, loader));
  return {
    suite,
    cases: shuffled(cases, seed),
    ids: all.map(({ id }) => id),
    selection: only.length + tags.length === 0 ? undefined : { only, tags },
    shard: shard === undefined ? undefined : { ...shard, plan: whole.hash },
  };
}

/** Reads each file once, whoever asks. */
function createLoader(load: PlanSettings['load']): PlanSettings['load'] {
  const loaded = new Map<string, Promise<SourceProgram>>();
  return (file) => {
    const known = loaded.get(file) ?? load(file);
    loaded.set(file, known);
    return known;
  };
}

/** The cases that are chosen, with how each is run, a line each. */
export function listCases(suite: Suite, selection: Selection): string[] {
  return select(expandSuite(suite), selection).map(({ id, mode, clock, tags }) => {
    const marks = tags.length === 0 ? '' : `  (${tags.join(', ')})`;
    return `${id}  ${mode}, ${clock} clock${marks}`;
  });
}

/** Firmware of a case's own as absolute paths. @throws HilError (usage) when a bench needs one that isn't there */
async function checkFirmware(
  { firmware }: SuiteCase,
  kinds: readonly BenchFile['kind'][],
  where: string,
): Promise<SuiteCase['firmware']> {
  if (firmware === undefined) return undefined;
  const paths: SuiteCase['firmware'] = {};
  for (const kind of new Set(kinds)) {
    const given = firmware[kind];
    if (given === undefined) continue;
    const path = resolve(ROOT, given);
    try {
      await access(path);
    } catch {
      throw new HilError(
        'usage',
        `${where}: there is no firmware at ${given}`,
        'build it, or leave the case out with --only or --tag; ./scripts/nightly builds those of the suites here',
      );
    }
    paths[kind] = path;
  }
  return paths;
}

async function prepare(
  one: SuiteCase,
  suite: Suite,
  { boards, kinds, retries }: PlanSettings,
  load: PlanSettings['load'],
): Promise<PlannedCase> {
  const where = `${suite.file}: case ${one.id}`;
  const sources: (SourceProgram & { readonly vm: number })[] = [];
  for (const { vm, file } of one.files) sources.push({ ...(await load(file)), vm });
  const { inputs, expect } = one;
  for (const { pin } of [...(expect.pins ?? []), ...(expect.timing ?? [])]) {
    for (const board of boards) {
      if (pinNumber(pin, board) !== undefined) continue;
      throw new HilError(
        'usage',
        `${where}: board ${board.id} has no pin ${pin}`,
        `use a number or one of: ${Object.keys(board.aliases).join(', ')}`,
      );
    }
  }
  const scripted =
    inputs === undefined
      ? undefined
      : { given: inputs, script: await readInputScript(inputs, boards) };
  return {
    ...one,
    retries: retries ?? one.retries,
    firmware: await checkFirmware(one, kinds, where),
    programs: sources.map(({ vm, program, file, sha256 }) => ({ vm, program, file, sha256 })),
    loops: one.loops === 'sketch' ? sketchComments(sources[0]?.source ?? '').rounds : one.loops,
    scripted,
    outputs: await prepareOutputs(expect.output ?? [], sources, where),
  };
}
