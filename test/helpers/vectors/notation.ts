import { EFFECT_KINDS, LIMITS, PORTS, STORE_ADDRESSES } from '../../../src/isa/index.ts';
import { placeOf } from './assemble.ts';
import { parseValues } from './values.ts';

const KINDS = {
  TOP: EFFECT_KINDS.TOP,
  STORE: EFFECT_KINDS.STORE,
  INPUT: EFFECT_KINDS.INPUT,
  OUTPUT: EFFECT_KINDS.OUTPUT,
} as const;

const EFFECT = /^(TOP|STORE|INPUT|OUTPUT) (?:(\S+) = )?(\S+)$/;
const ADDRESS = /^([A-Z_]+)(?:\+(\d+)(?::(\d+))?)?$/;

function addressOf(text: string, bases: Readonly<Record<string, number>>): number {
  const [, name = '', id = '0', index] = ADDRESS.exec(text) ?? [];
  const base = bases[name];
  if (base === undefined) throw new Error(`${text} is no address`);
  if (index === undefined) return base + Number(id);
  return base + Number(id) * LIMITS.ARRAY_LENGTH + Number(index);
}

/** The number of a port such as `DIGITAL+5` or `MILLIS`. */
export function parsePort(text: string): number {
  return addressOf(text, PORTS);
}

/** An effect such as `TOP 5`, `STORE ARRAY+1:63 = -1`, `INPUT MILLIS = 0`, without pc, opcode and sp. */
export function parseEffect(text: string): {
  kind: (typeof KINDS)[keyof typeof KINDS];
  address: number;
  value: number;
} {
  const parts = EFFECT.exec(text);
  const kind = KINDS[(parts?.[1] ?? '') as keyof typeof KINDS] as 0 | 1 | 2 | 3 | undefined;
  const address = parts?.[2];
  const [value] = parseValues(parts?.[3] ?? '');
  if (kind === undefined || value === undefined || (kind === 0) !== (address === undefined))
    throw new Error(`"${text}" is no effect`);
  if (address === undefined) return { kind, address: 0, value };
  return {
    kind,
    address: addressOf(address, kind === EFFECT_KINDS.STORE ? STORE_ADDRESSES : PORTS),
    value,
  };
}

/** Call frames; see the schema. */
export function parseFrames(
  texts: readonly string[],
  labels: ReadonlyMap<string, number>,
): [returnPc: number, base: number][] {
  return texts.flatMap((text): [number, number][] => {
    const [place = '', base = ''] = text.split(' ');
    const range = /^(\d+)\.\.(\d+)$/.exec(place);
    if (range === null) return [[placeOf(place, labels), Number(base)]];
    const [from, to] = [Number(range[1]), Number(range[2])];
    return Array.from({ length: to - from + 1 }, (_, n) => [from + n, Number(base)]);
  });
}
