import { startNativeAgent, type NativeAgent } from './native-agent.ts';
import {
  caseOf,
  LEVELS,
  runNoiseCase,
  type Level,
  type NoiseCase,
  type NoiseResult,
} from './noise-run.ts';
import type { Damage } from './noisy-line.ts';

/** What to run. */
export interface NoiseSettings {
  readonly runs: number;
  readonly firstSeed: number;
  /** Runs at the same time, on as many boards of each kind: they mostly wait. */
  readonly workers: number;
  /** Native agents: a good one, and one that subtracts the wrong way round. */
  readonly firmware: { readonly good: string; readonly defect: string };
  readonly onResult?: (result: NoiseResult) => void;
}

/** The two boards of a worker, each used for many runs. */
interface Boards extends AsyncDisposable {
  readonly good: NativeAgent;
  readonly defect: NativeAgent;
}

async function startBoards({ good, defect }: NoiseSettings['firmware']): Promise<Boards> {
  await using starting = new AsyncDisposableStack();
  const boards = {
    good: starting.use(await startNativeAgent(good)),
    defect: starting.use(await startNativeAgent(defect)),
  };
  const owned = starting.move();
  return { ...boards, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

const boardOf = (boards: Boards, { defect }: NoiseCase): NativeAgent =>
  defect ? boards.defect : boards.good;

/** The same run without noise. */
function withoutNoise(run: NoiseCase): NoiseCase {
  const silent = caseOf(run.seed);
  const none = Object.fromEntries(Object.keys(silent.noise.in).map((kind) => [kind, 0]));
  const noise = { in: none as unknown as Damage, out: none as unknown as Damage };
  return { ...silent, level: 'none', noise };
}

/** Runs seeds one after another on the boards of each worker. @returns results in no order; the last of each board had no noise */
export async function runNoise(settings: NoiseSettings): Promise<NoiseResult[]> {
  const results: NoiseResult[] = [];
  let next = settings.firstSeed;
  const end = next + settings.runs;
  const keep = (result: NoiseResult): void => {
    results.push(result);
    settings.onResult?.(result);
  };
  const worker = async (): Promise<void> => {
    await using boards = await startBoards(settings.firmware);
    const last = new Map<boolean, NoiseCase>();
    while (next < end) {
      const run = caseOf(next);
      next += 1;
      last.set(run.defect, run);
      keep(await runNoiseCase(run, boardOf(boards, run).path));
    }
    for (const run of last.values())
      keep(await runNoiseCase(withoutNoise(run), boardOf(boards, run).path));
  };
  await Promise.all(Array.from({ length: settings.workers }, worker));
  return results;
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);

/** What was done to the bytes of a run: times. */
export function damageOf({ damage }: NoiseResult): number {
  return damage === undefined
    ? 0
    : sum([...Object.values(damage.in), ...Object.values(damage.out)]);
}

/** A table of the results by level of noise. */
export function noiseTable(results: readonly NoiseResult[]): string[] {
  const head = [
    'noise',
    'runs',
    'passed',
    'failed',
    'link',
    'damage',
    'bad frames',
    'repeats',
    'longest',
  ];
  const rows = (Object.keys(LEVELS) as Level[]).map((level) => {
    const of = results.filter(({ run }) => run.level === level);
    const ended = (outcome: string): number =>
      of.filter(({ verdict }) => verdict.outcome === outcome).length;
    const counted = (key: 'badFrames' | 'boardBadFrames' | 'repeats'): number =>
      sum(of.map(({ counters }) => counters?.[key] ?? 0));
    const longest = Math.max(0, ...of.map(({ ms }) => ms)) / 1000;
    const counts = [
      of.length,
      ended('passed'),
      ended('failed'),
      ended('errored'),
      sum(of.map(damageOf)),
      counted('badFrames') + counted('boardBadFrames'),
      counted('repeats'),
    ];
    return [level, ...counts.map(String), `${longest.toFixed(1)} s`];
  });
  return [head, ...rows].map((cells) => cells.map((cell) => cell.padStart(10)).join(' '));
}
