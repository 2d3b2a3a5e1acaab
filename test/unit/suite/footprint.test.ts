import { describe, expect, it } from 'vitest';
import { footprintOf, sectionTotals, symbolSizes } from '../../../src/suite/footprint.ts';

/** As GNU size 2.40 prints it. */
const SECTIONS = `build/cockpit-agent.elf  :
section                size        addr
.vectors                472   134217728
.text                 31992   134218240
.stack                 3072   536870912
.data                     4   536873984
.bss                  27820   536873992
.harness              32384   268435456
.debug_info          201104           0
Total                671263

`;

describe('the footprint of a firmware', () => {
  it('counts what lies in flash and in RAM, and what is copied from one to the other in both', () => {
    expect(sectionTotals(SECTIONS)).toEqual({
      flash: 472 + 31_992 + 4,
      ram: 3072 + 4 + 27_820 + 32_384,
    });
  });

  it('counts code that is copied to CCM SRAM in both, and code in flash once', () => {
    const hot = (address: number): string => `.hot  13216  ${address}\n`;
    expect(sectionTotals(hot(0x1000_0000))).toEqual({ flash: 13_216, ram: 13_216 });
    expect(sectionTotals(hot(0x0800_0200))).toEqual({ flash: 13_216, ram: 0 });
  });

  it('adds up symbols of one name and leaves out those without a size', () => {
    const names = `
134245340 00000230 t BOARD_PINS
134245768 00000230 t BOARD_PINS
134221964 00000644 T agent_round
134221880 T __text_start
`;
    expect(symbolSizes(names)).toEqual({ BOARD_PINS: 460, agent_round: 644 });
  });

  it('is unknown for what is no firmware', async () => {
    expect(await footprintOf('/proc/none')).toBeUndefined();
  });
});
