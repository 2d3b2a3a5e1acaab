import type { OpcodeName } from '../../../src/isa/index.ts';
import type { Differs, Edit, Moment, Mutant, MutantClass, Sight, Spoil } from '../types.ts';

/** The steps that execute one of the opcodes without a fault and fulfil a condition. */
export function executing(
  ops: OpcodeName | readonly OpcodeName[],
  condition: Differs = () => true,
): Sight {
  const names = new Set<string>(typeof ops === 'string' ? [ops] : ops);
  return stepWhere((moment) => moment.fault === 0 && names.has(moment.op) && condition(moment));
}

/** The steps in which one of the opcodes ends in this fault and a condition is fulfilled. */
export function faulting(
  ops: OpcodeName | readonly OpcodeName[],
  fault: number,
  condition: Differs = () => true,
): Sight {
  const names = new Set<string>(typeof ops === 'string' ? [ops] : ops);
  return stepWhere((moment) => moment.fault === fault && names.has(moment.op) && condition(moment));
}

/** The steps that fulfil a condition. */
export function stepWhere(condition: Differs): Sight {
  return { kind: 'step', differs: () => condition };
}

/**
 * A binary instruction that gives another result.
 * @param result what the mutant gives, modulo 2^32
 */
export function resulting(
  op: OpcodeName,
  right: (a: number, b: number) => number | boolean,
  wrong: (a: number, b: number) => number | boolean,
): Sight {
  return executing(op, ({ a, b }) => (Number(right(a, b)) | 0) !== (Number(wrong(a, b)) | 0));
}

/** What each execution of an opcode without a fault leaves wrong, beside its effect. */
export function leaving(op: OpcodeName, spoil: Spoil): Sight {
  return {
    kind: 'hidden',
    spoil: () => (machine, moment) => {
      if (moment.op === op && moment.fault === 0) spoil(machine, moment);
    },
  };
}

/** Declared length of the array that an instruction names; 0 when it is not active. */
export function lengthOf({ machine, immediate }: Moment): number {
  return machine.context.arrayLengths[immediate] ?? 0;
}

/** A mutant with one edit. */
export function mutant(
  id: string,
  kind: MutantClass,
  file: string,
  find: string,
  replace: string,
  sight: Sight,
  nth?: number,
): Mutant {
  const edit: Edit = nth === undefined ? { find, replace } : { find, replace, nth };
  return { id, class: kind, file, edits: [edit], sight };
}
