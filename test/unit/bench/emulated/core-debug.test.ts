import { describe, expect, it } from 'vitest';
import { breakAddresses } from '../../../../src/bench/emulated/breakpoint-unit.ts';
import { CoreDebug } from '../../../../src/bench/emulated/core-debug.ts';
import { numberRegisters } from '../../../../src/bench/emulated/core-registers.ts';

/** Addresses and bits as the ARMv7-M ARM gives them (C1.6, C1.11, B3.2). */
const DHCSR = 0xe000_edf0;
const DCRSR = 0xe000_edf4;
const DCRDR = 0xe000_edf8;
const DEMCR = 0xe000_edfc;
const DFSR = 0xe000_ed30;
const AIRCR = 0xe000_ed0c;
const FP_CTRL = 0xe000_2000;
const FP_COMP0 = 0xe000_2008;
const KEY = 0xa05f_0000;
const DEBUGEN = 1;
const HALT = 2;
const STEP = 4;
const S_HALT = 1 << 17;
const S_LOCKUP = 1 << 19;
const S_RESET = 1 << 25;

const TARGET = '<target><xi:include href="m.xml"/></target>';
const REGISTERS =
  '<reg name="r0" bitsize="32"/><reg name="r1"/><reg name="pc" regnum="15"/><reg name="xpsr" regnum="25"/>' +
  '<reg name="d0" bitsize="64"/><reg name="primask"/><reg name="control"/><reg name="basepri"/><reg name="faultmask"/>';

/** A machine with the given program counter after reset and HardFault vector; it records what is done to it. */
async function open(machine: { pc?: number; hardFault?: number; deafSteps?: number } = {}) {
  const calls: string[] = [];
  const registers = new Map([[15, machine.pc ?? 0x0800_0100]]);
  const stopListeners: ((signal: number) => void)[] = [];
  const eventListeners: ((event: string, data: Record<string, unknown>) => void)[] = [];
  let running = false;
  const stop = (signal: number): void => {
    running = false;
    for (const listener of stopListeners) listener(signal);
  };
  const core = await CoreDebug.open({
    rsp: {
      get running() {
        return running;
      },
      onStop: (listener) => {
        stopListeners.push(listener);
        return () => undefined;
      },
      request: () => Promise.resolve(''),
      feature: (name) => Promise.resolve(name === 'target.xml' ? TARGET : REGISTERS),
      resume: (kind) => {
        calls.push(kind);
        running = true;
      },
      step: () => {
        calls.push('step');
        if (machine.deafSteps === undefined || machine.deafSteps-- === 0)
          registers.set(15, (registers.get(15) ?? 0) + 2);
        return Promise.resolve();
      },
      interrupt: () => {
        if (running) {
          calls.push('interrupt');
          stop(2);
        }
        return Promise.resolve();
      },
      readRegister: (number) => Promise.resolve(registers.get(number) ?? 0),
      writeRegister: (number, value) => {
        registers.set(number, value);
        return Promise.resolve();
      },
      breakpoint: (address, set) => {
        calls.push(`${set ? 'set' : 'clear'} ${address.toString(16)}`);
        return Promise.resolve();
      },
    },
    qmp: {
      executeAndAwait: (command) => {
        calls.push(command);
        for (const listener of eventListeners) listener('RESET', { guest: false });
        return Promise.resolve();
      },
      onEvent: (listener) => {
        eventListeners.push(listener);
        return () => undefined;
      },
    },
    qtest: {
      readValue: (address) =>
        Promise.resolve(address === 12 ? (machine.hardFault ?? 0x0800_0201) : 0),
      writeValue: (address, _size, value) => {
        calls.push(`write ${address.toString(16)} ${value.toString(16)}`);
        return Promise.resolve();
      },
    },
    flushFlash: () => {
      calls.push('flush');
      return undefined;
    },
    afterReset: () => {
      calls.push('after reset');
      return Promise.resolve();
    },
  });
  await core.readWord(DHCSR);
  return { core, calls, registers, stop, event: (name: string) => eventListeners[0]?.(name, {}) };
}

const control = (core: CoreDebug, bits: number) => core.writeWord(DHCSR, (KEY | bits) >>> 0);

describe('run control', () => {
  it('halts, steps and runs by DHCSR', async () => {
    const { core, calls } = await open();
    await control(core, DEBUGEN | HALT);
    expect(core.state).toBe('halted');
    expect((await core.readWord(DHCSR)) & (S_HALT | 3)).toBe(S_HALT | 3);
    expect(await core.readWord(DFSR)).toBe(1);
    await control(core, DEBUGEN | STEP);
    expect(core.state).toBe('halted');
    await control(core, DEBUGEN);
    expect(core.state).toBe('running');
    expect((await core.readWord(DHCSR)) & S_HALT).toBe(0);
    await control(core, DEBUGEN | HALT);
    expect(core.state).toBe('halted');
    expect(calls.filter((call) => call !== 'flush')).toEqual(['step', 'continue', 'interrupt']);
  });

  it('steps again when QEMU reported a step that moved nothing', async () => {
    const { core, calls, registers } = await open({ deafSteps: 1 });
    await control(core, DEBUGEN | HALT);
    await control(core, DEBUGEN | STEP);
    expect(calls.filter((call) => call === 'step')).toHaveLength(2);
    expect(registers.get(15)).toBe(0x0800_0102);
  });

  it('ignores DHCSR without its key', async () => {
    const { core } = await open();
    await core.writeWord(DHCSR, DEBUGEN | HALT);
    expect(core.state).toBe('locked');
  });

  it('shows a breakpoint hit as a halt with its reason', async () => {
    const { core, stop } = await open();
    await control(core, DEBUGEN | HALT);
    await core.writeWord(DFSR, 0xffff_ffff);
    // The unit enabled, comparator 0 on the lower halfword of the word at 0x08000100, where the core is (ARMv7-M ARM C1.11.5).
    await core.writeWord(0xe000_2000, 3);
    await core.writeWord(0xe000_2008, 0x4800_0101);
    await control(core, DEBUGEN);
    stop(5);
    await expect.poll(() => core.state).toBe('halted');
    expect((await core.readWord(DHCSR)) & (S_HALT | HALT)).toBe(S_HALT | HALT);
    expect(await core.readWord(DFSR)).toBe(2);
  });

  it('lets the core go on after a stop where no breakpoint is, which only QEMU knows', async () => {
    const { core, calls, stop } = await open();
    await control(core, DEBUGEN | HALT);
    await control(core, DEBUGEN);
    const before = calls.filter((call) => call === 'continue').length;
    stop(5);
    await expect.poll(() => calls.filter((call) => call === 'continue').length).toBe(before + 1);
    expect(core.state).toBe('running');
  });

  it('writes flash before anything runs', async () => {
    const { core, calls } = await open();
    await control(core, DEBUGEN | HALT);
    await control(core, DEBUGEN);
    expect(calls.indexOf('flush')).toBeLessThan(calls.indexOf('continue'));
  });

  it.each([
    ['a program counter in nowhere', { pc: 0xffff_fffe }],
    ['an erased HardFault vector', { hardFault: 0xffff_ffff }],
    ['a HardFault vector without its Thumb bit', { hardFault: 0x0800_0200 }],
  ])('keeps a core with %s stopped and says lockup', async (_, machine) => {
    const { core, calls } = await open(machine);
    await core.reset();
    expect(calls).not.toContain('continue');
    expect(core.state).toBe('locked');
    const status = await core.readWord(DHCSR);
    expect(status & S_LOCKUP).toBe(S_LOCKUP);
    expect(status & S_HALT).toBe(0);
    await control(core, DEBUGEN | HALT);
    expect(core.state).toBe('halted');
  });
});

describe('reset', () => {
  it('runs from the vector table and reports itself once', async () => {
    const { core, calls } = await open();
    await core.reset();
    expect(calls).toEqual(['flush', 'system_reset', 'after reset', 'flush', 'continue']);
    expect((await core.readWord(DHCSR)) & S_RESET).toBe(S_RESET);
    expect((await core.readWord(DHCSR)) & S_RESET).toBe(0);
  });

  it('halts before the first instruction with vector catch', async () => {
    const { core, calls } = await open();
    await control(core, DEBUGEN);
    await core.writeWord(DEMCR, 0x0100_0001);
    await core.reset();
    expect(core.state).toBe('halted');
    expect(calls).not.toContain('continue');
    expect((await core.readWord(DFSR)) & 8).toBe(8);
  });

  it('ignores vector catch while debugging is off', async () => {
    const { core } = await open();
    await core.writeWord(DEMCR, 1);
    await core.reset();
    expect(core.state).toBe('running');
  });

  it('comes from AIRCR with its key, and only then', async () => {
    const { core, calls } = await open();
    await core.writeWord(AIRCR, 0x0000_0004);
    await core.writeWord(AIRCR, 0x05fa_0300);
    expect(calls).toEqual(['write e000ed0c 4', 'write e000ed0c 5fa0300']);
    await core.writeWord(AIRCR, 0x05fa_0004);
    expect(calls).toContain('system_reset');
  });

  it('holds the core while the reset line is low', async () => {
    const { core, calls } = await open();
    await core.reset();
    await core.assertReset();
    expect(core.state).toBe('reset');
    await core.readWord(DHCSR);
    expect((await core.readWord(DHCSR)) & (S_RESET | S_HALT)).toBe(S_RESET);
    await control(core, DEBUGEN);
    expect(core.state).toBe('reset');
    await core.releaseReset();
    expect(core.state).toBe('running');
    const resets = calls.filter((call) => call === 'system_reset').length;
    await core.releaseReset();
    expect(calls.filter((call) => call === 'system_reset')).toHaveLength(resets);
  });

  it('by the firmware itself is seen, and its pins are put back', async () => {
    const { core, calls, event } = await open();
    await core.reset();
    await core.readWord(DHCSR);
    calls.length = 0;
    event('RESET');
    expect(calls).toEqual(['after reset']);
    expect((await core.readWord(DHCSR)) & S_RESET).toBe(S_RESET);
  });
});

describe('registers', () => {
  it('are transferred through DCRSR and DCRDR while halted', async () => {
    const { core, registers } = await open();
    await control(core, DEBUGEN | HALT);
    await core.writeWord(DCRSR, 15);
    expect(await core.readWord(DCRDR)).toBe(0x0800_0100);
    await core.writeWord(DCRDR, 0x0800_0abc);
    await core.writeWord(DCRSR, 0x1_0000 | 15);
    expect(registers.get(15)).toBe(0x0800_0abc);
  });

  it('are refused while the core runs and when there is no such register', async () => {
    const { core } = await open();
    await core.reset();
    expect(await core.readRegister(15)).toBeUndefined();
    await control(core, DEBUGEN | HALT);
    expect(await core.readRegister(15)).toBe(0x0800_0100);
    expect(await core.readRegister(19)).toBeUndefined();
    expect(await core.writeRegister(96, 0)).toBe(false);
  });

  it('pack CONTROL, FAULTMASK, BASEPRI and PRIMASK into one', async () => {
    const { core, registers } = await open();
    await control(core, DEBUGEN | HALT);
    await core.writeRegister(20, 0x0201_5001);
    // After d0 = 26: primask 27, control 28, basepri 29, faultmask 30.
    expect([27, 28, 29, 30].map((number) => registers.get(number))).toEqual([1, 2, 0x50, 1]);
    expect(await core.readRegister(20)).toBe(0x0201_5001);
  });

  it('are numbered as GDB numbers them', () => {
    const numbers = numberRegisters([
      '<reg name="r0" bitsize="32"/><reg name="xpsr" bitsize="32" regnum="25"/>',
      '<reg name="d0" bitsize="64" type="float"/><reg bitsize="64" name="d1"/>',
      '<reg name="msp" bitsize="32" regnum="43" type="int"/><reg name="psp"/>',
    ]);
    expect(Object.fromEntries(numbers)).toEqual({
      r0: 0,
      xpsr: 25,
      d0: 26,
      d1: 27,
      msp: 43,
      psp: 44,
    });
  });
});

describe('breakpoints', () => {
  it.each([
    [0x4800_0101, [0x0800_0100]],
    [0x8800_0101, [0x0800_0102]],
    [0xc800_0101, [0x0800_0100, 0x0800_0102]],
    [0x0800_0101, []],
    [0x4800_0100, []],
  ])('comparator %i means %j', (comparator, addresses) => {
    expect(breakAddresses(comparator)).toEqual(addresses);
  });

  it('are six, and reach the stub before the core runs', async () => {
    const { core, calls } = await open();
    expect((await core.readWord(FP_CTRL)) & 0xff0).toBe(0x260);
    await control(core, DEBUGEN | HALT);
    await core.writeWord(FP_CTRL, 3);
    await core.writeWord(FP_COMP0 + 4, 0x4800_0101);
    expect(await core.readWord(FP_COMP0 + 4)).toBe(0x4800_0101);
    expect(calls).toEqual([]);
    await control(core, DEBUGEN);
    expect(calls).toEqual(['flush', 'set 8000100', 'continue']);
  });

  it('stop a running core only for as long as it takes to set them', async () => {
    const { core, calls } = await open();
    await core.writeWord(FP_CTRL, 3);
    await core.reset();
    calls.length = 0;
    await core.writeWord(FP_COMP0, 0x4800_0101);
    await core.writeWord(FP_COMP0, 0);
    expect(calls).toEqual([
      'interrupt',
      'set 8000100',
      'continue',
      'interrupt',
      'clear 8000100',
      'continue',
    ]);
    expect(core.state).toBe('running');
  });

  it('need the unit to be enabled with its key', async () => {
    const { core, calls } = await open();
    await core.writeWord(FP_CTRL, 1);
    await core.writeWord(FP_COMP0, 0x4800_0101);
    await core.reset();
    expect(calls).not.toContain('set 8000100');
  });
});
