import { describe, expect, test } from 'vitest';
import { crashNote, crashText, healthText } from '../../../src/bench/health.ts';

const REGISTERS = { psr: 0x6100_0000, hfsr: 0, mmfar: 0 };
const CRASH = {
  ...{ ...REGISTERS, exception: 5, pc: 0x0800_12ab, lr: 0x0800_0101, sp: 0x2000_0bd0 },
  ...{ cfsr: 0x8200, bfar: 0xffff_fff0, vm: 3, steps: 1234 },
};
const NOWHERE = { ...REGISTERS, pc: 0, lr: 0, sp: 0, cfsr: 0, bfar: 0 };
const UNKNOWN = { reset: undefined, stack: undefined, watchdog: undefined, vdda: undefined };
const TOLD = { ...UNKNOWN, lost: 0, crash: undefined };

describe('how the run before ended', () => {
  test('a fault, decoded, with the VM that had its turn', () => {
    expect(crashText(CRASH)).toBe(
      'the run before crashed at pc 0x080012ab, lr 0x08000101, sp 0x20000bd0: the core is in BusFault; ' +
        'CFSR PRECISERR: data was accessed where there is no memory, at 0xfffffff0 (BFAR); VM DEBUG had its turn, after at least 1234 steps',
    );
  });

  test('an interrupt that nobody expects, with no VM and no usable stack', () => {
    const crash = { ...NOWHERE, exception: 44, sp: 0x1fff_fff0, vm: undefined, steps: undefined };
    expect(crashText(crash)).toBe(
      'the run before crashed at an unknown place, sp 0x1ffffff0: exception 44; no VM had its turn',
    );
  });

  test('the watchdog', () => {
    expect(crashText({ ...NOWHERE, exception: 0, vm: 0, steps: 7 })).toBe(
      'the run before was ended by the watchdog; VM SOS had its turn, after at least 7 steps',
    );
  });

  test('is noted when there is something to note, or when that is not known', async () => {
    expect(await crashNote({ board: () => Promise.resolve(TOLD) }, undefined)).toBe('');
    const crashed = { ...TOLD, crash: CRASH };
    const told = await crashNote({ board: () => Promise.resolve(crashed) }, undefined);
    expect(told).toBe(`; ${crashText(CRASH)}`);
    const silent = () => Promise.reject(new Error('silence'));
    expect(await crashNote({ board: silent }, undefined)).toBe(
      '; what became of the run before is not known: silence',
    );
    // What the board tells itself comes first: it is the newer.
    const seen = { ...NOWHERE, exception: 0, vm: 0, steps: 7 };
    expect(await crashNote({ board: () => Promise.resolve(crashed) }, seen)).toBe(told);
    for (const board of [() => Promise.resolve(TOLD), silent]) {
      expect(await crashNote({ board }, seen)).toBe(
        `; ${crashText(seen)} (read by the debug probe before the reset)`,
      );
    }
  });
});

test('a board says only what it knows', () => {
  expect(healthText(TOLD)).toBe('does not know why it was reset; 0 received bytes lost');
  const told = { ...TOLD, reset: ['pin' as const, 'software' as const], watchdog: 0 };
  expect(healthText({ ...told, stack: { size: 3072, used: 712 }, vdda: 3298 })).toBe(
    'reset by pin, software; 712 of 3072 bytes of stack used; 0 received bytes lost; VDDA 3298 mV',
  );
});
