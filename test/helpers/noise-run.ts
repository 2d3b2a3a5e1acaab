import { connectAgent, type Agent } from '../../src/agent/index.ts';
import { compile } from '../../src/compiler/index.ts';
import type { Program } from '../../src/image/index.ts';
import { opcodeByName } from '../../src/isa/index.ts';
import { createChannel, openSerial, type Channel } from '../../src/link/index.ts';
import { runLockstep } from '../../src/lockstep/index.ts';
import { withDeadline } from '../../src/process/index.ts';
import type { Verdict } from '../../src/results/index.ts';
import { judge, judgeError } from '../../src/suite/verdict.ts';
import { createEngine, createModelIo, loadProgram, stepWithEffect } from '../../src/vm/index.ts';
import { noisyLine, seeded, type Noise, type NoisyLine } from './noisy-line.ts';

/** Damaged bytes per byte, by level; the last but one loses about every fourth line of 80 bytes. */
export const LEVELS = {
  none: 0,
  'per 10000': 1e-4,
  'per 1000': 1e-3,
  'per 300': 1 / 300,
  'per 100': 0.01,
};
export type Level = keyof typeof LEVELS;
const LEVEL_NAMES = Object.keys(LEVELS) as Level[];

/** What one run is to be. Everything follows from the seed. */
export interface NoiseCase {
  readonly seed: number;
  readonly level: Level;
  readonly noise: { readonly in: Noise; readonly out: Noise };
  readonly mode: 'trace' | 'digest';
  /** Whether it runs on firmware that subtracts the wrong way round. */
  readonly defect: boolean;
  readonly program: Program;
  /** Steps that it has. */
  readonly steps: number;
  /** The step at which the defect shows. */
  readonly wrongStep: number;
  readonly epoch: number;
}

/** What became of it. */
export interface NoiseResult {
  readonly run: NoiseCase;
  readonly verdict: Verdict;
  /** Why this verdict may not be; undefined when it may. */
  readonly complaint: string | undefined;
  readonly ms: number;
  /** Times the line did something to it, by direction. */
  readonly damage: NoisyLine['damage'] | undefined;
  readonly counters: Channel['counters'] | undefined;
}

/** Most time that a run may take: it ends earlier or hangs. Each of its about 30 exchanges has 4 tries of 500 ms. */
const HANG_MS = 120_000;
const PINS = Array.from({ length: 8 }, () => ({ adc: false, pwm: false, dac: false }));
const SUB = opcodeByName('SUB')?.code;

const compiled = new Map<string, Program>();

/** A program that never ends by itself: sums, an array, a call, a pin written and one read, texts, delays. */
function programOf(add: number, every: number, from: number): Program {
  const source = `int n; int seen; int total; int table[8];
int twice(int x) { return x * 2; }
void setup() { pinMode(3, OUTPUT); pinMode(4, INPUT_PULLUP); }
void loop() {
  n = n + ${add};
  table[n & 7] = twice(n);
  digitalWrite(3, n & 1);
  seen = seen + digitalRead(4);
  if (n % ${every} == 0) { printf("%d %d\\n", n, total); }
  if (n > ${from}) { total = total - n; }
  delay(${every});
}
`;
  const known = compiled.get(source);
  if (known !== undefined) return known;
  const result = compile(source, 'noise.ino');
  if (!result.ok) throw new Error('the program does not compile');
  compiled.set(source, result.program);
  return result.program;
}

/** The first step at which operands of a subtraction that are swapped make a difference. */
function firstSubtraction(program: Program): number {
  const io = createModelIo({
    pins: PINS,
    buttons: 1,
    clock: 'virtual',
    executed: () => engine.executed,
    inputs: () => 1,
  });
  const engine = createEngine({ io });
  loadProgram(engine, program);
  io.reset();
  for (let step = 0; step < 1000; step += 1) {
    const effect = stepWithEffect(engine);
    if (effect !== undefined && effect.opcode === SUB && effect.value !== 0) return step;
  }
  throw new Error('the program does not subtract within 1000 steps');
}

const pick = <T>(random: () => number, from: readonly T[]): T => {
  const found = from[Math.floor(random() * from.length)];
  if (found === undefined) throw new Error('nothing to pick from');
  return found;
};

function noiseOf(rate: number, random: () => number): Noise {
  const kinds = ['flip', 'drop', 'double', 'insert'] as const;
  const only = pick(random, ['all', ...kinds]);
  const share = (kind: (typeof kinds)[number]): number => {
    if (only === 'all') return rate / kinds.length;
    return only === kind ? rate : 0;
  };
  const sometimes = (one: number, most: number): number => (random() < one ? random() * most : 0);
  return {
    flip: share('flip'),
    drop: share('drop'),
    double: share('double'),
    insert: share('insert'),
    doublePiece: rate === 0 ? 0 : sometimes(0.5, 0.05),
    pause: rate === 0 ? 0 : sometimes(0.3, 0.05),
    close: rate === 0 ? 0 : sometimes(0.2, 0.02),
  };
}

/** The run of a seed. */
export function caseOf(seed: number): NoiseCase {
  const random = seeded(seed);
  const level = pick(random, LEVEL_NAMES);
  const rate = LEVELS[level];
  const program = programOf(
    1 + Math.floor(random() * 3),
    pick(random, [2, 3, 5]),
    pick(random, [0, 4]),
  );
  const wrongStep = firstSubtraction(program);
  const defect = random() < 0.4;
  const least = defect ? wrongStep + 1 : 50;
  return {
    seed,
    level,
    // Noise on one way alone is seen by one side alone.
    noise: {
      in: noiseOf(random() < 0.85 ? rate : 0, random),
      out: noiseOf(random() < 0.85 ? rate : 0, random),
    },
    mode: pick(random, ['trace', 'digest']),
    defect,
    program,
    steps: least + Math.floor(random() * (400 - least)),
    wrongStep,
    epoch: pick(random, [16, 64, 4096]),
  };
}

/** A VM that an earlier run left behind must not run any more. */
export async function makeIdle(agent: Agent): Promise<void> {
  const { state } = await agent.status(0);
  if (state === 'running' || state === 'waiting') await agent.stop(0);
}

/** What is wrong with a verdict. */
function complaintAbout(run: NoiseCase, verdict: Verdict, compared: number, at?: number) {
  const { outcome, causeClass, summary } = verdict;
  const so = `${outcome} (${causeClass ?? '-'}): ${summary}`;
  if (outcome === 'errored' && causeClass === 'link')
    return run.level === 'none' ? `without noise, ${so}` : undefined;
  if (!run.defect)
    return outcome === 'passed' && compared === run.steps
      ? undefined
      : `good firmware, ${compared} of ${run.steps} steps compared, ${so}`;
  return outcome === 'failed' && at === run.wrongStep
    ? undefined
    : `defect at step ${run.wrongStep}, found at ${at ?? 'none'}, ${so}`;
}

/** Runs a case on a board that ran others before. @param path the board's serial port */
export async function runNoiseCase(run: NoiseCase, path: string): Promise<NoiseResult> {
  const from = performance.now();
  let noisy: NoisyLine | undefined;
  let channel: Channel | undefined;
  let compared = 0;
  let at: number | undefined;
  const work = async (): Promise<Verdict> => {
    try {
      const serial = await openSerial({ path, baud: 115_200 });
      noisy = noisyLine(serial, run.noise, seeded(run.seed + 1_000_000));
      channel = createChannel(noisy.line);
      const agent = connectAgent(channel);
      await agent.hello();
      await makeIdle(agent);
      const { program, mode, steps, epoch } = run;
      const result = await runLockstep({
        agent,
        vm: 0,
        program,
        comparison: mode === 'digest' ? { mode, epoch } : { mode },
        clock: 'virtual',
        steps,
        loops: 0,
        pins: PINS,
        buttons: 1,
        now: () => performance.now(),
      });
      compared = result.stepsCompared;
      at = result.mismatch?.step;
      return judge(result);
    } catch (error) {
      return judgeError(error);
    } finally {
      await channel?.close();
    }
  };
  const verdict = await withDeadline(work(), HANG_MS, `the run of seed ${run.seed}`);
  return {
    run,
    verdict,
    complaint: complaintAbout(run, verdict, compared, at),
    ms: performance.now() - from,
    damage: noisy?.damage,
    counters: channel?.counters,
  };
}
