import { capture } from '../process/index.ts';
import type { OpenOcd } from '../probe/index.ts';
import type { BoardCrash } from '../wire/index.ts';
import { READELF_MS } from './build-id.ts';

/** In the first word when there is a record (firmware/board/nucleo_g474re/crash.h). */
const MAGIC = 0x43524153;
/** Magic, the eleven words of `board_crash` (firmware/agent/board.h), and the XOR of those twelve. */
const WORDS = 13;
/** In place of a VM's id when none had its turn. */
const NO_VM = 0xff;

/** The crash record in a board's memory, little-endian words; undefined when there is none, or when it isn't whole. */
export function parseCrashRecord(bytes: Uint8Array): BoardCrash | undefined {
  if (bytes.length < 4 * WORDS) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const words = Array.from({ length: WORDS }, (_, index) => view.getUint32(4 * index, true));
  if (words[0] !== MAGIC || words.reduce((sum, word) => sum ^ word, 0) !== 0) return undefined;
  const [, exception = 0, pc = 0, lr = 0, psr = 0, sp = 0, ...rest] = words;
  const [cfsr = 0, hfsr = 0, mmfar = 0, bfar = 0, vm = NO_VM, steps = 0] = rest;
  const turn = vm === NO_VM ? { vm: undefined, steps: undefined } : { vm, steps };
  return { exception, pc, lr, psr, sp, cfsr, hfsr, mmfar, bfar, ...turn };
}

/** Where a firmware keeps its crash record: the value of `crash_last` in the ELF's symbol table; undefined in a firmware without one. */
async function recordAddress(elfPath: string): Promise<number | undefined> {
  const { stdout } = await capture('readelf', ['--symbols', '--wide', elfPath], READELF_MS);
  const value = /^\s*\d+: ([0-9a-f]{8}) .* crash_last$/m.exec(stdout)?.[1];
  return value === undefined ? undefined : Number.parseInt(value, 16);
}

/**
 * Reads past the agent what the firmware has noted of a crash and no start has taken yet. The core may run or stand still.
 * @throws ProbeError (rig) when the memory can't be read
 */
export async function readCrashRecord(
  openocd: Pick<OpenOcd, 'readMemory'>,
  elfPath: string,
): Promise<BoardCrash | undefined> {
  const address = await recordAddress(elfPath);
  if (address === undefined) return undefined;
  return parseCrashRecord(await openocd.readMemory(address, 4 * WORDS));
}
