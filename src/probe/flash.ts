import { readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { makeTemporaryFolder } from '../process/index.ts';
import { byteCount, readSegments, sha256, type Segment } from './elf-segments.ts';
import type { OpenOcd } from './openocd.ts';
import { ProbeError } from './probe-error.ts';
import { tclWord } from './tcl-rpc.ts';

/** What flashing needs of an {@link OpenOcd}. */
export type FlashTarget = Pick<OpenOcd, 'command' | 'log'>;

/** The steps of flashing, in their order; `compare` only when the board is read back first. */
export type FlashPhase = 'compare' | 'halt' | 'write' | 'verify' | 'run';

export interface FlashOptions {
  /** Called as each step begins. */
  readonly onPhase?: (phase: FlashPhase) => void;
  readonly signal?: AbortSignal;
  /** What the board is to do afterwards, in either case from reset on; `running` unless given. */
  readonly leave?: 'running' | 'halted';
  /** Clock for the durations, in milliseconds. */
  readonly now?: () => number;
}

/** Duration of each step that ran, in milliseconds. */
export type FlashDurations = Partial<Record<FlashPhase, number>>;

export interface FlashResult {
  /** SHA-256 over the ELF file's loadable segments by ascending address, hex. */
  readonly imageSha256: string;
  /** Bytes of these segments. */
  readonly bytes: number;
  readonly durationsMs: FlashDurations;
}

export interface FlashIfDifferentResult extends FlashResult {
  readonly action: 'skipped' | 'flashed';
  /** The same hash over what the board held before; equal to `imageSha256` when flashing was skipped. */
  readonly boardSha256Before: string;
}

/**
 * Time OpenOCD gets for one step over an image. Erasing 2 KiB takes at most 24.5 ms and programming 8 bytes 85 µs
 * (STM32G474 datasheet, flash memory characteristics), so at most 45 ms for 2 KiB; SWD at 2 MHz moves 2 KiB in about
 * 20 ms. Without a RAM loader, word by word over USB, it is 512 round trips of 0.5 ms: 256 ms. Twice that is 4 KiB/s.
 */
function stepMs(bytes: number): number {
  return 10_000 + Math.ceil(bytes / 4096) * 1000;
}

/** Runs steps one after the other, reports and times them. */
function stepper(openocd: FlashTarget, elfPath: string, options: FlashOptions) {
  const now = options.now ?? (() => performance.now());
  const durationsMs: FlashDurations = {};
  const timed = async <T>(phase: FlashPhase, work: () => Promise<T>): Promise<T> => {
    options.onPhase?.(phase);
    const from = now();
    const result = await work();
    durationsMs[phase] = (durationsMs[phase] ?? 0) + Math.round(now() - from);
    return result;
  };
  const signal = options.signal === undefined ? {} : { signal: options.signal };
  const command = (phase: FlashPhase, doing: string, tcl: string, timeoutMs: number) =>
    timed(phase, () =>
      openocd.command(tcl, { doing: `${doing} ${elfPath}`, timeoutMs, ...signal }),
    );
  const mode = options.leave === 'halted' ? 'halt' : 'run';
  const start = () => command('run', 'starting', `reset ${mode}`, stepMs(0));
  return { durationsMs, timed, command, start, signal };
}

type Stepper = ReturnType<typeof stepper>;

async function writeAndRun(
  steps: Stepper,
  elfPath: string,
  segments: readonly Segment[],
): Promise<void> {
  const limit = stepMs(byteCount(segments));
  const file = tclWord(resolve(elfPath));
  await steps.command('halt', 'halting the board to flash', 'reset init', stepMs(0));
  await steps.command('write', 'flashing', `flash write_image erase ${file}`, limit);
  await steps.command('verify', 'verifying', `verify_image ${file}`, limit);
  await steps.start();
}

/** What the board holds in the ranges of the segments. */
async function readBack(
  openocd: FlashTarget,
  segments: readonly Segment[],
  signal: { readonly signal?: AbortSignal },
): Promise<Segment[]> {
  const folder = makeTemporaryFolder('cockpit-hil-flash-');
  try {
    const held: Segment[] = [];
    for (const { address, bytes } of segments) {
      const file = join(folder, `${address.toString(16)}.bin`);
      const range = `0x${address.toString(16)} ${bytes.length}`;
      await openocd.command(`dump_image ${tclWord(file)} ${range}`, {
        doing: `reading ${range} back`,
        timeoutMs: stepMs(bytes.length),
        ...signal,
      });
      const read = await readFile(file);
      if (read.length !== bytes.length) {
        const got = `OpenOCD wrote ${read.length} of ${bytes.length} bytes that it read back to ${file}`;
        const fix = `free some disk space in ${tmpdir()}, or name another folder with TMPDIR`;
        throw new ProbeError('rig', got, fix, openocd.log);
      }
      held.push({ address, bytes: read });
    }
    return held;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** What a board's flash holds where a firmware belongs: that firmware, nothing, or something else. */
export type HeldFirmware = 'firmware' | 'erased' | 'other';

/** Reads back what the board holds in the place of a firmware. The core should be halted. */
export async function heldFirmware(
  openocd: FlashTarget,
  elfPath: string,
  signal?: AbortSignal,
): Promise<HeldFirmware> {
  const segments = await readSegments(elfPath);
  const held = await readBack(openocd, segments, signal === undefined ? {} : { signal });
  if (sha256(held) === sha256(segments)) return 'firmware';
  // Erased flash is all ones (RM0440 3.3.5).
  return held.every(({ bytes }) => bytes.every((byte) => byte === 0xff)) ? 'erased' : 'other';
}

/**
 * Flashes only when the board holds something else: reads the image's ranges back and compares their SHA-256. Whichever
 * way it goes, the board is reset afterwards, and running unless `options.leave` says otherwise.
 * @throws HilError (usage) when the file is no ARM ELF; ProbeError (rig) when a step fails
 */
export async function flashIfDifferent(
  openocd: FlashTarget,
  elfPath: string,
  options: FlashOptions = {},
): Promise<FlashIfDifferentResult> {
  const segments = await readSegments(elfPath);
  const steps = stepper(openocd, elfPath, options);
  await steps.command('halt', 'halting the board to flash', 'reset halt', stepMs(0));
  const held = await steps.timed('compare', () => readBack(openocd, segments, steps.signal));
  const [imageSha256, boardSha256Before] = [sha256(segments), sha256(held)];
  const same = imageSha256 === boardSha256Before;
  if (same) await steps.start();
  else await writeAndRun(steps, elfPath, segments);
  return {
    action: same ? 'skipped' : 'flashed',
    imageSha256,
    boardSha256Before,
    bytes: byteCount(segments),
    durationsMs: steps.durationsMs,
  };
}
