import { wordAt, wordBytes } from './bytes.ts';
import { PAGE_COUNT, type Awaitable, type FlashStore } from './flash-store.ts';

/** Offsets of the FLASH interface registers (RM0440 3.7). */
export const FLASH_REGISTER = {
  ACR: 0x00,
  KEYR: 0x08,
  OPTKEYR: 0x0c,
  SR: 0x10,
  CR: 0x14,
  ECCR: 0x18,
  OPTR: 0x20,
  WRP1AR: 0x2c,
  WRP1BR: 0x30,
  WRP2AR: 0x4c,
  WRP2BR: 0x50,
} as const;

/** Bits of FLASH_SR (RM0440 3.7.5). */
export const FLASH_SR = {
  EOP: 1 << 0,
  OPERR: 1 << 1,
  PROGERR: 1 << 3,
  WRPERR: 1 << 4,
  PGAERR: 1 << 5,
  SIZERR: 1 << 6,
  PGSERR: 1 << 7,
  MISERR: 1 << 8,
  FASTERR: 1 << 9,
  RDERR: 1 << 14,
  OPTVERR: 1 << 15,
  BSY: 1 << 16,
} as const;

/** Bits of FLASH_CR (RM0440 3.7.6). */
export const FLASH_CR = {
  PG: 1 << 0,
  PER: 1 << 1,
  MER1: 1 << 2,
  PNB_SHIFT: 3,
  BKER: 1 << 11,
  MER2: 1 << 15,
  STRT: 1 << 16,
  OPTSTRT: 1 << 17,
  FSTPG: 1 << 18,
  EOPIE: 1 << 24,
  ERRIE: 1 << 25,
  OBL_LAUNCH: 1 << 27,
  OPTLOCK: 0x4000_0000,
  LOCK: 0x8000_0000,
} as const;

const KEYS = [0x4567_0123, 0xcdef_89ab] as const;
const ACR_RESET = 0x0004_0601;
/** The factory value of the G474's option bytes: no protection, dual bank. */
const OPTR_FACTORY = 0xffef_f8aa;
/** A write-protection area whose start lies after its end: none. */
const WRP_NONE = 0x0000_007f;
const PAGES_PER_BANK = PAGE_COUNT / 2;
const { SR_ERRORS, SR_CLEARABLE } = (() => {
  const { PROGERR, WRPERR, PGAERR, SIZERR, PGSERR, MISERR, FASTERR } = FLASH_SR;
  const errors = PROGERR | WRPERR | PGAERR | SIZERR | PGSERR | MISERR | FASTERR;
  const rest = FLASH_SR.EOP | FLASH_SR.OPERR | FLASH_SR.RDERR | FLASH_SR.OPTVERR;
  return { SR_ERRORS: errors, SR_CLEARABLE: errors | rest };
})();
/** Bits of CR that a write sets or clears plainly. */
const CR_PLAIN =
  FLASH_CR.PG |
  FLASH_CR.PER |
  FLASH_CR.MER1 |
  FLASH_CR.MER2 |
  FLASH_CR.BKER |
  FLASH_CR.FSTPG |
  (0x7f << FLASH_CR.PNB_SHIFT) |
  (FLASH_CR.EOPIE | FLASH_CR.ERRIE);

/** How a bus access ended: `fault` is a bus error. */
export type BusResult = 'ok' | 'fault';

/**
 * The STM32G4's embedded flash controller (RM0440 chapter 3) in front of a {@link FlashStore}, for accesses by the probe:
 * key sequence, page and mass erase, double-word programming and their errors. Operations take no time, so BSY is never
 * seen set. Fast programming and option bytes are not modelled: FSTPG ends in PGSERR, OPTSTRT in WRPERR.
 */
export class FlashController {
  readonly #store: FlashStore;
  readonly #isProtected: (page: number) => boolean;
  #acr = ACR_RESET;
  #sr = 0;
  #cr = 0;
  #keysSeen = 0;
  #lock: 'locked' | 'open' | 'locked until reset' = 'locked';
  #lowWord: { readonly offset: number; readonly value: number } | undefined;

  /** @param isProtected whether a page (0..255, bank 2 from 128 on) is write-protected */
  constructor(store: FlashStore, isProtected: (page: number) => boolean = () => false) {
    this.#store = store;
    this.#isProtected = isProtected;
  }

  /** A system reset: registers take their reset values, the array stays. */
  reset(): void {
    this.#acr = ACR_RESET;
    this.#sr = 0;
    this.#cr = 0;
    this.#keysSeen = 0;
    this.#lock = 'locked';
    this.#lowWord = undefined;
  }

  /** The word at a register offset; 0 where there is none. */
  readRegister(offset: number): number {
    switch (offset) {
      case FLASH_REGISTER.ACR:
        return this.#acr;
      case FLASH_REGISTER.SR:
        return this.#sr;
      case FLASH_REGISTER.CR:
        return (this.#cr | FLASH_CR.OPTLOCK | (this.#lock === 'open' ? 0 : FLASH_CR.LOCK)) >>> 0;
      case FLASH_REGISTER.OPTR:
        return OPTR_FACTORY;
      case FLASH_REGISTER.WRP1AR:
      case FLASH_REGISTER.WRP1BR:
      case FLASH_REGISTER.WRP2AR:
      case FLASH_REGISTER.WRP2BR:
        return WRP_NONE;
      default:
        return 0;
    }
  }

  /** Writes a register; starting an erase carries it out before this settles. */
  writeRegister(offset: number, value: number): Awaitable<BusResult> {
    switch (offset) {
      case FLASH_REGISTER.ACR:
        this.#acr = value >>> 0;
        return 'ok';
      case FLASH_REGISTER.KEYR:
        return this.#writeKey(value >>> 0);
      case FLASH_REGISTER.SR:
        this.#sr &= ~(value & SR_CLEARABLE);
        return 'ok';
      case FLASH_REGISTER.CR:
        return this.#writeControl(value);
      default:
        return 'ok';
    }
  }

  /**
   * A write into the array.
   * @param offset from the start of flash
   * @param size of each bus access in bytes
   */
  writeData(offset: number, bytes: Uint8Array, size: 1 | 2 | 4): Awaitable<void> {
    const loading = this.#store.prepare(offset, bytes.length);
    if (loading === undefined) {
      this.#writeUnits(offset, bytes, size);
      return undefined;
    }
    return loading.then(() => {
      this.#writeUnits(offset, bytes, size);
    });
  }

  /** RM0440 3.3.5 "Unlocking the flash memory": a wrong key locks until the next reset and is a bus error. */
  #writeKey(key: number): BusResult {
    if (this.#lock !== 'locked' || key !== KEYS[this.#keysSeen]) {
      this.#lock = 'locked until reset';
      return 'fault';
    }
    this.#keysSeen++;
    if (this.#keysSeen === KEYS.length) {
      this.#keysSeen = 0;
      this.#lock = 'open';
    }
    return 'ok';
  }

  #writeControl(value: number): Awaitable<BusResult> {
    if (this.#lock !== 'open') return 'ok';
    this.#cr = value & CR_PLAIN;
    if ((value & FLASH_CR.OPTSTRT) !== 0) this.#sr |= FLASH_SR.WRPERR;
    if ((value & FLASH_CR.STRT) !== 0) this.#erase();
    if ((value & FLASH_CR.LOCK) !== 0) this.#lock = 'locked';
    if ((this.#cr & FLASH_CR.PG) !== 0) return 'ok';
    this.#lowWord = undefined;
    return this.#store.flush()?.then(() => 'ok' as const) ?? 'ok';
  }

  /** RM0440 3.3.6; the conditions for PGSERR are those of 3.3.9. */
  #erase(): void {
    const { PER, MER1, MER2, PG, FSTPG, BKER, PNB_SHIFT } = FLASH_CR;
    const kinds = this.#cr & (PER | MER1 | MER2);
    if (kinds === 0) return;
    const mixed = (kinds & PER) !== 0 && kinds !== PER;
    if (mixed || (this.#cr & (PG | FSTPG)) !== 0 || (this.#sr & SR_ERRORS) !== 0) {
      this.#fail(FLASH_SR.PGSERR);
      return;
    }
    const bank2 = (this.#cr & BKER) === 0 ? 0 : PAGES_PER_BANK;
    const pages: number[] = [];
    if (kinds === PER) pages.push(bank2 + ((this.#cr >>> PNB_SHIFT) & 0x7f));
    const bank = Array.from({ length: PAGES_PER_BANK }, (_, page) => page);
    if ((kinds & MER1) !== 0) pages.push(...bank);
    if ((kinds & MER2) !== 0) pages.push(...bank.map((page) => page + PAGES_PER_BANK));
    if (pages.some((page) => this.#isProtected(page))) {
      this.#fail(FLASH_SR.WRPERR);
      return;
    }
    for (const page of pages) this.#store.erasePage(page);
    this.#succeed();
  }

  #writeUnits(offset: number, bytes: Uint8Array, size: 1 | 2 | 4): void {
    for (let at = 0; at < bytes.length; at += size) {
      const allowed = (this.#cr & FLASH_CR.PG) !== 0 && (this.#cr & FLASH_CR.FSTPG) === 0;
      const { PER, MER1, MER2 } = FLASH_CR;
      const clean = (this.#cr & (PER | MER1 | MER2)) === 0 && (this.#sr & SR_ERRORS) === 0;
      if (!allowed || !clean) this.#fail(FLASH_SR.PGSERR);
      else if (size !== 4) this.#fail(FLASH_SR.SIZERR);
      else this.#writeWord(offset + at, wordAt(bytes, at));
    }
  }

  /** RM0440 3.3.7: a double word is written as its low, then its high word. */
  #writeWord(offset: number, value: number): void {
    const low = this.#lowWord;
    this.#lowWord = undefined;
    if (offset % 8 === 0 && low === undefined) {
      this.#lowWord = { offset, value };
      return;
    }
    if (low?.offset !== offset - 4) {
      this.#fail(FLASH_SR.PGAERR);
      return;
    }
    this.#program(low.offset, wordBytes(low.value, value));
  }

  #program(offset: number, doubleWord: Uint8Array): void {
    const allZero = doubleWord.every((byte) => byte === 0);
    if (this.#isProtected(Math.floor(offset / 2048))) {
      this.#fail(FLASH_SR.WRPERR);
    } else if (!this.#store.isErased(offset) && !allZero) {
      this.#fail(FLASH_SR.PROGERR);
    } else {
      this.#store.program(offset, doubleWord);
      this.#succeed();
    }
  }

  /** EOP and OPERR are only set when their interrupt is enabled (RM0440 3.7.5). */
  #succeed(): void {
    if ((this.#cr & FLASH_CR.EOPIE) !== 0) this.#sr |= FLASH_SR.EOP;
  }

  #fail(bit: number): void {
    this.#lowWord = undefined;
    this.#sr |= bit;
    if ((this.#cr & FLASH_CR.ERRIE) !== 0) this.#sr |= FLASH_SR.OPERR;
  }
}
