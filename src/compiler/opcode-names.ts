import { opcodeByName } from '../isa/index.ts';

/** The instructions that the compiler emits. */
const EMITTED = [
  ...(['HALT', 'PUSH', 'POP', 'ADD', 'SUB', 'MUL', 'DIV', 'MOD', 'CALL', 'RET'] as const),
  ...(['DIGITAL_WRITE', 'DIGITAL_READ', 'ANALOG_WRITE', 'ANALOG_READ', 'PIN_MODE'] as const),
  ...(['DELAY', 'BUTTON_PRESSED', 'BUTTON_RELEASED', 'PRINTF', 'MILLIS', 'MICROS'] as const),
  ...(['EQ', 'NE', 'LT', 'GT', 'LE', 'GE'] as const),
  ...(['EQ_SIGNED', 'NE_SIGNED', 'LT_SIGNED', 'GT_SIGNED', 'LE_SIGNED', 'GE_SIGNED'] as const),
  ...(['JMP', 'JMP_TRUE', 'JMP_FALSE', 'AND', 'OR', 'NOT'] as const),
  ...(['LOAD_GLOBAL', 'STORE_GLOBAL', 'LOAD_LOCAL', 'STORE_LOCAL'] as const),
  ...(['LOAD_ARRAY', 'STORE_ARRAY', 'CREATE_ARRAY'] as const),
  ...(['BITWISE_AND', 'BITWISE_OR', 'BITWISE_XOR', 'BITWISE_NOT'] as const),
  ...(['SHIFT_LEFT', 'SHIFT_RIGHT'] as const),
] as const;

export type OpcodeName = (typeof EMITTED)[number];

/** Opcode numbers by name, from the instruction table. */
export const OPCODE: Readonly<Record<OpcodeName, number>> = Object.fromEntries(
  EMITTED.map((name) => {
    const row = opcodeByName(name);
    if (row === undefined) throw new Error(`the instruction table has no ${name}`);
    return [name, row.code];
  }),
) as Record<OpcodeName, number>;

/** Flag of a RET that returns a value. */
export const RET_VALUE = 1;
