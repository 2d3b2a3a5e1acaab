/** The parts of the STM32G474RE's address map that the probe treats specially (RM0440 2.2, stm32g474xx.h). */

export interface Region {
  readonly base: number;
  /** Bytes. */
  readonly size: number;
}

/** Main flash: 512 KiB. */
export const FLASH: Region = { base: 0x0800_0000, size: 512 * 1024 };
/** The same flash seen at 0 when booting from it (RM0440 2.6). */
export const FLASH_ALIAS: Region = { base: 0x0000_0000, size: FLASH.size };
/** SRAM1 and SRAM2: 96 KiB. */
export const SRAM: Region = { base: 0x2000_0000, size: 96 * 1024 };
export const CCM_SRAM: Region = { base: 0x1000_0000, size: 32 * 1024 };
/** CCM SRAM seen by the other masters and the debugger; QEMU's machine lacks it. */
export const CCM_SRAM_ALIAS: Region = { base: 0x2001_8000, size: CCM_SRAM.size };
/** System memory, OTP, option bytes and the factory-programmed values. */
export const SYSTEM_MEMORY: Region = { base: 0x1fff_0000, size: 0x8000 };
export const PERIPHERALS: Region = { base: 0x4000_0000, size: 0x2000_0000 };
/** FLASH interface registers. */
export const FLASH_REGISTERS: Region = { base: 0x4002_2000, size: 0x400 };
/** Private peripheral bus: debug and system control registers (ARMv7-M ARM B3.1). */
export const PPB: Region = { base: 0xe000_0000, size: 0x0010_0000 };

/** Whether `length` bytes from `address` on lie wholly in a region. */
export function inRegion(region: Region, address: number, length = 1): boolean {
  return address >= region.base && address + length <= region.base + region.size;
}
