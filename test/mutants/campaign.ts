import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HilError } from '../../src/errors/index.ts';
import { own } from '../../src/process/index.ts';
import { repositoryPath } from '../helpers/paths.ts';
import { mutate } from './apply.ts';
import { BuildTree, type Preset } from './build.ts';
import { legPasses } from './legs.ts';
import { tally, type MutantResult, type Tally, type Trial } from './score.ts';
import { openEmulatedStation, openNativeStation, type Station } from './station.ts';
import { Runner } from './runner.ts';
import { rehearse, type Exercise } from './suite.ts';
import { tryMutant, type Extent, type TrialSettings } from './trials.ts';
import { LEGS, type Leg, type Mode, type Mutant } from './types.ts';
import type { Unit } from './units.ts';

/** What a campaign is given. */
export interface CampaignSettings {
  readonly mutants: readonly Mutant[];
  readonly modes: readonly Mode[];
  readonly bench: 'native' | 'emulated';
  readonly extent: Extent;
  /** Most runs for each mutant and mode that it must show in. */
  readonly most?: TrialSettings['most'];
  /** Mutants at a time. */
  readonly jobs: number;
  /** Runs to leave out; all are wanted when this is. */
  readonly wanted?: (unit: Unit) => boolean;
  /** Becomes the owner of everything that is started, as it is started. */
  readonly resources: AsyncDisposableStack;
  readonly signal: AbortSignal;
  /** Told each time how many more runs were made a second time, because they had compared nothing. */
  readonly onRepeated?: (runs: number) => void;
  readonly onReady?: (exercises: readonly Exercise[]) => void;
  readonly onResult?: (result: MutantResult, trials: readonly Trial[]) => void;
}

const BENCHES: Record<
  CampaignSettings['bench'],
  { readonly preset: Preset; readonly open: (program: string) => Promise<Station> }
> = {
  native: { preset: 'native', open: openNativeStation },
  emulated: { preset: 'nucleo-harness', open: openEmulatedStation },
};

/** Makes what a mutant's build is tried on; stations belong to the campaign's owner, in case it ends before they do. */
function opener(settings: CampaignSettings, program: string): () => Promise<Station> {
  return () => own(settings.resources, BENCHES[settings.bench].open(program));
}

/** Runs a leg; when the line fails, once more, as runs are. */
async function passes(leg: Leg, tree: BuildTree, settings: CampaignSettings): Promise<boolean> {
  const open = opener(settings, tree.program);
  try {
    return await legPasses(leg, tree, open);
  } catch (error) {
    if (!(error instanceof HilError) || error.causeClass !== 'link') throw error;
    settings.onRepeated?.(1);
    return await legPasses(leg, tree, open);
  }
}

/** One mutant, from its build to its tallies. */
async function tryOne(
  mutant: Mutant,
  tree: BuildTree,
  exercises: readonly Exercise[],
  settings: CampaignSettings,
): Promise<void> {
  const { modes, signal, onResult } = settings;
  const from = performance.now();
  const tallies = new Map<Mode, Tally>();
  const trials: Trial[] = [];
  let legCaught: boolean | undefined;
  const { sight } = mutant;
  await tree.with(mutant, async (program) => {
    const open = opener(settings, program);
    if (sight.kind === 'leg') {
      legCaught = !(await passes(sight.leg, tree, settings));
      return;
    }
    for (const mode of modes.filter((one) => mutant.modes?.includes(one) ?? true)) {
      signal.throwIfAborted();
      const done = await tryMutant(mutant, mode, exercises, { ...settings, open });
      tallies.set(mode, tally(done, mutant.vague?.[mode] !== undefined));
      trials.push(...done);
    }
  });
  onResult?.({ mutant, tallies, legCaught, ms: performance.now() - from }, trials);
}

function legsOf(mutants: readonly Mutant[]): Leg[] {
  const legs = mutants.flatMap(({ sight }) => (sight.kind === 'leg' ? [sight.leg] : []));
  return [...new Set(legs)];
}

/** Runs the suite and its legs on the good firmware. */
async function rehearseAll(tree: BuildTree, settings: CampaignSettings): Promise<Exercise[]> {
  const open = opener(settings, tree.program);
  for (const leg of legsOf(settings.mutants)) {
    if (!(await passes(leg, tree, settings))) {
      throw new HilError('harness', `the good firmware does not pass: ${LEGS[leg]}`);
    }
  }
  await using runner = new Runner(open);
  const exercises = await rehearse(runner, settings.modes, settings.wanted);
  settings.onRepeated?.(runner.repeated);
  return exercises;
}

/**
 * Builds every mutant and puts it through the regression suite.
 * @throws StaleMutantError when a mutant's text isn't there; BaselineError when the good firmware fails; HilError when a build or
 * a bench does
 */
export async function runCampaign(settings: CampaignSettings): Promise<void> {
  for (const mutant of settings.mutants) {
    mutate(mutant, await readFile(repositoryPath('firmware', mutant.file), 'utf8'));
  }
  const folder = await mkdtemp(join(tmpdir(), 'cockpit-hil-mutants-'));
  settings.resources.defer(() => rm(folder, { recursive: true, force: true }));
  const { preset } = BENCHES[settings.bench];
  const first = await BuildTree.create(join(folder, '0'), preset);
  const exercises = await rehearseAll(first, settings);
  settings.onReady?.(exercises);
  const queue = [...settings.mutants];
  const work = async (job: number): Promise<void> => {
    const tree = job === 0 ? first : await BuildTree.create(join(folder, `${job}`), preset);
    for (let mutant = queue.shift(); mutant !== undefined; mutant = queue.shift()) {
      settings.signal.throwIfAborted();
      await tryOne(mutant, tree, exercises, settings);
    }
  };
  await Promise.all(Array.from({ length: settings.jobs }, (_, job) => work(job)));
}
