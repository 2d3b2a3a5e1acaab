import { expect, test } from 'vitest';
import { toFrames, toRegisters, toStop, toValue } from '../../../src/probe/gdb-values.ts';
import { gdbFailure } from '../../../src/probe/gdb-failures.ts';

/** Texts that GDB 13.1 prints for values of C variables. */
test.each([
  ['42', 42],
  ['-3', -3],
  ["65 'A'", 65],
  ["0 '\\000'", 0],
  ['2.5', 2.5],
  ['1.0000000000000001e+300', 1e300],
  ['0x20000020 <counter>', 0x20000020],
  ['0xe0042000', 0xe0042000],
  ['9007199254740991', 9007199254740991],
  ['18446744073709551615', undefined],
  ['{a = 0, s = "x"}', undefined],
  ['"5"', undefined],
  ['5 + 3', undefined],
  ['<optimized out>', undefined],
  ['(int *) 0x20000020 <counter>', undefined],
  ['', undefined],
])('the number in %j is %s', (text, number) => {
  expect(toValue(text)).toEqual({ text, number });
});

test('frames without debug information have no file and no line', () => {
  expect(
    toFrames([
      { level: '0', addr: '0x08000040', func: 'inner', file: 'tiny.c', line: '3' },
      { level: '1', addr: '0xfffffffe' },
    ]),
  ).toEqual([
    { level: 0, func: 'inner', file: 'tiny.c', line: 3, address: 0x08000040 },
    { level: 1, func: '??', file: undefined, line: undefined, address: 0xfffffffe },
  ]);
  expect(() => toFrames('none')).toThrow('GDB answered -stack-list-frames');
});

test('registers are joined by number; nameless and FPU data registers are left out', () => {
  const names = { 'register-names': ['r0', '', 'pc', 's0', 'sp'] };
  const values = {
    'register-values': [
      { number: '0', value: '0x4' },
      { number: '1', value: '0x9' },
      { number: '2', value: '0x8000040' },
      { number: '3', value: '0x0' },
      { number: '4', value: '<unavailable>' },
    ],
  };
  expect([...toRegisters(names, values)]).toEqual([
    ['r0', 4],
    ['pc', 0x8000040],
  ]);
});

test('a stop without reason', () => {
  expect(toStop({ 'thread-id': '1' })).toEqual({
    reason: '',
    breakpoint: undefined,
    frame: undefined,
  });
});

test.each([
  ['Cannot execute this command while the target is running.\nUse', 'harness', 'halt'],
  ['Selected thread is running.', 'harness', 'halt'],
  ['No symbol "nosuch" in current context.', 'usage', 'check the name'],
  ['Function "nosuch" not defined.', 'usage', 'check the name'],
  ['/tmp/x.elf: No such file or directory.', 'usage', 'build'],
  ['127.0.0.1:1: Connection refused.', 'rig', 'OpenOCD'],
  ['Remote connection closed', 'rig', 'start OpenOCD again'],
  ['something new', 'rig', ''],
])('GDB: %s', (message, causeClass, fix) => {
  const error = gdbFailure('the step', message, ['last']);
  expect(error.causeClass).toBe(causeClass);
  expect(error.fix).toContain(fix);
  expect(error.message).toContain('the step failed: GDB: ');
  expect(error.evidence).toEqual(['last']);
});
