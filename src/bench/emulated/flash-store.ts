import { FLASH } from './memory-map.ts';

/** Erase unit in dual-bank mode: 2 KiB (RM0440 3.3.1, table "Flash module - 512/256/128 KB dual bank organization"). */
export const PAGE_SIZE = 2048;
export const PAGE_COUNT = FLASH.size / PAGE_SIZE;

/** A value that may be there already: most register accesses of a flash loop need no turn of the event loop. */
export type Awaitable<T> = T | Promise<T>;

/** How the store reaches the emulated flash. */
export interface FlashAccess {
  /** @param address absolute */
  read(address: number, length: number): Promise<Uint8Array>;
  /** @param address absolute */
  write(address: number, bytes: Uint8Array): Promise<void>;
}

interface CachedPage {
  readonly bytes: Uint8Array;
  /** Changed bytes: from..to-1; empty when from >= to. */
  from: number;
  to: number;
}

/**
 * The emulated flash with a write-back cache of pages, so that a loop of double words costs one transfer per KiB.
 * The cache lives from the first program or erase operation until {@link flush}; the emulator holds the truth otherwise.
 */
export class FlashStore {
  readonly #access: FlashAccess;
  readonly #pages = new Map<number, CachedPage>();

  constructor(access: FlashAccess) {
    this.#access = access;
  }

  /** Brings the pages of a range into the cache; undefined when they are there. Offsets count from the start of flash. */
  prepare(offset: number, length: number): Promise<void> | undefined {
    const last = Math.floor((offset + length - 1) / PAGE_SIZE);
    for (let page = Math.floor(offset / PAGE_SIZE); page <= last; page++)
      if (!this.#pages.has(page)) return this.#load(page, last);
    return undefined;
  }

  /** Whether all bits of a double word are one. Its page must be prepared. */
  isErased(offset: number): boolean {
    const { bytes } = this.#page(offset);
    const at = offset % PAGE_SIZE;
    return bytes.subarray(at, at + 8).every((byte) => byte === 0xff);
  }

  /** Stores a double word. Its page must be prepared. */
  program(offset: number, doubleWord: Uint8Array): void {
    const page = this.#page(offset);
    const at = offset % PAGE_SIZE;
    page.bytes.set(doubleWord, at);
    page.from = Math.min(page.from, at);
    page.to = Math.max(page.to, at + doubleWord.length);
  }

  /** Sets all bits of a page to one. */
  erasePage(page: number): void {
    const bytes = new Uint8Array(PAGE_SIZE).fill(0xff);
    this.#pages.set(page, { bytes, from: 0, to: PAGE_SIZE });
  }

  /** Writes what changed into the emulator and forgets the cache; undefined when nothing changed. */
  flush(): Promise<void> | undefined {
    const changed = [...this.#pages].filter(([, page]) => page.from < page.to);
    this.#pages.clear();
    if (changed.length === 0) return undefined;
    return this.#writeBack(changed);
  }

  async #writeBack(changed: readonly [number, CachedPage][]): Promise<void> {
    for (const [number, { bytes, from, to }] of changed) {
      const address = FLASH.base + number * PAGE_SIZE + from;
      await this.#access.write(address, bytes.subarray(from, to));
    }
  }

  async #load(first: number, last: number): Promise<void> {
    for (let page = first; page <= last; page++) {
      if (this.#pages.has(page)) continue;
      const bytes = await this.#access.read(FLASH.base + page * PAGE_SIZE, PAGE_SIZE);
      this.#pages.set(page, { bytes, from: PAGE_SIZE, to: 0 });
    }
  }

  #page(offset: number): CachedPage {
    const page = this.#pages.get(Math.floor(offset / PAGE_SIZE));
    if (page === undefined) throw new RangeError(`flash offset ${offset} is not prepared`);
    return page;
  }
}
