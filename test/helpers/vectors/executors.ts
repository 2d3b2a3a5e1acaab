import { errorText } from '../../../src/errors/index.ts';
import { EFFECT_KINDS, VM_ERRORS } from '../../../src/isa/index.ts';
import { buildSanitizedAgent } from '../firmware.ts';
import { AgentExecutor, type VectorBoard } from './agent-executor.ts';
import { openEmulatedBoard, openNativeBoard, vectorPins } from './boards.ts';
import { judge, type Observation } from './judge.ts';
import { runOnModel } from './model-executor.ts';
import type { Vector } from './vectors.ts';

/** Who runs the vectors. */
export const EXECUTORS = ['model', 'native', 'sanitized', 'emulated'] as const;
export type ExecutorName = (typeof EXECUTORS)[number];

/** One way to run the vectors. */
export interface Executor extends AsyncDisposable {
  readonly name: ExecutorName;
  run(vector: Vector): Observation | Promise<Observation>;
  /** Why a case isn't run here; undefined = it is. */
  readonly skips: (vector: Vector) => string | undefined;
  /** Hardware that is missing here, and why. */
  readonly lacks: ReadonlyMap<Vector['needs'], string>;
}

/** What running one case gave. */
export interface CaseResult {
  /** Lines that say what is wrong; none: it passed, or was not run for `reason`. */
  readonly problems: readonly string[];
  /** Why the case doesn't count as run; undefined = it ran as it stands. */
  readonly reason: string | undefined;
}

const everything = { skips: () => undefined, lacks: new Map<never, string>() };

function onBoard(name: ExecutorName, board: VectorBoard): Executor {
  const executor = new AgentExecutor(board);
  return {
    name,
    run: async (vector) => {
      try {
        return await executor.run(vector);
      } catch (error) {
        const words = [`${vector.id}: ${errorText(error)}`, board.lastWords()];
        throw new Error(words.join('\n'), { cause: error });
      }
    },
    ...everything,
    [Symbol.asyncDispose]: () => board[Symbol.asyncDispose](),
  };
}

async function openModel(): Promise<Executor> {
  const board = await vectorPins();
  return {
    name: 'model',
    run: (vector) => runOnModel(vector, board),
    ...everything,
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

/** Makes an executor ready; the emulated board is flashed and booted. */
export async function openExecutor(name: ExecutorName): Promise<Executor> {
  switch (name) {
    case 'model':
      return openModel();
    case 'native':
      return onBoard(name, await openNativeBoard());
    case 'sanitized':
      return onBoard(name, await openNativeBoard(await buildSanitizedAgent()));
    case 'emulated':
      return {
        ...onBoard(name, await openEmulatedBoard()),
        skips: ({ variant }) =>
          variant ? 'a further variant: each takes about 40 ms of serial line' : undefined,
        lacks: new Map([['adc', 'the emulated chip has no converter: the agent answers fault 9']]),
      };
  }
}

/** Runs one case and compares. A case whose hardware is missing must end in fault 9. */
export async function checkVector(executor: Executor, vector: Vector): Promise<CaseResult> {
  const skipped = executor.skips(vector);
  if (skipped !== undefined) return { problems: [], reason: skipped };
  const lack = executor.lacks.get(vector.needs);
  if (lack === undefined)
    return { problems: judge(vector, await executor.run(vector)), reason: undefined };
  const last = (await executor.run({ ...vector, inputs: new Map() })).effects.at(-1);
  const isFault = last?.kind === EFFECT_KINDS.ERROR && last.value === VM_ERRORS.HARDWARE_FAULT;
  return {
    problems: isFault ? [] : ['expected fault 9 for missing hardware; is it there now?'],
    reason: lack,
  };
}
