import { LIMITS } from '../isa/index.ts';
import { clearMemory, createMemoryContext, type VMMemoryContext } from './memory.ts';

/** The contexts of VMs 0..3 (SOS, AUDIO, DISPLAY, DEBUG); each can be taken once at a time. */
export interface MemoryPool {
  /** The zeroed context of a VM; undefined when the id is not 0..3 or the context is taken. */
  acquire: (id: number) => VMMemoryContext | undefined;
  /** Zeroes a context and gives it back. A bad id, or one that isn't taken, is ignored. */
  release: (id: number) => void;
}

export function createMemoryPool(): MemoryPool {
  const slots = Array.from({ length: LIMITS.POOL_SIZE }, () => ({
    context: createMemoryContext(),
    taken: false,
  }));
  return {
    acquire: (id) => {
      const slot = slots[id];
      if (slot === undefined || slot.taken) return undefined;
      slot.taken = true;
      clearMemory(slot.context);
      return slot.context;
    },
    release: (id) => {
      const slot = slots[id];
      if (slot === undefined) return;
      clearMemory(slot.context);
      slot.taken = false;
    },
  };
}
