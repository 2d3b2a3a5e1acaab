import type { EffectKind } from './limits.ts';

/** What one executed step changed. Both engines emit the same effects; docs/wire.md gives their encoding. */
export interface Effect {
  /** Index of the instruction executed, 0..65535; the number of instructions when the step faulted at the program's end. */
  readonly pc: number;
  /** Its opcode, 0..255; need not be a known one when the step faulted. */
  readonly opcode: number;
  /** Values in the whole operand stack after the step, 0..128. */
  readonly sp: number;
  /** One of {@link EFFECT_KINDS}. */
  readonly kind: EffectKind;
  /** STORE: one of {@link STORE_ADDRESSES} plus an index. INPUT, OUTPUT, PRINT: one of {@link PORTS} plus a pin or button id. Else 0. */
  readonly address: number;
  /**
   * int32. TOP: the top of the operand stack after the step, 0 when the whole stack is empty. STORE, INPUT, OUTPUT: the value
   * written or read (MILLIS and MICROS: the u32 seen as int32). ERROR: the error code. PRINT: 0.
   */
  readonly value: number;
  /** The bytes printed, at most 255, without a terminator; present exactly when kind is PRINT. */
  readonly text?: Uint8Array;
}
