import { disassemble, EFFECT_KINDS, errorName, type Effect } from '../isa/index.ts';
import { namesAt, type Program } from '../image/index.ts';
import type { Divergence } from './compare.ts';

const KIND_NAMES = new Map<number, string>(
  Object.entries(EFFECT_KINDS).map(([name, kind]) => [kind, name]),
);

function effectLine(effect: Effect | undefined): string {
  if (effect === undefined) return 'no further step';
  const { pc, opcode, sp, kind, address, value, text } = effect;
  const name = KIND_NAMES.get(kind) ?? `kind ${kind}`;
  const what =
    text !== undefined
      ? JSON.stringify(Buffer.from(text).toString('latin1'))
      : kind === EFFECT_KINDS.ERROR
        ? errorName(value)
        : String(value);
  const where = address === 0 ? '' : ` at 0x${address.toString(16)}`;
  return `pc ${pc}, opcode 0x${opcode.toString(16).padStart(2, '0')}, sp ${sp}, ${name}${where} ${what}`;
}

/** What differs, for a person. */
export function divergenceLines(divergence: Divergence): string[] {
  switch (divergence.kind) {
    case 'effect':
      return [
        `step ${divergence.step} differs`,
        `  model  ${effectLine(divergence.model)}`,
        `  native ${effectLine(divergence.native)}`,
      ];
    case 'end':
      return [
        `every step agrees, but after ${divergence.after} the ${divergence.field} differs`,
        `  model  ${divergence.model}`,
        `  native ${divergence.native}`,
      ];
    case 'refused':
      return [`the native loader refuses the image: ${divergence.reason}`];
    case 'crash':
      return [
        `the native engine: ${divergence.message}`,
        ...divergence.report
          .split('\n')
          .filter((line) => /ERROR:|runtime error|SUMMARY/.test(line))
          .map((line) => `  ${line.trim()}`),
      ];
  }
}

/** Every instruction of a program with its index. */
export function listing(program: Program): string[] {
  return program.instructions.map(
    (instruction, pc) =>
      `${String(pc).padStart(5)}  ${disassemble(instruction, namesAt(program, pc))}`,
  );
}
