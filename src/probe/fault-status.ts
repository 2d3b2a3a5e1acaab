/** A bit of a fault status register. */
interface FaultBit {
  readonly bit: number;
  readonly name: string;
  /** What it says, in words. */
  readonly words: string;
  /** The register that holds the address when it is valid. */
  readonly address?: 'mmfar' | 'bfar';
}

/** CFSR: memory management faults in bits 7:0, bus faults in 15:8, usage faults in 31:16 (PM0214 4.4). */
const CFSR: readonly FaultBit[] = [
  { bit: 0, name: 'IACCVIOL', words: 'an instruction was fetched where the MPU allows none' },
  {
    bit: 1,
    name: 'DACCVIOL',
    words: 'data was accessed where the MPU forbids it',
    address: 'mmfar',
  },
  { bit: 3, name: 'MUNSTKERR', words: 'the MPU forbade the stack on return from an exception' },
  { bit: 4, name: 'MSTKERR', words: 'the MPU forbade the stack on entry to an exception' },
  { bit: 5, name: 'MLSPERR', words: "the MPU forbade the saving of the FPU's registers" },
  { bit: 8, name: 'IBUSERR', words: 'an instruction was fetched where there is no memory' },
  {
    bit: 9,
    name: 'PRECISERR',
    words: 'data was accessed where there is no memory',
    address: 'bfar',
  },
  {
    bit: 10,
    name: 'IMPRECISERR',
    words: 'an earlier store went where there is no memory; the program counter is past it',
  },
  { bit: 11, name: 'UNSTKERR', words: 'no memory at the stack on return from an exception' },
  {
    bit: 12,
    name: 'STKERR',
    words: 'no memory at the stack on entry to an exception: the stack has overflowed',
  },
  { bit: 13, name: 'LSPERR', words: "no memory where the FPU's registers were to be saved" },
  { bit: 16, name: 'UNDEFINSTR', words: 'an undefined instruction was executed' },
  { bit: 17, name: 'INVSTATE', words: 'a jump went to an address that is no Thumb code' },
  { bit: 18, name: 'INVPC', words: 'an exception returned by an invalid EXC_RETURN' },
  { bit: 19, name: 'NOCP', words: 'the FPU was used while it is switched off' },
  { bit: 24, name: 'UNALIGNED', words: 'an unaligned access was made' },
  { bit: 25, name: 'DIVBYZERO', words: 'an integer was divided by zero' },
];
/** Whether MMFAR and BFAR hold an address: MMARVALID and BFARVALID of CFSR (PM0214 4.4). Of the faults, these two write one. */
const VALID = { mmfar: 1 << 7, bfar: 1 << 15 } as const;

/** HFSR (PM0214 4.4). */
const HFSR: readonly FaultBit[] = [
  { bit: 1, name: 'VECTTBL', words: 'the vector table could not be read' },
  {
    bit: 30,
    name: 'FORCED',
    words: 'a fault that could not be taken as its own became a HardFault',
  },
  {
    bit: 31,
    name: 'DEBUGEVT',
    words: 'a debug event, as BKPT without a debugger, became a HardFault',
  },
];

/**
 * DFSR (ARMv7-M ARM C1.6.1) without HALTED and VCATCH, which every halt and reset by the probe leaves there. A breakpoint may be the end of
 * OpenOCD's flash loader.
 */
const DFSR: readonly FaultBit[] = [
  { bit: 1, name: 'BKPT', words: 'a breakpoint was met since power-up' },
  { bit: 2, name: 'DWTTRAP', words: 'a watchpoint was met since power-up' },
  { bit: 4, name: 'EXTERNAL', words: 'an external debug request came since power-up' },
];

/** The exceptions that are taken for a fault, by number (PM0214 2.3.2), and NMI. */
const EXCEPTIONS: Readonly<Record<number, string>> = {
  2: 'NMI',
  3: 'HardFault',
  4: 'MemManage',
  5: 'BusFault',
  6: 'UsageFault',
};

/** The fault status registers of a Cortex-M4 (PM0214 4.4), as one read from {@link FAULT_STATUS} on gives them. */
export interface FaultStatus {
  readonly cfsr: number;
  readonly hfsr: number;
  readonly dfsr: number;
  readonly mmfar: number;
  readonly bfar: number;
}

/** Where they are: five words. */
export const FAULT_STATUS = { address: 0xe000_ed28, bytes: 20 };

/** @param bytes what was read from {@link FAULT_STATUS} */
export function parseFaultStatus(bytes: Uint8Array): FaultStatus {
  const view = new DataView(bytes.buffer, bytes.byteOffset, FAULT_STATUS.bytes);
  const word = (index: number): number => view.getUint32(4 * index, true);
  return { cfsr: word(0), hfsr: word(1), dfsr: word(2), mmfar: word(3), bfar: word(4) };
}

const isSet = (value: number, { bit }: FaultBit): boolean => ((value >>> bit) & 1) === 1;
const hex = (value: number): string => `0x${(value >>> 0).toString(16).padStart(8, '0')}`;

/**
 * What the fault status registers tell, a line for each bit that is set and says something. The bits of CFSR and HFSR stay set until
 * the next reset: they tell what happened since, not only last.
 * @param xpsr the program status register: it tells which exception the core is in
 */
export function faultLines(status: FaultStatus, xpsr: number): string[] {
  const { cfsr, hfsr, dfsr } = status;
  const exception = EXCEPTIONS[xpsr & 0x1ff];
  const lines = exception === undefined ? [] : [`the core is in ${exception}`];
  for (const entry of CFSR) {
    if (!isSet(cfsr, entry)) continue;
    const { address } = entry;
    const at =
      address !== undefined && (cfsr & VALID[address]) !== 0
        ? `, at ${hex(status[address])} (${address.toUpperCase()})`
        : '';
    lines.push(`CFSR ${entry.name}: ${entry.words}${at}`);
  }
  for (const entry of HFSR) {
    if (isSet(hfsr, entry)) lines.push(`HFSR ${entry.name}: ${entry.words}`);
  }
  for (const entry of DFSR) {
    if (isSet(dfsr, entry)) lines.push(`DFSR ${entry.name}: ${entry.words}`);
  }
  return lines;
}
