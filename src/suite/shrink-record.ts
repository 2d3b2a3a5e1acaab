import { access } from 'node:fs/promises';
import {
  pinCapabilities,
  type BenchFile,
  type Board,
  type ConnectedBoard,
} from '../bench/index.ts';
import { HilError } from '../errors/index.ts';
import { NativeReplay } from '../fuzz/index.ts';
import type { ProgramResult, RunRecord } from '../results/index.ts';
import { rootCause } from './break-off.ts';
import { OTHER_FIRMWARE } from './firmware-file.ts';
import { expectedInputs, inputServerOf, scriptFor } from './input-server.ts';
import { NATIVE_REPLAY } from './native-leg.ts';
import { recordedRun } from './replay.ts';
import { QUIET } from './observer.ts';
import { connectBench, openBench, type RunContext } from './run-programs.ts';
import { shrink, type Diverged, type Shrunk, type ShrinkSettings } from './shrink.ts';
import { boardTrial, nativeTrial, type Trial } from './shrink-trial.ts';

/** Where the smaller programs are run. */
export type ShrinkPlace =
  /** The native C engine, given the recorded inputs. `path`: another `cvm-replay` than that of `./scripts/setup`. */
  | { readonly kind: 'native'; readonly path?: string }
  | {
      readonly kind: 'board';
      readonly bench: BenchFile;
      readonly board: Board;
      /** ELF to use instead of the bench's. */
      readonly firmware: string | undefined;
    };

/** A board's fault may be a passing one: as many runs as triage makes by default. */
const BOARD_TRIES = 5;

/** The program of a record that diverged, or that the board died of in a known step. @throws HilError (usage) when there is none */
export function divergedProgram(record: RunRecord): ProgramResult {
  const found = record.programs.find(
    ({ divergence, finalState, lastSteps }) =>
      divergence !== undefined ||
      lastSteps?.how === 'unended' ||
      (finalState?.differences.length ?? 0) > 0,
  );
  if (found !== undefined) return found;
  throw new HilError(
    'usage',
    'no program of that run diverged, so there is nothing to shrink',
    'give the record of a run in which board and model part, or of one that the board died of in a known step',
  );
}

function divergedOf(record: RunRecord): Diverged {
  const result = divergedProgram(record);
  const run = recordedRun(record, result);
  const { divergence, lastSteps } = result;
  if (divergence === undefined && lastSteps?.how === 'unended') {
    return { run, step: lastSteps.step, brokeOff: true, strayed: false };
  }
  const strayed = ['pc', 'opcode'].some((field) => divergence?.fields.includes(field));
  return { run, step: divergence?.step, brokeOff: false, strayed };
}

/**
 * Shrinks the first program of a record that diverged; it runs alone.
 * @throws HilError (usage) when none diverged, (rig) when the bench can't be opened
 */
export async function shrinkRecord(
  record: RunRecord,
  place: ShrinkPlace,
  settings: Omit<ShrinkSettings, 'tries'>,
  context: RunContext,
): Promise<Shrunk> {
  const diverged = divergedOf(record);
  if (place.kind === 'native') {
    const { path = NATIVE_REPLAY } = place;
    await access(path).catch(() => {
      throw new HilError('usage', `there is no ${path}`, './scripts/setup builds it');
    });
    await using replay = new NativeReplay(path);
    const { settings: world, inputs } = diverged.run;
    return await shrink(diverged, nativeTrial(replay, world, inputs, settings), {
      ...settings,
      tries: 1,
    });
  }
  const trial = await openTrial(record, place, context);
  return shrink(diverged, trial, { ...settings, tries: BOARD_TRIES });
}

/** Opens the bench for all programs; it is started anew only after one that its board died of. */
async function openTrial(
  record: RunRecord,
  place: Extract<ShrinkPlace, { kind: 'board' }>,
  context: RunContext,
): Promise<Trial> {
  const { board, firmware } = place;
  const { observer } = context;
  const open = await openBench(place, context);
  if (firmware !== undefined && open.firmware.sha256 !== record.bench.firmwareSha256) {
    observer.phase('shrink', OTHER_FIRMWARE);
  }
  const { vm } = divergedProgram(record);
  const serve = async (connected: ConnectedBoard): Promise<void> => {
    if (record.scripted === undefined) return;
    const server = inputServerOf(connected);
    await server.serve(vm, scriptFor(server, record.scripted.script));
  };
  return boardTrial(await connectBench(open, context), {
    restart: async () => {
      await open.session.reopen();
      return connectBench(open, { observer: QUIET });
    },
    blame: (error) => rootCause(error, open.session.rig),
    settings: (connected) => ({
      agent: connected.agent,
      vm,
      // A free run wouldn't tell the step.
      comparison:
        record.mode === 'trace'
          ? { mode: 'trace' }
          : { mode: 'digest', epoch: connected.hello.epoch },
      clock: record.clock,
      ...expectedInputs(record.scripted?.script),
      pins: pinCapabilities(board, connected.hello),
      buttons: board.buttons.length,
      onUploaded: () => serve(connected),
    }),
  });
}
