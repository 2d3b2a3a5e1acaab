import { basename, join, resolve } from 'node:path';
import { z } from 'zod';
import { HilError } from '../errors/index.ts';
import { CONFIG_FOLDER, configFile } from './board.ts';
import { duration } from './duration.ts';
import { ladderSchema } from './ladder.ts';
import { HIGHEST_BAUD } from './rate.ts';
import { readYamlFile } from './yaml-file.ts';

/** Paths in bench files are relative to the project's root, wherever the command was started. */
const ROOT = resolve(CONFIG_FOLDER, '..');
const pathInProject = z
  .string()
  .min(1)
  .transform((path) => resolve(ROOT, path));

/** The id of a board file. */
const board = z.string().min(1);

/** What is tried when the board no longer answers, in this order; DEFAULT_LADDER when left out. */
const recovery = ladderSchema.optional();

/** The chip's 96-bit unique number, as HELLO and `cockpit-hil doctor` show it; any chip when left out. */
const uid = z
  .string()
  .regex(/^[0-9a-f]{24}$/, 'must be 24 hexadecimal digits in lower case')
  .optional();

/**
 * Time for which the agent's loop may stand still before the chip's watchdog resets the board; it isn't started when left out. A board that
 * answers nothing is noticed within 2.25 s (SILENCE_DETECT_MS) and the probe, which holds the core and with it the watchdog, has
 * looked within 10 s (FORENSICS_MS of src/suite). 30 s is the most that the agent takes.
 */
const watchdog = duration
  .refine((ms) => ms >= 15_000 && ms <= 30_000, 'must be 15s to 30s')
  .optional();

/** Bits per second. LPUART1 on a 170 MHz clock can be no slower than 41,504 (RM0440 38.4.7: fck ≤ 4096 baud). */
const baud = z.coerce.number().int().min(41_504).max(16_000_000);

const nucleoSchema = z.strictObject({
  kind: z.literal('nucleo'),
  board,
  uid,
  serial: z.strictObject({
    /** A device path, or `auto`: the one serial port with the USB id below. */
    port: z.string().min(1),
    /** Vendor and product id in hexadecimal. */
    usb: z.string().regex(/^[0-9a-f]{4}:[0-9a-f]{4}$/, 'must look like 0483:374e'),
    /** Bits per second with which the firmware starts: 115200. */
    baud,
    /** The highest rate that is tried once the board has answered; the same as `baud` for none other. */
    highest: baud.default(HIGHEST_BAUD),
  }),
  probe: z.strictObject({
    /** The ST-LINK's serial number, or `any`. */
    serial: z.string().min(1),
  }),
  /** The ELF to flash; its absolute path once loaded. */
  firmware: pathInProject,
  recovery,
  watchdog,
  power: z
    .strictObject({
      /** A program and its arguments, without a shell, that switches the board's power off and on again. */
      cycle: z.array(z.string()).min(1),
    })
    .optional(),
});

const emulatedSchema = z.strictObject({
  kind: z.literal('emulated'),
  board,
  uid,
  firmware: pathInProject,
  recovery,
});

const nativeSchema = z.strictObject({
  kind: z.literal('native'),
  board,
  /** The agent as a host program; its absolute path once loaded. */
  program: pathInProject,
  recovery,
  /** A serial cable in place of the pseudo terminal, which has no rate: bytes are damaged at rates above what it carries. */
  cable: z
    .strictObject({
      /** Bits per second. */
      carries: baud,
      /** Of the damage. */
      seed: z.coerce.number().int().min(1).max(4_294_967_295).default(1),
      /** The highest rate that is tried. */
      highest: baud.default(HIGHEST_BAUD),
    })
    .optional(),
});

/** What a bench file may say. */
export const benchSchema = z.discriminatedUnion('kind', [
  nucleoSchema,
  emulatedSchema,
  nativeSchema,
]);

/** What a bench file says. */
export type BenchFile = z.output<typeof benchSchema> & {
  /** The file's name without `.yaml`. */
  readonly name: string;
};
export type NucleoBenchFile = Extract<BenchFile, { kind: 'nucleo' }>;
export type EmulatedBenchFile = Extract<BenchFile, { kind: 'emulated' }>;
export type NativeBenchFile = Extract<BenchFile, { kind: 'native' }>;

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Fills `${NAME}` and `${NAME:-default}` in; as in a shell, an empty variable counts as missing for the latter.
 * @throws HilError (usage) when a variable without a default is not set
 */
export function expandVariables(text: string, environment: Environment): string {
  return text.replaceAll(
    /\$\{(\w+)(?::-([^}]*))?\}/g,
    (_whole, name: string, fallback?: string) => {
      const value = environment[name];
      if (value !== undefined && (value !== '' || fallback === undefined)) return value;
      if (fallback !== undefined) return fallback;
      throw new HilError('usage', `environment variable ${name} is not set`, `export ${name}=...`);
    },
  );
}

/** {@link expandVariables} for every string in a parsed YAML file. */
export function expandAll(value: unknown, environment: Environment): unknown {
  if (typeof value === 'string') return expandVariables(value, environment);
  if (Array.isArray(value)) return value.map((item) => expandAll(item, environment));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, expandAll(item, environment)]),
  );
}

/**
 * Loads a bench by name (`emulated`) or by path.
 * @throws HilError (usage): no such bench, or `file:line:` and what is wrong there
 */
export async function loadBench(
  nameOrPath: string,
  folder: string = join(CONFIG_FOLDER, 'benches'),
  environment: Environment = process.env,
): Promise<BenchFile> {
  const file = await configFile('bench', nameOrPath, folder);
  const bench = await readYamlFile(file, benchSchema, (value) => expandAll(value, environment));
  return { ...bench, name: basename(file, '.yaml') };
}
