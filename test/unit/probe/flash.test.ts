import { access, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { flashIfDifferent, type FlashPhase, type FlashTarget } from '../../../src/probe/index.ts';
import { temporaryFolder } from '../../helpers/folder.ts';
import { dataOffset, elf, load } from './elf-file.ts';
import { failure } from './fake-program.ts';

/** FIPS 180-2, appendix B.1. */
const SHA256_OF_ABC = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';

/** An ELF file with the bytes "ab" at 0x08000000 and "c" at 0x08000800. */
async function abcElf(): Promise<string> {
  const folder = await temporaryFolder();
  const path = join(folder, 'my fw.elf');
  const at = dataOffset(2);
  await writeFile(
    path,
    elf([load(at, 0x08000000, 2), load(at + 2, 0x08000800, 1)], [0x61, 0x62, 0x63]),
  );
  return path;
}

/** An OpenOCD that answers every command, and `dump_image` with what its flash holds from 0x08000000 on. */
class FakeBoard implements FlashTarget {
  readonly commands: string[] = [];
  readonly dumps: string[] = [];
  readonly log = ['last line'];
  readonly #flash: Uint8Array;

  constructor(flash: Uint8Array) {
    this.#flash = flash;
  }

  async command(command: string) {
    const dump = /^dump_image (\S+) (0x\w+) (\d+)$/.exec(command);
    this.commands.push(dump === null ? command : `dump ${dump[2] ?? ''} ${dump[3] ?? ''}`);
    if (dump !== null) {
      const from = Number(dump[2]) - 0x08000000;
      this.dumps.push(dump[1] ?? '');
      await writeFile(dump[1] ?? '', this.#flash.subarray(from, from + Number(dump[3])));
    }
    return { ok: true, value: '', output: '' };
  }
}

function flashWith(...bytes: [number, string][]): Uint8Array {
  const flash = new Uint8Array(4096).fill(0xff);
  for (const [at, text] of bytes) flash.set(Buffer.from(text), at);
  return flash;
}

function clock(): () => number {
  let time = 0;
  return () => (time += 10);
}

test('the board is left halted when that is wanted, flashed or not', async () => {
  const elfPath = await abcElf();
  for (const flash of [flashWith([0, 'ab'], [0x800, 'c']), flashWith()]) {
    const board = new FakeBoard(flash);
    await flashIfDifferent(board, elfPath, { leave: 'halted' });
    expect(board.commands.at(-1)).toBe('reset halt');
    expect(board.commands).not.toContain('reset run');
  }
});

test('a board that holds the image, whatever is between its segments, is only reset', async () => {
  const elfPath = await abcElf();
  const board = new FakeBoard(flashWith([0, 'ab'], [2, 'other'], [0x800, 'c']));
  const phases: FlashPhase[] = [];
  const result = await flashIfDifferent(board, elfPath, {
    onPhase: (phase) => phases.push(phase),
    now: clock(),
  });
  expect(result).toEqual({
    action: 'skipped',
    imageSha256: SHA256_OF_ABC,
    boardSha256Before: SHA256_OF_ABC,
    bytes: 3,
    durationsMs: { halt: 10, compare: 10, run: 10 },
  });
  expect(board.commands).toEqual([
    'reset halt',
    'dump 0x8000000 2',
    'dump 0x8000800 1',
    'reset run',
  ]);
  expect(phases).toEqual(['halt', 'compare', 'run']);
  // The files read back are gone.
  for (const file of board.dumps) await expect(access(dirname(file))).rejects.toThrow('ENOENT');
});

test('a board that differs by one byte is flashed, verified and run', async () => {
  const elfPath = await abcElf();
  const board = new FakeBoard(flashWith([0, 'ab'], [0x800, 'd']));
  const result = await flashIfDifferent(board, elfPath, { now: clock() });
  expect(result).toMatchObject({ action: 'flashed', imageSha256: SHA256_OF_ABC, bytes: 3 });
  // SHA-256 of "abd" by coreutils' sha256sum.
  expect(result.boardSha256Before).toBe(
    'a52d159f262b2c6ddb724a61840befc36eb30c88877a4030b65cbe86298449c9',
  );
  expect(result.durationsMs).toEqual({ halt: 20, compare: 10, write: 10, verify: 10, run: 10 });
  const file = elfPath.replace('my fw', 'my\\ fw');
  expect(board.commands.slice(3)).toEqual([
    'reset init',
    `flash write_image erase ${file}`,
    `verify_image ${file}`,
    'reset run',
  ]);
});

test('a short read is an error, not a difference', async () => {
  const elfPath = await abcElf();
  const board = new FakeBoard(flashWith([0, 'ab']).subarray(0, 1));
  const error = await failure(flashIfDifferent(board, elfPath));
  expect(error.message).toMatch(/^OpenOCD wrote 1 of 2 bytes that it read back to .*8000000\.bin$/);
  expect(error.fix).toMatch(/^free some disk space in \/.* TMPDIR$/);
  expect(error.causeClass).toBe('rig');
});

test('nothing is done to the board for a file that is no firmware', async () => {
  const elfPath = await abcElf();
  await writeFile(elfPath, 'text');
  const board = new FakeBoard(flashWith());
  const error = await failure(flashIfDifferent(board, elfPath));
  expect(error.causeClass).toBe('usage');
  expect(board.commands).toEqual([]);
});
