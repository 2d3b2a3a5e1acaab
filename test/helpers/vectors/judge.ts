import type { Effect } from '../../../src/isa/index.ts';
import type { Situation, Vector } from './vectors.ts';

/** What an executor saw of a case. */
export interface Observation {
  /** Every step from the first on. */
  readonly effects: readonly Effect[];
  readonly after: Situation;
}

/** An effect as text that shows every field. */
function effectText(effect: Effect | undefined): string {
  if (effect === undefined) return 'no step';
  const { pc, opcode, sp, kind, address, value, text } = effect;
  const bytes =
    text === undefined ? '' : ` ${JSON.stringify(Buffer.from(text).toString('latin1'))}`;
  return `pc ${pc} opcode ${opcode} sp ${sp} kind ${kind} address ${address} value ${value}${bytes}`;
}

/**
 * The differences between what a case demands and what was seen, one line each; none when it passed. Everything is compared:
 * what a case doesn't name must be 0, inactive or absent.
 */
export function judge(vector: Vector, seen: Observation): string[] {
  const differences: string[] = [];
  const compare = (what: string, expected: unknown, actual: unknown): void => {
    const [want, got] = [JSON.stringify(expected), JSON.stringify(actual)];
    if (want !== got) differences.push(`${what}: expected ${want}, is ${got}`);
  };
  for (const [step, effect] of vector.effects)
    compare(`step ${step}`, effectText(effect), effectText(seen.effects[step]));
  compare('number of steps', vector.steps, seen.effects.length);
  const { after } = vector;
  const scalars = ['pc', 'error', 'halted', 'executed'] as const;
  for (const field of scalars) compare(field, after[field], seen.after[field]);
  compare('stack', after.stack, seen.after.stack);
  compare('frames', after.frames, seen.after.frames);
  for (const field of ['globals', 'arrays'] as const)
    for (const [id, cell] of after[field].entries())
      compare(`${field} ${id}`, cell, seen.after[field][id]);
  if (seen.after.strays !== undefined) compare('cells outside arrays', 0, seen.after.strays);
  return differences;
}
