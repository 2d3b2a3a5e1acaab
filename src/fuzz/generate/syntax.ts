import type { OpcodeName } from '../../isa/index.ts';

/** The little language in which structured programs are generated; lower.ts makes instructions of it. */
export type Expression =
  | { readonly kind: 'constant'; readonly value: number }
  | { readonly kind: 'global'; readonly id: number }
  /** Any value of the running function's frame, counted modulo how many there are. */
  | { readonly kind: 'local'; readonly slot: number }
  /** `guarded`: the index is masked so that it is inside. */
  | {
      readonly kind: 'element';
      readonly array: number;
      readonly index: Expression;
      readonly guarded: boolean;
    }
  | { readonly kind: 'unary'; readonly opcode: UnaryName; readonly operand: Expression }
  /** `guarded`: a divisor is made odd, a shift count is masked. */
  | {
      readonly kind: 'binary';
      readonly opcode: BinaryName;
      readonly left: Expression;
      readonly right: Expression;
      readonly guarded: boolean;
    }
  /** `any`: the callee may be a caller, so that it may recurse without end; else only later functions are called. */
  | {
      readonly kind: 'call';
      readonly callee: number;
      readonly any: boolean;
      readonly operands: readonly Expression[];
    }
  | { readonly kind: 'read'; readonly opcode: ReadName; readonly pin: number }
  | { readonly kind: 'time'; readonly opcode: 'MILLIS' | 'MICROS' };

export type Statement =
  | { readonly kind: 'setGlobal'; readonly id: number; readonly value: Expression }
  /** A parameter or variable of the function, counted modulo how many there are; no loop counter. */
  | { readonly kind: 'setLocal'; readonly slot: number; readonly value: Expression }
  | {
      readonly kind: 'setElement';
      readonly array: number;
      readonly index: Expression;
      readonly guarded: boolean;
      readonly value: Expression;
    }
  | { readonly kind: 'drop'; readonly value: Expression }
  | {
      readonly kind: 'if';
      readonly jump: 'JMP_TRUE' | 'JMP_FALSE';
      readonly condition: Expression;
      readonly then: readonly Statement[];
      readonly otherwise: readonly Statement[];
    }
  | { readonly kind: 'loop'; readonly times: number; readonly body: readonly Statement[] }
  | {
      readonly kind: 'write';
      readonly opcode: WriteName;
      readonly pin: number;
      readonly value: Expression;
    }
  | { readonly kind: 'delay'; readonly ms: Expression; readonly guarded: boolean }
  | { readonly kind: 'print'; readonly pieces: readonly PrintPiece[]; readonly surplus: number }
  /** Leaves the function early. */
  | { readonly kind: 'return'; readonly value: Expression }
  /** Pushes so many values and takes them away again: near and over the end of the stack. */
  | { readonly kind: 'pile'; readonly height: number };

/** Literal text, or one conversion and its argument. */
export type PrintPiece =
  | { readonly kind: 'text'; readonly bytes: Uint8Array }
  | {
      readonly kind: 'conversion';
      /** Between `%` and the type; not always right. */
      readonly modifiers: string;
      readonly type: string;
      readonly argument: Expression;
    };

export interface FunctionSyntax {
  readonly parameters: number;
  readonly variables: number;
  readonly body: readonly Statement[];
  /** Undefined: a plain RET. */
  readonly result: Expression | undefined;
}

export interface ProgramSyntax {
  /** Sizes of arrays 0, 1, ... as CREATE_ARRAY gets them. */
  readonly arrays: readonly number[];
  readonly setup: readonly Statement[];
  /** Undefined: the program ends with HALT. */
  readonly loop: readonly Statement[] | undefined;
  readonly functions: readonly FunctionSyntax[];
}

export const UNARY = ['NOT', 'BITWISE_NOT'] as const satisfies readonly OpcodeName[];
export const GUARDABLE = [
  'DIV',
  'MOD',
  'SHIFT_LEFT',
  'SHIFT_RIGHT',
] as const satisfies readonly OpcodeName[];
export const BINARY = [
  'ADD',
  'SUB',
  'MUL',
  ...GUARDABLE,
  'EQ',
  'NE',
  'LT',
  'GT',
  'LE',
  'GE',
  'EQ_SIGNED',
  'NE_SIGNED',
  'LT_SIGNED',
  'GT_SIGNED',
  'LE_SIGNED',
  'GE_SIGNED',
  'AND',
  'OR',
  'BITWISE_AND',
  'BITWISE_OR',
  'BITWISE_XOR',
] as const satisfies readonly OpcodeName[];
export const READS = [
  'DIGITAL_READ',
  'ANALOG_READ',
  'BUTTON_PRESSED',
  'BUTTON_RELEASED',
] as const satisfies readonly OpcodeName[];
export const WRITES = [
  'PIN_MODE',
  'DIGITAL_WRITE',
  'ANALOG_WRITE',
] as const satisfies readonly OpcodeName[];
export type UnaryName = (typeof UNARY)[number];
export type BinaryName = (typeof BINARY)[number];
export type ReadName = (typeof READS)[number];
export type WriteName = (typeof WRITES)[number];
