import { InvalidArgumentError } from 'commander';

/** Parses a whole number for an option; u32 because the wire carries no more. */
export function count(text: string): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < 1 || value > 0xffff_ffff) {
    throw new InvalidArgumentError('give a whole number from 1 to 4294967295.');
  }
  return value;
}

/** As {@link count}, or 0. */
export function countOrNone(text: string): number {
  return text === '0' ? 0 : count(text);
}

export function clock(text: string): 'virtual' | 'real' {
  if (text !== 'virtual' && text !== 'real') {
    throw new InvalidArgumentError("give 'virtual' or 'real'.");
  }
  return text;
}

export function mode(text: string): 'digest' | 'trace' | 'free' {
  if (text !== 'digest' && text !== 'trace' && text !== 'free') {
    throw new InvalidArgumentError("give 'digest', 'trace' or 'free'.");
  }
  return text;
}

export function format(text: string): 'text' | 'json' {
  if (text !== 'text' && text !== 'json') {
    throw new InvalidArgumentError("give 'text' or 'json'.");
  }
  return text;
}

/** Parses `2/5`. */
export function shard(text: string): { index: number; of: number } {
  const [, index, of] = (/^(\d{1,4})\/(\d{1,4})$/.exec(text) ?? []).map(Number);
  if (index === undefined || of === undefined || index < 1 || index > of) {
    throw new InvalidArgumentError('give a part and how many there are, such as 2/5.');
  }
  return { index, of };
}

/** Collects the values of an option that may be repeated. */
export const several = (value: string, before: readonly string[]): readonly string[] => [
  ...before,
  value,
];
