import { opcodeByCode, PUSH_FLAGS } from '../isa/index.ts';
import { OPCODE } from './opcode-names.ts';

/** Values that an instruction takes from the operand stack, and values that it leaves there. */
export interface StackEffect {
  readonly pops: number;
  readonly pushes: number;
}

/**
 * The stack effect of an instruction with legal flags. CALL is shown without the callee's result, RET without the end of
 * the frame.
 */
export function stackEffect(opcode: number, flags: number): StackEffect {
  if (opcode === OPCODE.CALL) return { pops: flags, pushes: 0 };
  if (opcode === OPCODE.RET) return { pops: flags, pushes: 0 };
  if (opcode === OPCODE.PUSH && flags === PUSH_FLAGS.WIDE) return { pops: 1, pushes: 1 };
  const row = opcodeByCode(opcode);
  if (row === undefined) return { pops: 0, pushes: 0 };
  const pops = row.flags.kind === 'count' ? flags : row.before.length;
  return { pops, pushes: row.after.length };
}
