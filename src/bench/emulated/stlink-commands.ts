import { halfWordAt, wordAt, wordBytes } from './bytes.ts';
import type { CoreDebug } from './core-debug.ts';
import type { BusResult } from './flash-controller.ts';
import type { Awaitable } from './flash-store.ts';
import type { AccessSize, ReadResult, TargetMemory } from './target-memory.ts';

/** First byte of a command. */
const COMMAND = {
  GET_VERSION: 0xf1,
  DEBUG: 0xf2,
  DFU: 0xf3,
  GET_MODE: 0xf5,
  GET_VOLTAGE: 0xf7,
  GET_VERSION_EX: 0xfb,
} as const;

/** Second byte of a debug command; names as in OpenOCD's stlink driver. */
const DEBUG = {
  READMEM_32: 0x07,
  WRITEMEM_32: 0x08,
  READMEM_8: 0x0c,
  WRITEMEM_8: 0x0d,
  EXIT: 0x21,
  ENTER: 0x30,
  READ_IDCODES: 0x31,
  RESET_SYSTEM: 0x32,
  READ_REGISTER: 0x33,
  WRITE_REGISTER: 0x34,
  WRITE_DEBUG_REGISTER: 0x35,
  READ_DEBUG_REGISTER: 0x36,
  READ_ALL_REGISTERS: 0x3a,
  LAST_STATUS: 0x3b,
  DRIVE_NRST: 0x3c,
  LAST_STATUS_2: 0x3e,
  STOP_TRACE: 0x41,
  TRACE_COUNT: 0x42,
  READMEM_16: 0x47,
  WRITEMEM_16: 0x48,
  INIT_AP: 0x4b,
  CLOSE_AP: 0x4c,
  SET_FREQUENCY: 0x61,
  GET_FREQUENCY: 0x62,
} as const;

/** First byte of a debug reply. */
const STATUS = { OK: 0x80, FAULT: 0x81, AP_FAULT: 0x11 } as const;
/** What GET_MODE answers. */
const MODE = { MASS_STORAGE: 1, DEBUG: 2 } as const;
/** DRIVE_NRST's argument. */
const NRST = { LOW: 0, HIGH: 1, PULSE: 2 } as const;

/** USB ids of the Nucleo-G474RE's ST-LINK/V3E. */
export const STLINK_USB = { vid: 0x0483, pid: 0x374e } as const;
/** A V3E with firmware V3J9M3: SWIM 0, JTAG 9, mass storage 3, bridge 0. */
const VERSION = { stlink: 3, swim: 0, jtag: 9, msd: 3, bridge: 0 } as const;
/** DPIDR of the Cortex-M4's serial wire debug port. */
const SWD_IDCODE = 0x2ba0_1477;
/** SWD clock frequencies a V3E offers, in kHz. */
const FREQUENCIES_KHZ = [24_000, 8000, 3300, 1000, 200, 50, 5] as const;
/** Two ADC readings: 1.2 V reference and half the target's supply, so that 2 * second * 1.2 / first = 3.3 V. */
const VOLTAGE_READINGS = [1600, 2200] as const;
/** Longest data phase accepted: what a probe takes at once is 6 KiB. */
export const MAX_DATA = 16_384;

const OK = Uint8Array.of(STATUS.OK, 0);

/** What the commands need of the core. */
export type ProbedCore = Pick<
  CoreDebug,
  'readRegister' | 'writeRegister' | 'reset' | 'assertReset' | 'releaseReset'
>;
/** What the commands need of the memory. */
export type ProbedMemory = Pick<TargetMemory, 'read' | 'write'>;

/** Executes the 16-byte commands of an ST-LINK/V3 (as OpenOCD's driver sends them over USB or TCP) on the emulated target. */
export class StlinkCommands {
  readonly #core: ProbedCore;
  readonly #memory: ProbedMemory;
  #mode: number = MODE.MASS_STORAGE;
  #last: { readonly status: number; readonly address: number } = { status: STATUS.OK, address: 0 };

  constructor(core: ProbedCore, memory: ProbedMemory) {
    this.#core = core;
    this.#memory = memory;
  }

  /**
   * Runs one command. Anything unknown is answered with a fault status, never with an exception.
   * @param command 16 bytes
   * @param data the data phase towards the probe; empty when there is none
   * @returns the data phase towards the host, of any length
   */
  execute(command: Uint8Array, data: Uint8Array): Awaitable<Uint8Array> {
    switch (command[0]) {
      case COMMAND.GET_VERSION:
        return Uint8Array.of(VERSION.stlink << 4, 0, ...usbIds());
      case COMMAND.GET_VERSION_EX: {
        const { stlink, swim, jtag, msd, bridge } = VERSION;
        return Uint8Array.of(stlink, swim, jtag, msd, bridge, 0, 0, 0, ...usbIds());
      }
      case COMMAND.GET_MODE:
        return Uint8Array.of(this.#mode, 0);
      case COMMAND.GET_VOLTAGE:
        return wordBytes(...VOLTAGE_READINGS);
      case COMMAND.DEBUG:
        return this.#debug(command, data);
      default:
        return Uint8Array.of(STATUS.FAULT);
    }
  }

  #debug(command: Uint8Array, data: Uint8Array): Awaitable<Uint8Array> {
    switch (command[1]) {
      case DEBUG.READ_DEBUG_REGISTER:
        return this.#readDebugRegister(wordAt(command, 2));
      case DEBUG.WRITE_DEBUG_REGISTER:
        return this.#writeDebugRegister(wordAt(command, 2), wordAt(command, 6));
      case DEBUG.READMEM_32:
        return this.#read(command, 4);
      case DEBUG.READMEM_16:
        return this.#read(command, 2);
      case DEBUG.READMEM_8:
        return this.#read(command, 1);
      case DEBUG.WRITEMEM_32:
        return this.#write(command, data, 4);
      case DEBUG.WRITEMEM_16:
        return this.#write(command, data, 2);
      case DEBUG.WRITEMEM_8:
        return this.#write(command, data, 1);
      case DEBUG.LAST_STATUS:
        return Uint8Array.of(this.#last.status, 0);
      case DEBUG.LAST_STATUS_2:
        return wordBytes(this.#last.status, this.#last.address, 0);
      case DEBUG.READ_REGISTER:
        return this.#readRegister(command[2] ?? 0);
      case DEBUG.WRITE_REGISTER:
        return this.#writeRegister(command[2] ?? 0, wordAt(command, 3));
      case DEBUG.READ_ALL_REGISTERS:
        return this.#readAllRegisters();
      default:
        return this.#control(command);
    }
  }

  #control(command: Uint8Array): Awaitable<Uint8Array> {
    switch (command[1]) {
      case DEBUG.ENTER:
        this.#mode = MODE.DEBUG;
        return OK;
      case DEBUG.EXIT:
        this.#mode = MODE.MASS_STORAGE;
        return OK;
      case DEBUG.READ_IDCODES:
        return wordBytes(STATUS.OK, SWD_IDCODE, 0);
      case DEBUG.RESET_SYSTEM:
        return this.#core.reset().then(() => OK);
      case DEBUG.DRIVE_NRST:
        return this.#driveReset(command[2] ?? 0);
      case DEBUG.SET_FREQUENCY:
        return wordBytes(STATUS.OK, wordAt(command, 4));
      case DEBUG.GET_FREQUENCY: {
        const speeds = FREQUENCIES_KHZ;
        return wordBytes(STATUS.OK, speeds[0], speeds.length, ...speeds);
      }
      case DEBUG.INIT_AP:
      case DEBUG.CLOSE_AP:
      case DEBUG.STOP_TRACE:
        return OK;
      case DEBUG.TRACE_COUNT:
        return Uint8Array.of(0, 0);
      default:
        return Uint8Array.of(STATUS.FAULT, 0);
    }
  }

  #read(command: Uint8Array, size: AccessSize): Awaitable<Uint8Array> {
    const address = wordAt(command, 2);
    const length = halfWordAt(command, 6);
    if (!isAligned(address, length, size)) return this.#finishRead(address, length, 'fault');
    const result = this.#memory.read(address, length, size);
    if (!(result instanceof Promise)) return this.#finishRead(address, length, result);
    return result.then((bytes) => this.#finishRead(address, length, bytes));
  }

  #finishRead(address: number, length: number, result: ReadResult): Uint8Array {
    this.#noteStatus(address, result === 'fault' ? 'fault' : 'ok');
    return result === 'fault' ? new Uint8Array(length) : result;
  }

  #write(command: Uint8Array, data: Uint8Array, size: AccessSize): Awaitable<Uint8Array> {
    const address = wordAt(command, 2);
    const aligned = isAligned(address, data.length, size);
    const result = aligned ? this.#memory.write(address, data, size) : 'fault';
    const finish = (bus: BusResult): Uint8Array => {
      this.#noteStatus(address, bus);
      return new Uint8Array(0);
    };
    return result instanceof Promise ? result.then(finish) : finish(result);
  }

  #noteStatus(address: number, result: BusResult): void {
    this.#last = { status: result === 'ok' ? STATUS.OK : STATUS.AP_FAULT, address };
  }

  #readDebugRegister(address: number): Awaitable<Uint8Array> {
    if (!isAligned(address, 4, 4)) return wordBytes(STATUS.FAULT, 0);
    const reply = (result: ReadResult): Uint8Array =>
      result === 'fault' ? wordBytes(STATUS.AP_FAULT, 0) : wordBytes(STATUS.OK, wordAt(result, 0));
    const result = this.#memory.read(address, 4, 4);
    return result instanceof Promise ? result.then(reply) : reply(result);
  }

  #writeDebugRegister(address: number, value: number): Awaitable<Uint8Array> {
    if (!isAligned(address, 4, 4)) return Uint8Array.of(STATUS.FAULT, 0);
    const reply = (result: BusResult): Uint8Array =>
      result === 'fault' ? Uint8Array.of(STATUS.AP_FAULT, 0) : OK;
    const result = this.#memory.write(address, wordBytes(value), 4);
    return result instanceof Promise ? result.then(reply) : reply(result);
  }

  async #readRegister(selector: number): Promise<Uint8Array> {
    const value = await this.#core.readRegister(selector);
    return value === undefined ? wordBytes(STATUS.FAULT, 0) : wordBytes(STATUS.OK, value);
  }

  async #writeRegister(selector: number, value: number): Promise<Uint8Array> {
    const done = await this.#core.writeRegister(selector, value);
    return done ? OK : Uint8Array.of(STATUS.FAULT, 0);
  }

  /** R0-R15, xPSR, MSP, PSP and two words that OpenOCD ignores. */
  async #readAllRegisters(): Promise<Uint8Array> {
    const values: number[] = [];
    for (let selector = 0; selector <= 18; selector++) {
      const value = await this.#core.readRegister(selector);
      if (value === undefined) return wordBytes(STATUS.FAULT, ...new Array<number>(21).fill(0));
      values.push(value);
    }
    return wordBytes(STATUS.OK, ...values, 0, 0);
  }

  async #driveReset(level: number): Promise<Uint8Array> {
    if (level === NRST.LOW || level === NRST.PULSE) await this.#core.assertReset();
    if (level === NRST.HIGH || level === NRST.PULSE) await this.#core.releaseReset();
    return OK;
  }
}

function isAligned(address: number, length: number, size: AccessSize): boolean {
  return address % size === 0 && length % size === 0 && length > 0;
}

function usbIds(): Uint8Array {
  return wordBytes(STLINK_USB.vid | (STLINK_USB.pid << 16));
}
