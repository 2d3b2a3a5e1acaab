/** One instruction, decoded. */
export interface Instruction {
  /** 0..255; need not be a known one. */
  readonly opcode: number;
  /** 0..255. */
  readonly flags: number;
  /** 0..65535. */
  readonly immediate: number;
}
