import { z } from 'zod';
import { errorText, HilError } from '../errors/index.ts';
import { decodeBytes } from './base64.ts';
import { decodeCheckpoint, decodeFullCheckpoint } from './digest.ts';
import { hex, u32, vmId } from './values.ts';

const bytes = z.string().transform((field, context) => {
  const decoded = decodeBytes(field);
  if (decoded !== undefined) return decoded;
  context.addIssue({ code: 'custom', message: 'not base64' });
  return z.NEVER;
});

/** The version of docs/wire.md that this host speaks. */
export const PROTOCOL_VERSION = 4;

/** What the agent says it is. Sizes are in bytes, hexadecimal in lower case. */
export const helloSchema = z.object({
  proto: u32,
  /** Git hash of the firmware's sources, `-dirty` after it when they were changed, or `unknown`. */
  fw: z.string(),
  build: z.enum(['release', 'harness']),
  /** Where the VM's hot code is executed from, in a build that copies it to CCM SRAM. */
  hot: z.literal('ccm').optional(),
  /** `none`, or the name of the defect compiled in on purpose. */
  defect: z.string(),
  isa: hex(8).transform((text) => Number.parseInt(text, 16)),
  /** Build id of the ELF, 40 digits. */
  elf: hex(40),
  board: z.string(),
  /** 96-bit unique id of the chip, 24 digits. */
  uid: hex(24),
  /** Core clock in Hz. */
  clock: u32,
  line: u32,
  /** Room for one uploaded image. */
  arena: u32,
  /** Trace chunks kept for each VM. */
  chunks: u32,
  vms: u32,
  /** Memory of one VM. */
  vmbytes: u32,
  /** Most steps of an epoch of a digest run when one VM runs; 0 in a build that can't trace. */
  epoch: u32,
  /** Whether this build can trace. */
  traced: z.enum(['0', '1']).transform((text) => text === '1'),
  /** Whether analog inputs can be read; an emulated board has no converter, and reading one is fault 9. */
  adc: z.enum(['0', '1']).transform((text) => text === '1'),
  /** Room for the input script of one VM; left out by an agent that serves none. */
  script: u32.prefault('0'),
  /** The greatest rate of the line that RATE takes, bits per second; 0 on a line without a rate. */
  rate: u32.prefault('0'),
});
export type Hello = z.output<typeof helloSchema>;

/** The one value that every version of the protocol has, to be judged before the others are read. */
export const versionSchema = helloSchema.pick({ proto: true });

const stopReason = z.enum(['none', 'steps', 'loops', 'halted', 'fault', 'stopped']);

/** Why a run ended; `none` while it hasn't. */
export type StopReason = z.output<typeof stopReason>;

/** State of one VM. Steps and rounds count modulo 2^32. */
export const statusSchema = z.object({
  state: z.enum(['empty', 'loaded', 'running', 'waiting', 'done']),
  reason: stopReason,
  /** Executed since load or reset. */
  steps: u32,
  /** Rounds of loop() begun since load or reset. */
  rounds: u32,
  pc: u32,
  /** Values in the whole operand stack. */
  sp: u32,
  /** Call frames in use. */
  depth: u32,
  /** VM error code. */
  error: u32,
  /** Every step, or epoch of a digest run, below this one was sent; falls back when some are to be sent again. */
  sent: u32,
  /** Damaged frames that the board received. */
  badframes: u32,
  /** The board's clock, microseconds modulo 2^32. */
  us: u32,
});
export type Status = z.output<typeof statusSchema>;

export const commitSchema = z.object({ instructions: u32, strings: u32 });
export type Commit = z.output<typeof commitSchema>;

export const dataSchema = z.object({ next: u32 });

export const rateSchema = z.object({
  /** What the board makes of the rate, bits per second, and how far that is off in millionths. */
  baud: u32,
  ppm: u32,
  /** After so many milliseconds without a whole request it is at its first rate again. */
  back: u32,
});
export type Rate = z.output<typeof rateSchema>;

/** Codes of a refusal. */
export const REFUSAL_CODES = [
  'bad-request',
  'bad-vm',
  'bad-image',
  'no-room',
  'busy',
  'unsupported',
] as const;
export type RefusalCode = (typeof REFUSAL_CODES)[number];

const refusalSchema = z
  .tuple([z.enum(REFUSAL_CODES), z.string()])
  .transform(([code, detail]) => ({ code, detail: detail.replaceAll('_', ' ') }));

const traceSchema = z
  .tuple([z.literal('TRACE'), vmId, u32, u32, u32, bytes])
  .transform(([, vm, first, count, us, records]) => ({
    event: 'TRACE' as const,
    vm,
    first,
    count,
    us,
    records,
  }));
const doneSchema = z
  .tuple([z.literal('DONE'), vmId, stopReason, u32, u32, u32])
  .transform(([, vm, reason, steps, pc, error]) => ({
    event: 'DONE' as const,
    vm,
    reason,
    steps,
    pc,
    error,
  }));
const inputsSchema = z
  .tuple([z.literal('INPUTS'), vmId, u32, u32, u32, u32, bytes])
  .transform(([, vm, epoch, first, count, us, records]) => ({
    event: 'INPUTS' as const,
    vm,
    epoch,
    first,
    count,
    us,
    records,
  }));
const checkpoint = bytes.transform((raw, context) => {
  const decoded = decodeCheckpoint(raw);
  if (decoded !== undefined) return decoded;
  context.addIssue({ code: 'custom', message: `${raw.length} bytes are no checkpoint` });
  return z.NEVER;
});
const checkSchema = z
  .tuple([z.literal('CHECK'), vmId, checkpoint])
  .transform(([, vm, content]) => ({ event: 'CHECK' as const, vm, ...content }));
const fullCheckpoint = bytes.transform((raw, context) => {
  const decoded = decodeFullCheckpoint(raw);
  if (decoded !== undefined) return decoded;
  context.addIssue({
    code: 'custom',
    message: `${raw.length} bytes are no checkpoint of a full epoch`,
  });
  return z.NEVER;
});
const fullSchema = z
  .tuple([z.literal('F'), vmId, fullCheckpoint])
  .transform(([, vm, content]) => ({ event: 'FULL' as const, vm, ...content }));
const eventSchemas = {
  TRACE: traceSchema,
  INPUTS: inputsSchema,
  CHECK: checkSchema,
  F: fullSchema,
  DONE: doneSchema,
} as const;
const eventName = z.enum(['TRACE', 'INPUTS', 'CHECK', 'F', 'DONE']);

/**
 * What a board says unasked: a chunk of effects or inputs (`us`: board clock at its first record), the checkpoint of an epoch, or
 * the end of a run.
 */
export type WireEvent = z.output<(typeof eventSchemas)[keyof typeof eventSchemas]>;

function firmwareError(what: string, fields: readonly string[], detail: string): HilError {
  return new HilError(
    'firmware',
    `the board's ${what} ${JSON.stringify(fields.join(' '))} is malformed: ${detail}`,
    'flash the firmware built from this checkout',
  );
}

function check<S extends z.ZodType>(
  what: string,
  fields: readonly string[],
  schema: S,
  input: unknown,
): z.output<S> {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const path = issue?.path.join('.') ?? '';
  const detail = issue?.message ?? errorText(result.error);
  throw firmwareError(what, fields, path === '' ? detail : `${path}: ${detail}`);
}

/**
 * The values of a reply of `key=value` fields.
 * @param what completes "the board's … is malformed"
 * @param leadingOk whether the first field must be `ok`
 * @throws HilError (firmware) naming the field at fault
 */
export function decodeValues<S extends z.ZodType>(
  what: string,
  schema: S,
  fields: readonly string[],
  leadingOk = true,
): z.output<S> {
  if (leadingOk) expectOk(what, fields);
  const values = new Map<string, string>();
  for (const field of leadingOk ? fields.slice(1) : fields) {
    const equals = field.indexOf('=');
    const key = field.slice(0, equals);
    if (equals < 1) throw firmwareError(what, fields, `${field} is not key=value`);
    if (values.has(key)) throw firmwareError(what, fields, `${key} occurs twice`);
    values.set(key, field.slice(equals + 1));
  }
  return check(what, fields, schema, Object.fromEntries(values));
}

/** @throws HilError (firmware) when the first field of a reply is not `ok` */
export function expectOk(what: string, fields: readonly string[]): void {
  if (fields[0] !== 'ok') throw firmwareError(what, fields, 'it does not begin with ok');
}

/** The bytes of a reply of one base64 field. @throws HilError (firmware) */
export function decodeBytesReply(what: string, fields: readonly string[]): Uint8Array {
  return check(what, fields, z.tuple([bytes]), fields)[0];
}

/** An event frame's content. @throws HilError (firmware) */
export function decodeEvent(fields: readonly string[]): WireEvent {
  const name = check('event', fields, eventName, fields[0]);
  return check('event', fields, eventSchemas[name], fields);
}

/** A refusal's code and its detail in plain words. @throws HilError (firmware) */
export function decodeRefusal(fields: readonly string[]): {
  readonly code: RefusalCode;
  readonly detail: string;
} {
  return check('refusal', fields, refusalSchema, fields);
}
