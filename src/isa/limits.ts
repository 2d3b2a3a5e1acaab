/** Sizes, error codes and port numbers that both engines and the wire share. Emitted into the C header. */

/** Fixed sizes of one VM. */
export const LIMITS = {
  /** Operand stack, in int32 values. */
  STACK_DEPTH: 128,
  /** Call frames. */
  CALL_DEPTH: 24,
  GLOBAL_COUNT: 64,
  ARRAY_COUNT: 16,
  /** Elements of one array. */
  ARRAY_LENGTH: 64,
  /** Instructions in one program. */
  PROGRAM_LENGTH: 65_535,
  /** Bytes of one printed text. */
  PRINT_LENGTH: 255,
  PRINT_ARGUMENTS: 8,
  /** VM contexts in the static pool. */
  POOL_SIZE: 4,
  /** Highest value an analog read may return. */
  ANALOG_READ_MAX: 4095,
  /** Highest value an analog write may take. */
  ANALOG_WRITE_MAX: 255,
  /** Microseconds the virtual clock advances per executed instruction. */
  VIRTUAL_US_PER_INSTRUCTION: 1,
} as const;

/** VM error codes as stored by a faulting engine and sent over the wire. */
export const VM_ERRORS = {
  NONE: 0,
  STACK_OVERFLOW: 1,
  STACK_UNDERFLOW: 2,
  STACK_CORRUPTION: 3,
  INVALID_JUMP: 4,
  INVALID_OPCODE: 5,
  DIVISION_BY_ZERO: 6,
  MEMORY_BOUNDS: 7,
  PRINTF_ERROR: 8,
  HARDWARE_FAULT: 9,
  PROGRAM_NOT_LOADED: 10,
  EXECUTION_FAILED: 11,
  INVALID_ARGUMENT: 12,
} as const;

export type VmErrorName = keyof typeof VM_ERRORS;
export type VmError = (typeof VM_ERRORS)[VmErrorName];

/** Names of the four pool slots, by id. */
export const VM_NAMES = ['SOS', 'AUDIO', 'DISPLAY', 'DEBUG'] as const;

/** Pin modes as PIN_MODE takes them. */
export const PIN_MODES = { INPUT: 0, OUTPUT: 1, INPUT_PULLUP: 2, INPUT_PULLDOWN: 3 } as const;

/** What a step did, as its effect record says. */
export const EFFECT_KINDS = {
  /** Nothing but the stack: `value` is the top of the operand stack afterwards, 0 when it is empty. */
  TOP: 0,
  /** A memory operation wrote `value` to `address`. */
  STORE: 1,
  /** The io controller returned `value` from port `address`. */
  INPUT: 2,
  /** The io controller was given `value` for port `address`. */
  OUTPUT: 3,
  /** The io controller was given a text for port `address`. */
  PRINT: 4,
  /** The instruction faulted; `value` is the error code. */
  ERROR: 5,
} as const;

export type EffectKind = (typeof EFFECT_KINDS)[keyof typeof EFFECT_KINDS];

/** `address` of a STORE effect: base of each store plus the index in it. */
export const STORE_ADDRESSES = {
  /** + global id. */
  GLOBAL: 0x0000,
  /** + offset from the bottom of the operand stack. */
  LOCAL: 0x0100,
  /** + array id; the value is the declared length. */
  CREATE: 0x0200,
  /** + array id * 64 + index. */
  ARRAY: 0x0400,
} as const;

/** `address` of INPUT, OUTPUT and PRINT effects: base of each kind of port plus the pin or button id. */
export const PORTS = {
  DIGITAL: 0x0000,
  ANALOG: 0x0100,
  PIN_MODE: 0x0200,
  BUTTON: 0x0300,
  DELAY: 0x0400,
  MILLIS: 0x0401,
  MICROS: 0x0402,
  PRINT: 0x0403,
} as const;
