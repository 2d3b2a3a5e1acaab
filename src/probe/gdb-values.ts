import { z } from 'zod';
import type { MiTuple } from './mi-parser.ts';
import { ProbeError } from './probe-error.ts';

const frameSchema = z.object({
  level: z.coerce.number().default(0),
  addr: z.string(),
  func: z.string().default('??'),
  file: z.string().optional(),
  line: z.coerce.number().optional(),
});

const breakpointSchema = z.object({ number: z.coerce.number(), addr: z.string() });
const namesSchema = z.object({ 'register-names': z.array(z.string()) });
const valuesSchema = z.object({
  'register-values': z.array(z.object({ number: z.coerce.number(), value: z.string() })),
});

/** One frame of a backtrace. */
export interface Frame {
  /** 0 is the innermost. */
  readonly level: number;
  /** `??` where there is no symbol. */
  readonly func: string;
  readonly file: string | undefined;
  readonly line: number | undefined;
  readonly address: number;
}

/** A value as GDB prints it. */
export interface Value {
  readonly text: string;
  /** Set when the value is one number that a double holds exactly, or a floating-point number. */
  readonly number: number | undefined;
}

/** Why and where the core stopped. */
export interface Stop {
  /** GDB's reason: `breakpoint-hit`, `end-stepping-range`, `signal-received`, …; '' when it gives none. */
  readonly reason: string;
  readonly breakpoint: number | undefined;
  readonly frame: Frame | undefined;
}

/** A hardware breakpoint. */
export interface Breakpoint {
  readonly number: number;
  readonly address: number;
}

function toFrame(value: unknown): Frame | undefined {
  const parsed = frameSchema.safeParse(value);
  if (!parsed.success) return undefined;
  const { level, addr, func, file, line } = parsed.data;
  return { level, func, file, line, address: Number(addr) };
}

/** Reads GDB's text of a value: `42`, `65 'A'`, `0x20000020 <counter>`, `2.5`, `true`; anything else has no number. */
export function toValue(text: string): Value {
  const match = /^(-?(?:0x[0-9a-f]+|\d+(?:\.\d+)?(?:e[+-]?\d+)?))(?: ['<].*)?$/i.exec(text);
  const digits = match?.[1];
  if (digits === undefined) return { text, number: undefined };
  const number = Number(digits);
  const exact = Number.isSafeInteger(number) || /[.e]/i.test(digits.replace(/^-?0x.*/i, ''));
  return { text, number: exact ? number : undefined };
}

/** Reads the fields of a `*stopped` record. */
export function toStop(values: MiTuple): Stop {
  return {
    reason: typeof values.reason === 'string' ? values.reason : '',
    breakpoint: typeof values.bkptno === 'string' ? Number(values.bkptno) : undefined,
    frame: toFrame(values.frame),
  };
}

/** The error for an answer of a shape GDB does not document. */
export function misread(what: string, values: unknown): ProbeError {
  return new ProbeError('rig', `GDB answered ${what} with ${JSON.stringify(values)}`, '', []);
}

/** Reads the `bkpt` of `-break-insert`. */
export function toBreakpoint(bkpt: unknown): Breakpoint {
  const parsed = breakpointSchema.safeParse(bkpt);
  if (!parsed.success) throw misread('-break-insert', bkpt);
  return { number: parsed.data.number, address: Number(parsed.data.addr) };
}

/** Reads the `stack` of `-stack-list-frames`. */
export function toFrames(stack: unknown): readonly Frame[] {
  if (!Array.isArray(stack)) throw misread('-stack-list-frames', stack);
  return stack.map((entry: unknown) => {
    const frame = toFrame(entry);
    if (frame === undefined) throw misread('-stack-list-frames', entry);
    return frame;
  });
}

/**
 * Joins `-data-list-register-names` and `-data-list-register-values x`. Numbers without a name and the FPU's data
 * registers (s0…, d0…) are left out.
 */
export function toRegisters(names: unknown, values: unknown): ReadonlyMap<string, number> {
  const parsedNames = namesSchema.safeParse(names);
  const parsedValues = valuesSchema.safeParse(values);
  if (!parsedNames.success) throw misread('-data-list-register-names', names);
  if (!parsedValues.success) throw misread('-data-list-register-values', values);
  const registers = new Map<string, number>();
  for (const { number, value } of parsedValues.data['register-values']) {
    const name = parsedNames.data['register-names'][number] ?? '';
    if (name === '' || /^[sd]\d+$/.test(name) || !/^0x[0-9a-f]{1,8}$/.test(value)) continue;
    registers.set(name, Number(value));
  }
  return registers;
}
