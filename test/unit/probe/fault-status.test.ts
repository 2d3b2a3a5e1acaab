import { describe, expect, test } from 'vitest';
import { faultLines, parseFaultStatus } from '../../../src/probe/fault-status.ts';

const NONE = { cfsr: 0, hfsr: 0, dfsr: 0, mmfar: 0, bfar: 0 };

describe('parseFaultStatus', () => {
  test('takes five words from CFSR on', () => {
    const bytes = new Uint8Array(20);
    const view = new DataView(bytes.buffer);
    for (const [index, word] of [0x8200, 0x4000_0000, 9, 0xe000_edf8, 0xffff_fff0].entries()) {
      view.setUint32(4 * index, word, true);
    }
    expect(parseFaultStatus(bytes)).toEqual({
      ...{ cfsr: 0x8200, hfsr: 0x4000_0000, dfsr: 9 },
      ...{ mmfar: 0xe000_edf8, bfar: 0xffff_fff0 },
    });
  });
});

describe('faultLines', () => {
  test('a core without a fault has none, also while it serves an interrupt', () => {
    expect(faultLines(NONE, 0x0100_0000)).toEqual([]);
    expect(faultLines(NONE, 0x0100_000f)).toEqual([]);
    expect(faultLines(NONE, 0x0100_0056)).toEqual([]);
  });

  test('what every halt and reset by the probe leaves in DFSR says nothing', () => {
    expect(faultLines({ ...NONE, dfsr: 0b1001 }, 0)).toEqual([]);
    expect(faultLines({ ...NONE, dfsr: 0b1011 }, 0)).toEqual([
      'DFSR BKPT: a breakpoint was met since power-up',
    ]);
  });

  // The bits by PM0214: BFARVALID 15, PRECISERR 9, FORCED 30.
  test('a bus fault that became a HardFault, with its address', () => {
    const status = { ...NONE, cfsr: 0x8200, hfsr: 0x4000_0000, bfar: 0xffff_fff0 };
    expect(faultLines(status, 0x8107_0003)).toEqual([
      'the core is in HardFault',
      'CFSR PRECISERR: data was accessed where there is no memory, at 0xfffffff0 (BFAR)',
      'HFSR FORCED: a fault that could not be taken as its own became a HardFault',
    ]);
  });

  test('an address that is not valid, or that is another fault’s, is not shown', () => {
    expect(faultLines({ ...NONE, cfsr: 0x200, bfar: 5 }, 0).join()).not.toContain('BFAR');
    expect(faultLines({ ...NONE, cfsr: 0x9000, bfar: 5 }, 0)).toEqual([
      'CFSR STKERR: no memory at the stack on entry to an exception: the stack has overflowed',
    ]);
    expect(faultLines({ ...NONE, cfsr: 0x82, mmfar: 0x10, bfar: 5 }, 4)).toEqual([
      'the core is in MemManage',
      'CFSR DACCVIOL: data was accessed where the MPU forbids it, at 0x00000010 (MMFAR)',
    ]);
  });

  test.each([
    [0, 'IACCVIOL'],
    [3, 'MUNSTKERR'],
    [4, 'MSTKERR'],
    [5, 'MLSPERR'],
    [8, 'IBUSERR'],
    [10, 'IMPRECISERR'],
    [11, 'UNSTKERR'],
    [13, 'LSPERR'],
    [16, 'UNDEFINSTR'],
    [17, 'INVSTATE'],
    [18, 'INVPC'],
    [19, 'NOCP'],
    [24, 'UNALIGNED'],
    [25, 'DIVBYZERO'],
  ])('bit %i of CFSR is %s', (bit, name) => {
    const [line, ...others] = faultLines({ ...NONE, cfsr: 2 ** bit }, 0);
    expect(line).toMatch(new RegExp(`^CFSR ${name}: `));
    expect(others).toEqual([]);
  });

  test.each([
    [1, 'VECTTBL'],
    [31, 'DEBUGEVT'],
  ])('bit %i of HFSR is %s', (bit, name) => {
    expect(faultLines({ ...NONE, hfsr: 2 ** bit }, 0)[0]).toContain(`HFSR ${name}: `);
  });
});
