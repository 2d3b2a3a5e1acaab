/** Addresses and bits of the debug registers that a probe uses. */

/** Debug and system control registers that QEMU lacks or that must act on the emulator (ARMv7-M ARM B3.2, C1.6). */
export const DEBUG_REGISTER = {
  AIRCR: 0xe000_ed0c,
  VTOR: 0xe000_ed08,
  DFSR: 0xe000_ed30,
  DHCSR: 0xe000_edf0,
  DCRSR: 0xe000_edf4,
  DCRDR: 0xe000_edf8,
  DEMCR: 0xe000_edfc,
} as const;
/** Flash Patch and Breakpoint unit. */
export const FPB = { base: 0xe000_2000, size: 0x28 };
/** MCU debug component (RM0440 47.6). */
export const DBGMCU = { base: 0xe004_2000, size: 0x14 };
/** DEV_ID 0x469 (category 3 devices), REV_ID 0x2001 "Z" (RM0440 47.6.1). */
export const DBGMCU_IDCODE = 0x2001_6469;

/** Debug Halting Control and Status (C1.6.2). */
export const DHCSR = {
  /** Upper half of a valid write. */
  KEY: 0xa05f,
  C_DEBUGEN: 1 << 0,
  C_HALT: 1 << 1,
  C_STEP: 1 << 2,
  C_MASKINTS: 1 << 3,
  S_REGRDY: 1 << 16,
  S_HALT: 1 << 17,
  S_LOCKUP: 1 << 19,
  S_RETIRE_ST: 1 << 24,
  S_RESET_ST: 1 << 25,
} as const;
/** The bits a write sets. */
export const DHCSR_CONTROL = DHCSR.C_DEBUGEN | DHCSR.C_HALT | DHCSR.C_STEP | DHCSR.C_MASKINTS;
/** Upper half of a valid write to AIRCR. */
export const AIRCR_KEY = 0x05fa;
/** SYSRESETREQ and VECTRESET. */
export const AIRCR_RESETS = (1 << 2) | (1 << 0);
/** Halt after a system reset, before the first instruction (C1.6.5). */
export const DEMCR_VC_CORERESET = 1 << 0;
/** Debug Fault Status: why the core halted (C1.6.1). */
export const DFSR = { HALTED: 1 << 0, BKPT: 1 << 1, VCATCH: 1 << 3 } as const;
/** Offset of the HardFault entry in the vector table (B1.5.3). */
export const HARDFAULT_VECTOR = 3 * 4;
