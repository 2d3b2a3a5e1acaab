import { z } from 'zod';
import { readYamlFile } from '../bench/index.ts';
import { HilError } from '../errors/index.ts';
import { LIMITS, PORTS } from '../isa/index.ts';
import type { InputScript, PortScript } from '../results/index.ts';
import { missingInput, type Inputs } from './known-ports.ts';

/** `port` of an entry that stands for every port not named. */
const OTHER_PORTS = 0xffff;
/** Of one port; the count is a byte. */
export const MOST_VALUES = 255;
const KINDS = { last: 0, repeat: 1, seed: 2 } as const;

const u32 = z.int().min(0).max(0xffff_ffff);

/** Values of one port, at most `most`. */
function portSchema(most: number) {
  const value = z.int().min(0).max(most);
  const values = z.strictObject({
    values: z.array(value).min(1).max(MOST_VALUES),
    /** After the last one: that one for good, or all of them again. */
    then: z.enum(['last', 'repeat']).default('last'),
  });
  const seed = z
    .strictObject({ seed: u32, from: value.default(0), to: value.default(most) })
    .refine(({ from, to }) => from <= to, '`from` must not be above `to`');
  return z.union([values, seed]);
}

/** By number of a pin or button; a YAML key is a text once it is parsed. */
const byNumber = (kind: number, most: number, boards: readonly Inputs[]) =>
  z
    .record(z.string().regex(/^(0|[1-9]\d{0,2})$/, 'must be a number'), portSchema(most))
    .superRefine((entries, context) => {
      for (const number of Object.keys(entries)) {
        const message = missingInput(kind, Number(number), boards);
        if (message !== undefined) context.addIssue({ code: 'custom', path: [number], message });
      }
    })
    .default({});

const fileSchema = (boards: readonly Inputs[]) =>
  z.strictObject({
    /** digitalRead() */
    pins: byNumber(PORTS.DIGITAL, 1, boards),
    /** analogRead() */
    analog: byNumber(PORTS.ANALOG, LIMITS.ANALOG_READ_MAX, boards),
    buttons: byNumber(PORTS.BUTTON, 1, boards),
    /** Seed for every port that isn't named. */
    others: u32.optional(),
  });

type Entries = z.output<ReturnType<typeof byNumber>>;

function portsOf(base: number, entries: Entries): PortScript[] {
  return Object.entries(entries).map(([number, entry]) => {
    const port = base + Number(number);
    return 'values' in entry
      ? { kind: 'values', port, ...entry }
      : { kind: 'seed', port, ...entry };
  });
}

/**
 * Reads a script: `seed:N`, or a file.
 * @param boards have every pin and button that it names
 * @throws HilError (usage) saying what is wrong, and in which line
 */
export async function readScript(given: string, boards: readonly Inputs[]): Promise<InputScript> {
  const seed = /^seed:(\d+)$/.exec(given)?.[1];
  if (seed !== undefined) {
    const others = u32.safeParse(Number(seed));
    if (others.success) return { ports: [], others: others.data };
    throw new HilError('usage', `${given}: a seed is at most 4294967295`, 'give a smaller one');
  }
  if (given.startsWith('seed:'))
    throw new HilError('usage', `${given}: a seed is a whole number`, 'give one, such as seed:7');
  const { pins, analog, buttons, others } = await readYamlFile(given, fileSchema(boards));
  const ports = [
    ...portsOf(PORTS.DIGITAL, pins),
    ...portsOf(PORTS.ANALOG, analog),
    ...portsOf(PORTS.BUTTON, buttons),
  ];
  return { ports, ...(others === undefined ? {} : { others }) };
}

/** A script as the board is given it (docs/wire.md, scripted inputs). */
export function encodeInputScript({ ports, others }: InputScript): Uint8Array {
  const all: PortScript[] = [...ports];
  if (others !== undefined) {
    all.push({ port: OTHER_PORTS, kind: 'seed', seed: others, from: 0, to: 0 });
  }
  return Buffer.concat(all.map(encodePort));
}

function encodePort(script: PortScript): Buffer {
  const head = Buffer.alloc(4);
  head.writeUInt16LE(script.port, 0);
  if (script.kind === 'values') {
    head.writeUInt8(KINDS[script.then], 2);
    head.writeUInt8(script.values.length, 3);
    return Buffer.concat([head, Buffer.from(Uint16Array.from(script.values).buffer)]);
  }
  head.writeUInt8(KINDS.seed, 2);
  const rest = Buffer.alloc(8);
  rest.writeUInt32LE(script.seed, 0);
  rest.writeUInt16LE(script.from, 4);
  rest.writeUInt16LE(script.to, 6);
  return Buffer.concat([head, rest]);
}

/** A number that looks random and follows from a seed, a port and how often it was read: the finaliser of MurmurHash3. */
function mix(seed: number, port: number, count: number): number {
  let h = (seed + Math.imul(port + 1, 0x9e37_79b9) + Math.imul(count, 0x85eb_ca6b)) | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85eb_ca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2_ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** The highest value that a port can have. */
const mostOf = (port: number): number =>
  (port & ~0xff) === PORTS.ANALOG ? LIMITS.ANALOG_READ_MAX : 1;

/** The value of a port's read number `count` (from 0, since load or reset); undefined when it is live. */
export function scriptedValue(
  { ports, others }: InputScript,
  port: number,
  count: number,
): number | undefined {
  const script = ports.find((entry) => entry.port === port);
  if (script?.kind === 'values') {
    const { values, then } = script;
    return values[then === 'repeat' ? count % values.length : Math.min(count, values.length - 1)];
  }
  if (script !== undefined) {
    return script.from + (mix(script.seed, port, count) % (script.to - script.from + 1));
  }
  return others === undefined ? undefined : mix(others, port, count) % (mostOf(port) + 1);
}
