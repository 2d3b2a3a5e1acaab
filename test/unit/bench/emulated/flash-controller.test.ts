import { beforeEach, describe, expect, it } from 'vitest';
import { wordAt, wordBytes } from '../../../../src/bench/emulated/bytes.ts';
import { FlashController } from '../../../../src/bench/emulated/flash-controller.ts';
import { FlashStore } from '../../../../src/bench/emulated/flash-store.ts';

/** Register offsets and bits as RM0440 3.7 gives them, written out here so that a wrong constant is found. */
const KEYR = 0x08;
const SR = 0x10;
const CR = 0x14;
const OPTR = 0x20;
const PG = 0x1;
const PER = 0x2;
const MER1 = 0x4;
const MER2 = 0x8000;
const STRT = 0x1_0000;
const BKER = 0x800;
const EOPIE = 0x100_0000;
const ERRIE = 0x200_0000;
const LOCK = 0x8000_0000;
const EOP = 0x1;
const OPERR = 0x2;
const PROGERR = 0x8;
const WRPERR = 0x10;
const PGAERR = 0x20;
const SIZERR = 0x40;
const PGSERR = 0x80;

const FLASH_SIZE = 512 * 1024;
const BASE = 0x0800_0000;

let array: Uint8Array;
let transfers: number[];
let flash: FlashController;
let store: FlashStore;

beforeEach(() => {
  array = new Uint8Array(FLASH_SIZE).fill(0xff);
  transfers = [];
  store = new FlashStore({
    read: (address, length) =>
      Promise.resolve(array.slice(address - BASE, address - BASE + length)),
    write: (address, bytes) => {
      transfers.push(bytes.length);
      array.set(bytes, address - BASE);
      return Promise.resolve();
    },
  });
  flash = new FlashController(store, (page) => page === 200);
});

async function unlock(): Promise<void> {
  expect(await flash.writeRegister(KEYR, 0x4567_0123)).toBe('ok');
  expect(await flash.writeRegister(KEYR, 0xcdef_89ab)).toBe('ok');
}

const status = (): number => flash.readRegister(SR);
const control = async (value: number): Promise<void> => {
  expect(await flash.writeRegister(CR, value)).toBe('ok');
};
const word = (offset: number): number => wordAt(array, offset);

describe('unlocking', () => {
  it('begins locked and opens with both keys', async () => {
    expect(flash.readRegister(CR)).toBe(0xc000_0000);
    await unlock();
    expect(flash.readRegister(CR)).toBe(0x4000_0000);
  });

  it('ignores CR while locked', async () => {
    await control(PER | STRT);
    expect(flash.readRegister(CR)).toBe(0xc000_0000);
    expect(status()).toBe(0);
  });

  it('is a bus error for a wrong key, and stays locked until the next reset', async () => {
    expect(await flash.writeRegister(KEYR, 0x4567_0123)).toBe('ok');
    expect(await flash.writeRegister(KEYR, 0x1234_5678)).toBe('fault');
    expect(await flash.writeRegister(KEYR, 0x4567_0123)).toBe('fault');
    expect(flash.readRegister(CR) & LOCK).not.toBe(0);
    flash.reset();
    await unlock();
  });

  it('is a bus error for the keys in the wrong order', async () => {
    expect(await flash.writeRegister(KEYR, 0xcdef_89ab)).toBe('fault');
  });

  it('locks again by LOCK', async () => {
    await unlock();
    await control(LOCK);
    expect(flash.readRegister(CR)).toBe(0xc000_0000);
  });
});

describe('programming', () => {
  beforeEach(unlock);

  it('writes a double word given as two words, when PG goes', async () => {
    await control(PG);
    await flash.writeData(0x100, wordBytes(0x1111_2222), 4);
    await flash.writeData(0x104, wordBytes(0x3333_4444), 4);
    expect(status()).toBe(0);
    await control(0);
    expect([word(0x100), word(0x104)]).toEqual([0x1111_2222, 0x3333_4444]);
    expect(word(0x108)).toBe(0xffff_ffff);
  });

  it('combines the double words of a page into one transfer', async () => {
    await control(PG);
    for (let at = 0; at < 2048; at += 8) await flash.writeData(at, wordBytes(at, ~at), 4);
    expect(transfers).toEqual([]);
    await control(0);
    expect(transfers).toEqual([2048]);
    expect([word(2040), word(2044)]).toEqual([2040, ~2040 >>> 0]);
  });

  it('takes several double words in one access, across a page', async () => {
    await control(PG);
    await flash.writeData(2040, wordBytes(1, 2, 3, 4), 4);
    await control(0);
    expect([word(2040), word(2044), word(2048), word(2052)]).toEqual([1, 2, 3, 4]);
  });

  it('sets PGSERR and writes nothing without PG', async () => {
    await flash.writeData(0, wordBytes(1, 2), 4);
    expect(status()).toBe(PGSERR);
    await control(0);
    expect(word(0)).toBe(0xffff_ffff);
  });

  it('sets PGSERR with an erase mode left on', async () => {
    await control(PG | PER);
    await flash.writeData(0, wordBytes(1, 2), 4);
    expect(status()).toBe(PGSERR);
  });

  it('sets PROGERR on a double word that is not erased, and keeps it', async () => {
    array.set(wordBytes(0xffff_fffe), 0x20);
    await control(PG);
    await flash.writeData(0x20, wordBytes(1, 2), 4);
    expect(status()).toBe(PROGERR);
    await control(0);
    expect(word(0x20)).toBe(0xffff_fffe);
  });

  it('may overwrite anything with zeros', async () => {
    array.set(wordBytes(5, 6), 0x20);
    await control(PG);
    await flash.writeData(0x20, wordBytes(0, 0), 4);
    expect(status()).toBe(0);
    await control(0);
    expect([word(0x20), word(0x24)]).toEqual([0, 0]);
  });

  it.each([1, 2] as const)('sets SIZERR for an access of %d bytes', async (size) => {
    await control(PG);
    await flash.writeData(0, new Uint8Array(size), size);
    expect(status() & SIZERR).toBe(SIZERR);
  });

  it('sets PGAERR for a high word without its low word', async () => {
    await control(PG);
    await flash.writeData(4, wordBytes(1), 4);
    expect(status()).toBe(PGAERR);
  });

  it('sets PGAERR for a low word followed by a stranger', async () => {
    await control(PG);
    await flash.writeData(0, wordBytes(1), 4);
    await flash.writeData(0x0c, wordBytes(2), 4);
    expect(status()).toBe(PGAERR);
  });

  it('sets WRPERR on a protected page', async () => {
    await control(PG);
    await flash.writeData(200 * 2048, wordBytes(1, 2), 4);
    expect(status()).toBe(WRPERR);
    await control(0);
    expect(word(200 * 2048)).toBe(0xffff_ffff);
  });

  it('adds PGSERR and refuses while an error stands, and goes on when it is cleared', async () => {
    await control(PG);
    await flash.writeData(4, wordBytes(1), 4);
    await flash.writeData(8, wordBytes(1, 2), 4);
    expect(status()).toBe(PGAERR | PGSERR);
    await flash.writeRegister(SR, PGAERR | PGSERR);
    await flash.writeData(8, wordBytes(1, 2), 4);
    expect(status()).toBe(0);
    await control(0);
    expect(word(8)).toBe(1);
  });

  it('reports EOP and OPERR only when their interrupts are enabled', async () => {
    await control(PG | EOPIE | ERRIE);
    await flash.writeData(0, wordBytes(1, 2), 4);
    expect(status()).toBe(EOP);
    await flash.writeRegister(SR, EOP);
    await flash.writeData(4, wordBytes(1), 4);
    expect(status()).toBe(PGAERR | OPERR);
  });
});

describe('erasing', () => {
  beforeEach(async () => {
    array.fill(0x55);
    await unlock();
  });

  /** First byte of each erased page. */
  const erased = (): number[] => {
    const pages: number[] = [];
    for (let page = 0; page < 256; page++)
      if (array.subarray(page * 2048, page * 2048 + 2048).every((byte) => byte === 0xff))
        pages.push(page);
    return pages;
  };

  it('erases the page of PNB in bank 1', async () => {
    await control(PER | STRT | (7 << 3));
    expect(erased()).toEqual([7]);
    expect(flash.readRegister(CR) & STRT).toBe(0);
    expect(status()).toBe(0);
  });

  it('erases the page of PNB in bank 2 with BKER', async () => {
    await control(PER | STRT | BKER | (3 << 3));
    expect(erased()).toEqual([131]);
  });

  it('erases a bank at once', async () => {
    await control(MER1 | STRT);
    expect(erased()).toEqual(Array.from({ length: 128 }, (_, page) => page));
  });

  it('refuses to erase a bank with a protected page', async () => {
    await control(MER2 | STRT);
    expect(erased()).toEqual([]);
    expect(status()).toBe(WRPERR);
  });

  it('refuses to erase a protected page', async () => {
    await control(PER | STRT | BKER | ((200 - 128) << 3));
    expect(status()).toBe(WRPERR);
    expect(erased()).toEqual([]);
  });

  it.each([
    ['PG', PER | PG],
    ['MER1', PER | MER1],
  ])('sets PGSERR when %s is on with PER', async (_, bits) => {
    await control(bits | STRT);
    expect(status()).toBe(PGSERR);
    expect(erased()).toEqual([]);
  });

  it('sets PGSERR while an error stands', async () => {
    await flash.writeData(0, wordBytes(1, 2), 4);
    await control(PER | STRT);
    expect(status()).toBe(PGSERR);
    expect(erased()).toEqual([]);
  });

  it('can program what it has erased', async () => {
    await control(PER | STRT | (1 << 3));
    await control(PG);
    await flash.writeData(2048, wordBytes(1, 2), 4);
    await control(LOCK);
    expect(status()).toBe(0);
    expect([word(2044), word(2048), word(2052), word(2056)]).toEqual([
      0x5555_5555, 1, 2, 0xffff_ffff,
    ]);
  });
});

it('reads as an unprotected dual-bank part', () => {
  const optr = flash.readRegister(OPTR);
  expect(optr & 0xff).toBe(0xaa);
  expect((optr >>> 22) & 1).toBe(1);
});
