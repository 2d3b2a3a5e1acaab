import { EFFECT_KINDS, opcodeByName, STORE_ADDRESSES, type Effect } from '../isa/index.ts';
import { execute, type Engine } from './engine.ts';
import { clearRecorder } from './recorder.ts';

const STORE_LOCAL = opcodeByName('STORE_LOCAL')?.code;

/**
 * Executes at most one instruction and says what it changed, as docs/wire.md describes effect records.
 * @returns undefined when the engine was halted or faulted already, so that nothing happened
 */
export function stepWithEffect(engine: Engine): Effect | undefined {
  const { pc, recorder } = engine;
  // No program, or pc at its end: there is no instruction, the record says opcode 0.
  const word = engine.code[pc] ?? 0;
  const opcode = word & 0xff;
  clearRecorder(recorder);
  const result = execute(engine, recorder.memory, recorder.io);
  if (result === 'idle') return undefined;

  const { sp, stack } = engine;
  if (result === 'fault') {
    return { pc, opcode, sp, kind: EFFECT_KINDS.ERROR, address: 0, value: engine.error };
  }
  if (opcode === STORE_LOCAL) {
    // Locals live on the operand stack, beyond the memory operations: read back what is there now.
    const slot = engine.frameBase + (word >>> 16);
    const address = STORE_ADDRESSES.LOCAL + slot;
    return { pc, opcode, sp, kind: EFFECT_KINDS.STORE, address, value: stack[slot] ?? 0 };
  }
  const { kind, address, value, text } = recorder.last;
  if (text !== undefined) return { pc, opcode, sp, kind, address, value, text };
  if (kind !== EFFECT_KINDS.TOP) return { pc, opcode, sp, kind, address, value };
  return { pc, opcode, sp, kind, address: 0, value: sp === 0 ? 0 : (stack[sp - 1] ?? 0) };
}
