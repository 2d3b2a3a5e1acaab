import { functionAt, localsAt, type LocalName, type Program } from '../image/index.ts';
import type { VmView } from './model-replay.ts';

/** A named local of a function that is running. */
export interface LocalCell {
  readonly name: string;
  /** Function it belongs to. */
  readonly function: string;
  /** Call frames outside of this one: the innermost has the largest number, 0 is outside every call. */
  readonly frame: number;
  /** Offset from the frame base. */
  readonly offset: number;
  /** Place on the operand stack, from the bottom. */
  readonly slot: number;
}

const FRAME_BYTES = 8;

/** Call frames of a view as {return pc, frame base}, the oldest first. */
function framesOf({ memory }: VmView): { readonly returnPc: number; readonly base: number }[] {
  const { frames } = memory;
  const view = new DataView(frames.buffer, frames.byteOffset, frames.byteLength);
  return Array.from({ length: Math.floor(frames.byteLength / FRAME_BYTES) }, (_, index) => ({
    returnPc: view.getUint32(FRAME_BYTES * index, true),
    base: view.getUint32(FRAME_BYTES * index + 4, true),
  }));
}

/** The names of the slots at some instructions of one function; where two have different names for a slot, the first one's. */
function namesAtAny(program: Program, pcs: readonly number[]): readonly LocalName[] {
  const bySlot = new Map<number, LocalName>();
  for (const local of pcs.flatMap((pc) => localsAt(program, pc))) {
    if (!bySlot.has(local.slot)) bySlot.set(local.slot, local);
  }
  return [...bySlot.values()];
}

/**
 * The locals that are in scope and have room on the stack, innermost function first.
 * @param pcs instructions whose scopes count in the innermost function, at least one
 */
export function localsInScope(program: Program, view: VmView, pcs: readonly number[]): LocalCell[] {
  const frames = framesOf(view);
  const found: LocalCell[] = [];
  let at = pcs;
  let end = view.sp;
  for (let frame = frames.length; frame >= 0; frame -= 1) {
    const { returnPc, base } = frames[frame - 1] ?? { returnPc: 0, base: 0 };
    const owner = functionAt(program.debug, at[0] ?? 0)?.name ?? '';
    for (const { name, slot: offset } of namesAtAny(program, at)) {
      const slot = base + offset;
      if (slot < end) found.push({ name, function: owner, frame, offset, slot });
    }
    end = base;
    // The CALL is the instruction before the one it returns to.
    at = [returnPc - 1];
  }
  return found;
}
