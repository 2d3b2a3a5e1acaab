import { access } from 'node:fs/promises';
import {
  connectBoard,
  openRig,
  pinCapabilities,
  type BenchFile,
  type Board,
} from '../bench/index.ts';
import { HilError } from '../errors/index.ts';
import { NativeReplay } from '../fuzz/index.ts';
import type { ProgramResult, RunRecord } from '../results/index.ts';
import { takeFirmware } from './firmware-file.ts';
import { flashBoard } from './flash-board.ts';
import { inputServerOf, scriptFor } from './input-server.ts';
import { NATIVE_REPLAY } from './native-leg.ts';
import { recordedRun } from './replay.ts';
import type { RunContext } from './run-programs.ts';
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

/** The program of a record that diverged. @throws HilError (usage) when none did */
export function divergedProgram(record: RunRecord): ProgramResult {
  const found = record.programs.find(
    ({ divergence, finalState }) =>
      divergence !== undefined || (finalState?.differences.length ?? 0) > 0,
  );
  if (found !== undefined) return found;
  throw new HilError(
    'usage',
    'no program of that run diverged, so there is nothing to shrink',
    'give the record of a run in which board and model part',
  );
}

function divergedOf(record: RunRecord): Diverged {
  const result = divergedProgram(record);
  const run = recordedRun(record, result);
  const { divergence } = result;
  const strayed = ['pc', 'opcode'].some((field) => divergence?.fields.includes(field));
  return { run, step: divergence?.step, strayed };
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

/** Opens the bench, once for all programs. */
async function openTrial(
  record: RunRecord,
  { bench, board, firmware: given }: Extract<ShrinkPlace, { kind: 'board' }>,
  { resources, signal, log, observer }: RunContext,
): Promise<Trial> {
  const { copy } = await takeFirmware(bench, given, { resources, signal });
  observer.phase('bench', `starting ${bench.name}`);
  const rig = await openRig(bench, { board, firmware: copy, resources, signal, log });
  observer.phase('bench', rig.ranOn);
  const flash = async (): Promise<void> => {
    await flashBoard(rig, observer);
  };
  const connected = await connectBoard(rig, { board, resources, log, flash });
  const { agent, hello } = connected;
  const { vm } = divergedProgram(record);
  const server = inputServerOf(connected);
  const script =
    record.scripted === undefined ? undefined : scriptFor(server, record.scripted.script);
  return boardTrial({
    agent,
    vm,
    // A free run wouldn't tell the step.
    comparison:
      record.mode === 'trace' ? { mode: 'trace' } : { mode: 'digest', epoch: hello.epoch },
    clock: record.clock,
    pins: pinCapabilities(board, hello),
    buttons: board.buttons.length,
    onUploaded: async () => {
      if (script !== undefined) await server.serve(vm, script);
    },
  });
}
