import { expect, test } from 'vitest';
import { stackOverflow } from '../../../src/suite/stack-overflow.ts';

const BOTTOM = 0x2000_0000;

/** A GDB that reads a crash record, and words at the end of the stack. */
function fakeGdb(record: { magic: number; sp: number }, words: readonly number[] = []) {
  const answers = new Map<string, { text: string; number: number | undefined }>([
    ['crash_last.magic', { text: '', number: record.magic }],
    ['crash_last.seen.sp', { text: '', number: record.sp }],
    ['(unsigned long) &stack_bottom', { text: '', number: BOTTOM }],
    ['(void *) 0x8001235', { text: '0x8001235 <deeper+13>', number: 0x0800_1235 }],
    ['(void *) 0x10000101', { text: '0x10000101 <cvm_op_mod+1>', number: 0x1000_0101 }],
    ['(void *) 0x8004321', { text: '0x8004321 <main+3>', number: 0x0800_4321 }],
  ]);
  for (const [index, number] of words.entries()) {
    answers.set(`*(unsigned long *) 0x${(BOTTOM + 4 * index).toString(16)}`, { text: '', number });
  }
  return {
    variable: (expression: string) =>
      Promise.resolve(answers.get(expression) ?? { text: '0', number: 0 }),
  };
}

test('no crash, or one with a stack in its place, is no overflow', async () => {
  expect(await stackOverflow(fakeGdb({ magic: 0, sp: 0 }))).toEqual([]);
  expect(await stackOverflow(fakeGdb({ magic: 0x4352_4153, sp: BOTTOM }))).toEqual([]);
});

test('the functions whose calls are on the stack, the most frequent first', async () => {
  // Return addresses have their lowest bit set; an even word and one in RAM are data.
  const words = [0x0800_4321, 0x0800_1235, 5, 0x0800_1235, 0x0800_1234, 0x2000_0011];
  expect(await stackOverflow(fakeGdb({ magic: 0x4352_4153, sp: 0x1fff_ff98 }, words))).toEqual([
    'the C stack has overflowed: its pointer was 0x1fffff98, its lowest word is at 0x20000000; it is full of calls from deeper, main',
  ]);
});

test('calls from code in CCM SRAM count too, and data of that memory does not', async () => {
  const words = [0x1000_0101, 0x1000_0100, 0x1000_8001];
  expect(await stackOverflow(fakeGdb({ magic: 0x4352_4153, sp: 0x1fff_ff98 }, words))).toEqual([
    expect.stringMatching(/full of calls from cvm_op_mod$/),
  ]);
});

test('a stack that tells nothing is still an overflow', async () => {
  expect(await stackOverflow(fakeGdb({ magic: 0x4352_4153, sp: 0x1fff_ff98 }))).toEqual([
    'the C stack has overflowed: its pointer was 0x1fffff98, its lowest word is at 0x20000000',
  ]);
});
