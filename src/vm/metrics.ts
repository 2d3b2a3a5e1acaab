import { OPCODES } from '../isa/index.ts';
import type { Engine } from './engine.ts';

/** What an engine did since load or reset. Faulting instructions are not counted. */
export interface ExecutionMetrics {
  readonly totalInstructions: number;
  /** Opcodes 0x50-0x5F. */
  readonly memoryOperations: number;
  /** Opcodes 0x10-0x1F. */
  readonly ioOperations: number;
  /** Opcodes 0x30-0x3F, CALL and RET. */
  readonly controlFlow: number;
  /** Largest number of values on the whole operand stack after an instruction. */
  readonly maxStackDepth: number;
}

export function executionMetrics(engine: Engine): ExecutionMetrics {
  const count = (belongs: (opcode: (typeof OPCODES)[number]) => boolean): number =>
    OPCODES.filter(belongs).reduce(
      (sum, { code }) => sum + (engine.executedByOpcode[code] ?? 0),
      0,
    );
  return {
    totalInstructions: engine.executed,
    memoryOperations: count(({ code }) => code >> 4 === 0x5),
    ioOperations: count(({ code }) => code >> 4 === 0x1),
    controlFlow: count(({ code, name }) => code >> 4 === 0x3 || name === 'CALL' || name === 'RET'),
    maxStackDepth: engine.maxStackDepth,
  };
}
