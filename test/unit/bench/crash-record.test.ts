import { expect, test } from 'vitest';
import { parseCrashRecord } from '../../../src/bench/crash-record.ts';

/** As crash.c writes it: magic, eleven words, their XOR. */
function recordOf(words: readonly number[], magic = 0x43524153): Uint8Array {
  const all = [magic, ...words];
  const bytes = Buffer.alloc(52);
  [...all, all.reduce((sum, word) => sum ^ word, 0)].forEach((word, index) => {
    bytes.writeUInt32LE(word >>> 0, 4 * index);
  });
  return bytes;
}

const WORDS = [5, 0x0800_12ab, 0x0800_0101, 0x6100_0000, 0x2000_0bd0, 0x8200, 0, 0, 0xffff_fff0];

test('a crash record is read from memory as the firmware writes it', () => {
  expect(parseCrashRecord(recordOf([...WORDS, 3, 1234]))).toEqual({
    ...{ exception: 5, pc: 0x0800_12ab, lr: 0x0800_0101, psr: 0x6100_0000, sp: 0x2000_0bd0 },
    ...{ cfsr: 0x8200, hfsr: 0, mmfar: 0, bfar: 0xffff_fff0, vm: 3, steps: 1234 },
  });
  expect(parseCrashRecord(recordOf([...WORDS, 0xff, 0]))).toMatchObject({
    vm: undefined,
    steps: undefined,
  });
});

test('memory that holds no whole record is none', () => {
  const good = recordOf([...WORDS, 3, 1234]);
  expect(parseCrashRecord(recordOf([...WORDS, 3, 1234], 0))).toBeUndefined();
  expect(parseCrashRecord(good.subarray(0, 51))).toBeUndefined();
  const torn = Uint8Array.from(good);
  torn[20] = (torn[20] ?? 0) ^ 1;
  expect(parseCrashRecord(torn)).toBeUndefined();
});
