import type { OwnedChild } from '../process/index.ts';
import { withDeadline } from '../process/index.ts';
import type { LogTail } from './log-tail.ts';
import { openOcdFailure } from './openocd-failures.ts';
import { ProbeError } from './probe-error.ts';
import type { TclReply, TclRpc } from './tcl-rpc.ts';

/** One command over USB takes under 10 ms; `halt` and `reset` wait up to 1 s inside OpenOCD, examination up to 3 s. */
export const COMMAND_MS = 5_000;
/** `shutdown` ends a healthy OpenOCD in under 0.2 s; then SIGTERM and SIGKILL follow. */
const SHUTDOWN_MS = 1_000;
/** Bytes per `read_memory`; its answer is text of 5 bytes per byte, and OpenOCD refuses more than 64 KiB at once. */
const READ_CHUNK = 4096;

/** DBGMCU_IDCODE (RM0440 47.6.1): DEV_ID in bits 11:0, REV_ID in bits 31:16. */
const DBGMCU_IDCODE = 0xe0042000;

/** Core registers OpenOCD reads on a Cortex-M4, in its names. */
const CORE_REGISTERS =
  'r0 r1 r2 r3 r4 r5 r6 r7 r8 r9 r10 r11 r12 sp lr pc xPSR msp psp primask basepri faultmask control';

/** State of the core as OpenOCD sees it. */
export type TargetState = 'unknown' | 'running' | 'halted' | 'reset' | 'debug-running';

const TARGET_STATES: readonly string[] = ['unknown', 'running', 'halted', 'reset', 'debug-running'];

/** What OpenOCD's log tells of the ST-LINK. */
export interface ProbeInfo {
  /** The serial number that was asked for; OpenOCD's log does not tell that of the first probe found. */
  readonly serial: string | undefined;
  /** Firmware version of the ST-LINK, such as `V3J10M3`. */
  readonly version: string | undefined;
  /** USB vendor and product id, such as `0483:374E`. */
  readonly usbId: string | undefined;
  /** Supply of the board as the ST-LINK measures it, in volts. */
  readonly targetVoltage: number | undefined;
}

/** Identity of the microcontroller as read over SWD, independent of its firmware. */
export interface McuId {
  /** The whole of DBGMCU_IDCODE. */
  readonly idcode: number;
  /** 0x469 for the STM32G473/G474/G483/G484. */
  readonly deviceId: number;
  readonly revisionId: number;
}

/** Reads the ST-LINK's facts from OpenOCD's log. */
export function parseProbeInfo(lines: readonly string[], serial: string | undefined): ProbeInfo {
  const log = lines.join('\n');
  const probe = /STLINK (V\S+).*VID:PID ([0-9A-F]{4}:[0-9A-F]{4})/i.exec(log);
  const voltage = /Target voltage: (\d+(?:\.\d+)?)/.exec(log);
  return {
    serial,
    version: probe?.[1],
    usbId: probe?.[2],
    targetVoltage: voltage === null ? undefined : Number(voltage[1]),
  };
}

/** A running OpenOCD that has examined the core; made by `startOpenOcd`. Disposing it ends the process. */
export class OpenOcd implements AsyncDisposable {
  /** Port of the GDB server on 127.0.0.1. */
  readonly gdbPort: number;
  readonly probeInfo: ProbeInfo;
  readonly #child: OwnedChild;
  readonly #rpc: TclRpc;
  readonly #tail: LogTail;

  /** @internal use `startOpenOcd` */
  constructor(parts: {
    child: OwnedChild;
    rpc: TclRpc;
    tail: LogTail;
    gdbPort: number;
    serial: string | undefined;
  }) {
    this.#child = parts.child;
    this.#rpc = parts.rpc;
    this.#tail = parts.tail;
    this.gdbPort = parts.gdbPort;
    this.probeInfo = parseProbeInfo(parts.tail.lines, parts.serial);
  }

  /** Process id, for reports. */
  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** Whether it runs and its commands can be answered: not after its end, nor after a command without an answer in time. */
  get usable(): boolean {
    return this.#child.running && this.#rpc.usable;
  }

  /** The last 50 log lines, oldest first. */
  get log(): readonly string[] {
    return this.#tail.lines;
  }

  /**
   * Runs one Tcl command and returns its value and output.
   * @param doing names the step in the error, such as "flashing fw.elf"
   * @throws ProbeError (rig) with OpenOCD's own words when the command fails
   */
  async command(
    command: string,
    options: { doing?: string; timeoutMs?: number; signal?: AbortSignal } = {},
  ): Promise<TclReply> {
    const reply = await this.#rpc.run(command, options.timeoutMs ?? COMMAND_MS, options.signal);
    if (reply.ok) return reply;
    const doing = options.doing ?? `OpenOCD's \`${command}\``;
    const said = reply.output.split('\n');
    // The log comes through another pipe and may lag behind the answer.
    const log = this.#tail.lines;
    const missing = said.filter((line) => !log.some((logged) => logged.endsWith(line)));
    throw openOcdFailure(doing, said, [...log, ...missing]);
  }

  /**
   * Reads memory, also while the core runs. An aligned range is read in words, as peripherals demand it.
   * @param address first byte
   * @param length in bytes
   */
  async readMemory(address: number, length: number): Promise<Uint8Array> {
    const bytes = new Uint8Array(length);
    const width = address % 4 === 0 && length % 4 === 0 ? 4 : 1;
    for (let from = 0; from < length; from += READ_CHUNK) {
      const count = Math.min(READ_CHUNK, length - from) / width;
      const at = `0x${(address + from).toString(16)}`;
      const { value } = await this.command(`read_memory ${at} ${width * 8} ${count}`);
      const words = value.split(/\s+/).map(Number);
      if (words.length !== count || words.some((word) => !Number.isInteger(word))) {
        throw new ProbeError(
          'rig',
          `OpenOCD answered ${words.length} of ${count} values read at ${at}`,
          '',
          this.log,
        );
      }
      words.forEach((word, index) => {
        for (let byte = 0; byte < width; byte++) {
          bytes[from + index * width + byte] = (word >>> (8 * byte)) & 0xff;
        }
      });
    }
    return bytes;
  }

  /** Stops the core. No effect on a halted one. */
  async halt(): Promise<void> {
    await this.command('halt 1000', { doing: 'halting the core' });
  }

  /** Lets a halted core run on. No effect on a running one. */
  async resume(): Promise<void> {
    if ((await this.targetState()) === 'running') return;
    await this.command('resume', { doing: 'resuming the core' });
  }

  /** Resets the board; `halt` stops it before the first instruction. */
  async reset(mode: 'run' | 'halt'): Promise<void> {
    await this.command(`reset ${mode}`, { doing: `resetting the board (${mode})` });
  }

  /** State of the core, read from the board now. */
  async targetState(): Promise<TargetState> {
    const { value } = await this.command('poll; [target current] curstate');
    if (!TARGET_STATES.includes(value)) return 'unknown';
    return value as TargetState;
  }

  /**
   * Core registers by OpenOCD's names (r0…r12, sp, lr, pc, xPSR, msp, psp, primask, basepri, faultmask, control).
   * @throws ProbeError (rig) when the core is not halted
   */
  async registers(): Promise<ReadonlyMap<string, number>> {
    const { value } = await this.command(`get_reg {${CORE_REGISTERS}}`, {
      doing: 'reading registers',
    });
    const words = value.split(/\s+/);
    const registers = new Map<string, number>();
    for (let i = 0; i + 1 < words.length; i += 2) {
      registers.set(words[i] ?? '', Number(words[i + 1]));
    }
    return registers;
  }

  /** Reads DBGMCU_IDCODE (RM0440 47.6.1). The core may run. */
  async mcuId(): Promise<McuId> {
    const bytes = await this.readMemory(DBGMCU_IDCODE, 4);
    const idcode = new DataView(bytes.buffer).getUint32(0, true);
    return { idcode, deviceId: idcode & 0xfff, revisionId: idcode >>> 16 };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.running && this.#rpc.send('shutdown')) {
      await withDeadline(this.#child.exited, SHUTDOWN_MS, 'OpenOCD to end').catch(() => undefined);
    }
    this.#rpc[Symbol.dispose]();
    await this.#child.stop();
  }
}
