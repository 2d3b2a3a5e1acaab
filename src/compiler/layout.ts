/** Functions of labels and jumps to one program. */
import type { DebugInfo } from '../image/index.ts';
import type { Instruction } from '../isa/index.ts';
import type { InstructionItem, Item, Label } from './assembly.ts';
import type { Span } from './diagnostics.ts';
import type { NamedRange } from './generate-context.ts';

/** One function, or the code before `setup` or `main`. */
export interface Section {
  readonly name: string;
  readonly items: readonly Item[];
  readonly names: readonly NamedRange[];
}

export interface Layout {
  readonly instructions: Instruction[];
  readonly lines: DebugInfo['lines'];
  readonly functions: DebugInfo['functions'];
  /** Where each instruction comes from. */
  readonly spans: readonly Span[];
}

function pcOf(label: Label): number {
  if (label.pc === undefined) throw new Error('a label that was never bound');
  return label.pc;
}

/** Gives every instruction its index and jumps their targets. */
export function layOut(sections: readonly Section[]): Layout {
  const placed: InstructionItem[] = [];
  const extents = sections.map(({ name, items, names }) => {
    const start = placed.length;
    for (const item of items) {
      if (item.kind === 'label') item.label.pc = placed.length;
      else placed.push(item);
    }
    return { name, start, end: placed.length, names };
  });
  const functions = extents.map(({ names, ...extent }) => ({ ...extent, locals: locals(names) }));
  const instructions = placed.map(({ opcode, flags, immediate }) => {
    return {
      opcode,
      flags,
      immediate: typeof immediate === 'number' ? immediate : pcOf(immediate),
    };
  });
  const spans = placed.map(({ span }) => span);
  return { instructions, lines: lineTable(spans), functions, spans };
}

/** Names of slots, by the instructions in which they hold. One that holds nowhere is left out. */
function locals(names: readonly NamedRange[]): DebugInfo['functions'][number]['locals'] {
  return names
    .map(({ name, slot, start, end }) => ({ name, slot, start: pcOf(start), end: pcOf(end) }))
    .filter(({ start, end }) => start < end);
}

/** An entry for each change of place. */
function lineTable(spans: readonly Span[]): DebugInfo['lines'] {
  const lines: DebugInfo['lines'] = [];
  spans.forEach(({ line, column }, pc) => {
    const last = lines.at(-1);
    if (last?.line !== line || last.column !== column) lines.push({ pc, file: 0, line, column });
  });
  return lines;
}
