import { wordAt, wordBytes } from './bytes.ts';
import { CoreDebug } from './core-debug.ts';
import type { BusResult, FlashController } from './flash-controller.ts';
import type { Awaitable, FlashStore } from './flash-store.ts';
import {
  CCM_SRAM,
  CCM_SRAM_ALIAS,
  FLASH,
  FLASH_ALIAS,
  FLASH_REGISTERS,
  inRegion,
  PERIPHERALS,
  PPB,
  SRAM,
  SYSTEM_MEMORY,
} from './memory-map.ts';
import type { QtestClient } from './qtest.ts';

/** Bytes of one bus access. */
export type AccessSize = 1 | 2 | 4;

/**
 * Factory-programmed words of system memory: 96-bit unique id (RM0440 48.1: coordinates, wafer, lot in ASCII),
 * package, flash size in KiB (48.2, 48.3).
 */
const FACTORY_WORDS: Readonly<Record<number, number>> = {
  0x1fff_7500: 0x0000_0002,
  0x1fff_7590: 0x0001_0001,
  0x1fff_7594: 0x554d_4501,
  0x1fff_7598: 0x3437_3447,
  0x1fff_75e0: 512,
};
/** One-time programmable area, unused: 1 KiB of ones. */
const OTP = { base: 0x1fff_7000, size: 0x400 };

/** A read's data, or `fault` for a bus error. */
export type ReadResult = Uint8Array | 'fault';

type Bus = Pick<QtestClient, 'readMemory' | 'writeMemory' | 'readValue' | 'writeValue'>;

/** What the memory is made of. */
export interface TargetParts {
  readonly qtest: Bus;
  readonly core: Pick<CoreDebug, 'readWord' | 'writeWord'>;
  readonly flash: FlashController;
  /** The store behind `flash`. */
  readonly store: FlashStore;
}

/** The memory as a debug probe sees it: the G474's address map, made of QEMU's memory and the parts modelled here. */
export class TargetMemory {
  readonly #qtest: Bus;
  readonly #core: Pick<CoreDebug, 'readWord' | 'writeWord'>;
  readonly #flash: FlashController;
  readonly #store: FlashStore;

  constructor(parts: TargetParts) {
    this.#qtest = parts.qtest;
    this.#core = parts.core;
    this.#flash = parts.flash;
    this.#store = parts.store;
  }

  /** @param length a multiple of `size`; the address must be aligned to it */
  read(address: number, length: number, size: AccessSize): Awaitable<ReadResult> {
    if (inRegion(FLASH_REGISTERS, address, length)) {
      const offset = address - FLASH_REGISTERS.base;
      return readWords(offset, length, (at) => this.#flash.readRegister(at));
    }
    if (inRegion(SYSTEM_MEMORY, address, length)) return readWords(address, length, factoryWord);
    if (inRegion(FLASH, address, length) || inRegion(FLASH_ALIAS, address, length))
      return this.#readFlash(address, length);
    const ram = ramAddress(address, length);
    if (ram !== undefined) return this.#qtest.readMemory(ram, length);
    if (inRegion(PERIPHERALS, address, length) || inRegion(PPB, address, length))
      return this.#readRegisters(address, length, size);
    return 'fault';
  }

  /** @param bytes a multiple of `size` long; the address must be aligned to it */
  write(address: number, bytes: Uint8Array, size: AccessSize): Awaitable<BusResult> {
    const length = bytes.length;
    if (inRegion(FLASH_REGISTERS, address, length))
      return this.#writeFlashRegisters(address - FLASH_REGISTERS.base, bytes, size);
    const flashBase = [FLASH, FLASH_ALIAS].find((region) => inRegion(region, address, length));
    if (flashBase !== undefined) {
      const done = this.#flash.writeData(address - flashBase.base, bytes, size);
      return done?.then(() => 'ok' as const) ?? 'ok';
    }
    const ram = ramAddress(address, length);
    if (ram !== undefined) return this.#qtest.writeMemory(ram, bytes).then(() => 'ok' as const);
    if (inRegion(PERIPHERALS, address, length) || inRegion(PPB, address, length))
      return this.#writeRegisters(address, bytes, size);
    return 'fault';
  }

  async #readFlash(address: number, length: number): Promise<Uint8Array> {
    await this.#store.flush();
    return this.#qtest.readMemory(address, length);
  }

  async #readRegisters(address: number, length: number, size: AccessSize): Promise<Uint8Array> {
    const bytes = new Uint8Array(length);
    for (let at = 0; at < length; at += size) {
      const from = address + at;
      const own = CoreDebug.owns(from);
      const value = await (own ? this.#core.readWord(from) : this.#qtest.readValue(from, size));
      bytes.set(wordBytes(value).subarray(0, size), at);
    }
    return bytes;
  }

  async #writeRegisters(address: number, bytes: Uint8Array, size: AccessSize): Promise<BusResult> {
    for (let at = 0; at < bytes.length; at += size) {
      const to = address + at;
      const value = valueAt(bytes, at, size);
      if (CoreDebug.owns(to)) await this.#core.writeWord(to, value);
      else await this.#qtest.writeValue(to, size, value);
    }
    return 'ok';
  }

  #writeFlashRegisters(offset: number, bytes: Uint8Array, size: AccessSize): Awaitable<BusResult> {
    if (size !== 4) return 'fault';
    if (bytes.length === 4) return this.#flash.writeRegister(offset, wordAt(bytes, 0));
    return (async () => {
      for (let at = 0; at < bytes.length; at += 4) {
        const result = await this.#flash.writeRegister(offset + at, wordAt(bytes, at));
        if (result !== 'ok') return result;
      }
      return 'ok';
    })();
  }
}

/** Where QEMU keeps the RAM at an address; undefined when there is no RAM. */
function ramAddress(address: number, length: number): number | undefined {
  if (inRegion(SRAM, address, length) || inRegion(CCM_SRAM, address, length)) return address;
  if (inRegion(CCM_SRAM_ALIAS, address, length))
    return address - CCM_SRAM_ALIAS.base + CCM_SRAM.base;
  return undefined;
}

function factoryWord(address: number): number {
  return FACTORY_WORDS[address] ?? (inRegion(OTP, address) ? 0xffff_ffff : 0);
}

function valueAt(bytes: Uint8Array, at: number, size: AccessSize): number {
  const word = new Uint8Array(4);
  word.set(bytes.subarray(at, at + size));
  return wordAt(word, 0);
}

/** Bytes cut from the words that cover them. */
function readWords(address: number, length: number, word: (at: number) => number): Uint8Array {
  const start = address & ~3;
  const count = Math.ceil((address + length - start) / 4);
  const words = Array.from({ length: count }, (_, index) => word(start + 4 * index));
  return wordBytes(...words).subarray(address - start, address - start + length);
}
