import type { Logger } from 'pino';
import { HilError } from '../errors/index.ts';
import { acquireLock, own } from '../process/index.ts';
import {
  flashIfDifferent,
  listStLinks,
  startOpenOcd,
  type FlashIfDifferentResult,
  type OpenOcd,
  type OpenOcdSettings,
} from '../probe/index.ts';
import type { BoardCrash } from '../wire/index.ts';
import type { NucleoBenchFile } from './bench-file.ts';
import { checkChip, readChip, type Chip, type ExpectedChip } from './chip.ts';
import { chooseProbe } from './choose-probe.ts';
import { readCrashRecord } from './crash-record.ts';

/** The file that OpenOCD ships for Nucleo boards of the STM32G4 family. */
export const BOARD_FILE = 'board/st_nucleo_g4.cfg';

/** What OpenOCD is started with. */
interface Attaching {
  /** Becomes the owner of what is started. */
  readonly resources: AsyncDisposableStack;
  readonly signal: AbortSignal;
  readonly log: Logger;
}
type ProbeArguments = Pick<OpenOcdSettings, 'args' | 'serial'>;

/** Starts OpenOCD for a Nucleo, with its log in the harness's own, and handed to `onLine` line by line. */
function startForNucleo(
  { signal, log }: Omit<Attaching, 'resources'>,
  probe: ProbeArguments,
  onLine?: (line: string) => void,
): Promise<OpenOcd> {
  return startOpenOcd({
    ...probe,
    boardFile: BOARD_FILE,
    signal,
    log: (line) => {
      log.debug({ openocd: line }, 'OpenOCD');
      onLine?.(line);
    },
  });
}

/**
 * Takes the probe of a real board for as long as `resources` live.
 * @returns OpenOCD's arguments for it
 * @throws HilError (rig): no probe, several, or one that another process has
 */
export async function takeProbe(
  bench: NucleoBenchFile,
  { resources }: Pick<Attaching, 'resources'>,
): Promise<ProbeArguments> {
  const lock = async (serial: string): Promise<void> => {
    await own(resources, acquireLock(probeLock(serial), `bench ${bench.name}`));
  };
  const wanted = bench.probe.serial;
  // A probe that another process has is there, and who has it says more than anything else.
  if (wanted !== 'any') await lock(wanted);
  const serial = chooseProbe(wanted, await listStLinks());
  if (wanted === 'any') await lock(serial ?? wanted);
  const args = { pre: [], post: [] };
  return serial === undefined ? { args } : { args, serial };
}

/** The name of a probe's lock. @param serial the ST-LINK's serial number */
export const probeLock = (serial: string): string => `probe-${serial}`;

/**
 * Takes the probe of a real board for as long as `resources` live, and gives what starts an OpenOCD on it that they own. That fails, before
 * anything can be flashed, when the chip isn't the one that the bench means.
 */
export async function takeNucleoProbe(
  bench: NucleoBenchFile,
  board: ExpectedChip['board'],
  settings: Attaching,
): Promise<(onLine?: (line: string) => void) => Promise<OpenOcd>> {
  const probe = await takeProbe(bench, settings);
  return async (onLine) => {
    const openocd = await own(settings.resources, startForNucleo(settings, probe, onLine));
    checkChip(await readChip(openocd), { board, uid: bench.uid });
    return openocd;
  };
}

/** What a {@link BoardProbe} is opened with. */
export interface BoardProbeSettings extends Attaching {
  readonly probe: ProbeArguments;
  /** Firmware to flash. */
  readonly elfPath: string;
  readonly expected: ExpectedChip;
}

/** Holds the reset line low while OpenOCD connects; `srst_nogate` says that SWD works meanwhile (OpenOCD User's Guide 9.4). */
const UNDER_RESET = ['-c', 'reset_config srst_only srst_nogate connect_assert_srst'];
/** Back to what the board file says. */
const NOT_UNDER_RESET = 'reset_config srst_only srst_gates_jtag connect_deassert_srst';
/** SYSRESETREQ with the write key in AIRCR (PM0214 4.4.5). */
const SYSRESETREQ = 'mww 0xe000ed0c 0x05fa0004';
/** NRST low for 20 ms, where 300 ns are enough (STM32G474 datasheet, NRST pin), and OpenOCD's own pause after it. */
const NRST = 'adapter assert srst; sleep 20; adapter deassert srst; sleep 20';

/** A healthy OpenOCD answers within 10 ms; one that is in the middle of a command does when that is over. */
const POLL_MS = 2000;

/** A board's debug probe with OpenOCD on it, which is started anew when it has died. */
export class BoardProbe implements AsyncDisposable {
  readonly #settings: BoardProbeSettings;
  #openocd: OpenOcd | undefined;
  /** The start under way. */
  #starting: { readonly abort: AbortController; readonly settled: Promise<unknown> } | undefined;
  /** Counts how often it was stopped: whoever waits for something sees by it that he waits in vain. */
  #stops = 0;

  private constructor(settings: BoardProbeSettings) {
    this.#settings = settings;
  }

  /** Attaches OpenOCD. */
  static async open(settings: BoardProbeSettings): Promise<BoardProbe> {
    const probe = settings.resources.use(new BoardProbe(settings));
    await probe.#start(settings.signal);
    return probe;
  }

  /** @throws HilError (rig) when OpenOCD has been ended and could not be started again */
  get openocd(): OpenOcd {
    if (this.#openocd === undefined) {
      throw new HilError('rig', 'OpenOCD is not running', 'see the log for why it did not start');
    }
    return this.#openocd;
  }

  /** What the probe was asked for by, where that is known. */
  get serial(): string | undefined {
    return this.#settings.probe.serial;
  }

  /**
   * Makes sure that OpenOCD runs and answers: starts another when it doesn't.
   * @throws ProbeError (rig) when that fails too
   */
  async ensure(signal = this.#settings.signal): Promise<OpenOcd> {
    const openocd = this.#openocd;
    if (openocd?.usable === true) {
      const stops = this.#stops;
      try {
        await openocd.command('poll', { timeoutMs: POLL_MS });
        return openocd;
      } catch (error) {
        signal.throwIfAborted();
        if (this.#stops !== stops) throw error;
        this.#settings.log.warn({ err: error }, 'OpenOCD is started again');
      }
    }
    await this.stop();
    return this.#start(signal);
  }

  /** Reads who the chip is, over SWD. */
  async chip(signal = this.#settings.signal): Promise<Chip> {
    return readChip(await this.ensure(signal));
  }

  /** {@link chip}, when it is the one that the bench means. @throws HilError (rig) with both values when it isn't */
  async checkedChip(signal = this.#settings.signal): Promise<Chip> {
    const chip = await this.chip(signal);
    checkChip(chip, this.#settings.expected);
    return chip;
  }

  /**
   * Flashes and verifies unless the board holds the firmware already; the board is reset and runs afterwards. An OpenOCD that died is
   * started again first.
   * @throws HilError (rig) when the chip isn't the one that the bench means; nothing was written then
   */
  async flash(
    onPhase?: (phase: string) => void,
    signal = this.#settings.signal,
  ): Promise<FlashIfDifferentResult> {
    await this.checkedChip(signal);
    return flashIfDifferent(this.openocd, this.#settings.elfPath, {
      signal,
      ...(onPhase === undefined ? {} : { onPhase }),
    });
  }

  /**
   * What the firmware has noted of a crash and no start has taken yet. OpenOCD isn't started for it: it may have to connect under reset.
   * @throws HilError (rig) when OpenOCD doesn't run, or can't read the memory
   */
  crashRecord(): Promise<BoardCrash | undefined> {
    return readCrashRecord(this.openocd, this.#settings.elfPath);
  }

  /** Resets the chip by its own reset request; the probe needs nothing but SWD for it. */
  async resetBySysresetreq(): Promise<void> {
    await this.openocd.command(SYSRESETREQ, { doing: 'resetting by SYSRESETREQ' });
    await this.openocd.resume();
  }

  /** Resets the chip by its reset pin. */
  async resetByNrst(): Promise<void> {
    await this.openocd.command(NRST, { doing: 'resetting by NRST' });
    await this.openocd.resume();
  }

  /** Starts OpenOCD anew while the reset pin is low, then lets the board start. */
  async connectUnderReset(signal = this.#settings.signal): Promise<void> {
    await this.stop();
    const openocd = await this.#start(signal, UNDER_RESET);
    await openocd.command(NOT_UNDER_RESET);
    await openocd.reset('run');
  }

  /** Ends OpenOCD, also one that is starting; whatever waits for it fails. */
  async stop(): Promise<void> {
    this.#stops += 1;
    this.#starting?.abort.abort(new HilError('rig', 'OpenOCD was ended'));
    await this.#starting?.settled;
    const openocd = this.#openocd;
    this.#openocd = undefined;
    await openocd?.[Symbol.asyncDispose]();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  async #start(outer: AbortSignal, also: readonly string[] = []): Promise<OpenOcd> {
    const { probe, log } = this.#settings;
    const args = { pre: probe.args.pre, post: [...probe.args.post, ...also] };
    const abort = new AbortController();
    const signal = AbortSignal.any([outer, abort.signal]);
    const starting = startForNucleo({ signal, log }, { ...probe, args });
    const settled = starting.catch(() => undefined);
    this.#starting = { abort, settled };
    try {
      const openocd = await starting;
      this.#openocd = openocd;
      signal.throwIfAborted();
      return openocd;
    } finally {
      this.#starting = undefined;
    }
  }
}
