import { z } from 'zod';
import { duration } from '../bench/index.ts';
import { CAUSE_CLASSES } from '../errors/index.ts';
import { VM_ERRORS, type VmErrorName } from '../isa/index.ts';
import { NEEDS, type Need } from './needs.ts';

/** A word of a case's id; `/` separates them. */
const word = z.string().regex(/^[\w.-]+$/, 'must be letters, digits, `_`, `-` or `.`');
const path = z.string().min(1);
const count = z.int().min(1).max(0xffff_ffff);
const vmName = z.enum(['sos', 'audio', 'display', 'debug']);
/** `LED_BUILTIN`, `D13`, `13`. */
const pinName = z.union([z.string().min(1), z.int().min(0)]).transform(String);

const errorNames = Object.keys(VM_ERRORS).filter((name) => name !== 'NONE') as VmErrorName[];
const needNames = Object.keys(NEEDS) as Need[];

/** Firmware of a case's own, by kind of bench; a bench of another kind can't run the case. */
const firmware = z.strictObject({
  nucleo: path.optional(),
  emulated: path.optional(),
  native: path.optional(),
});

/** How a case is run; each may stand under `defaults` too. */
const settings = {
  tags: z.array(word).optional(),
  /** Every mode makes a case of its own. */
  modes: z
    .array(z.enum(['digest', 'trace', 'free']))
    .min(1)
    .optional(),
  clock: z.enum(['virtual', 'real']).optional(),
  /** Most steps of each program. */
  steps: count.optional(),
  /** Rounds of loop(), or `sketch`: as many as its `// rounds:` comment says. */
  loops: z
    .union([count, z.literal('sketch')], { error: 'must be a number of rounds, or `sketch`' })
    .optional(),
  /** How often it is run, each a case of its own. */
  repeat: z.int().min(1).max(1000).optional(),
  /** Time that one attempt may take. */
  limit: duration.optional(),
  /** Attempts after the first, of a case that may be a flake. */
  retries: z.int().min(0).max(10).optional(),
  /** Runs within an attempt to tell a steady fault from a passing one. */
  reruns: z.int().min(0).max(100).optional(),
  needs: z.array(z.enum(needNames)).optional(),
  firmware: firmware.optional(),
};

/** A text that a program prints; one of the four ways to say it. */
const output = z
  .strictObject({
    /** Which program's; left out: the only one's, or SOS's. */
    vm: vmName.optional(),
    exact: z.string().optional(),
    contains: z.array(z.string().min(1)).min(1).optional(),
    /** A file that holds the whole text. */
    file: path.optional(),
    /** The lines of the sketch's `// expect:` comments. */
    sketch: z.literal(true).optional(),
  })
  .superRefine(({ exact, contains, file, sketch }, context) => {
    const ways = [exact, contains, file, sketch].filter((way) => way !== undefined);
    if (ways.length === 1) return;
    context.addIssue({ code: 'custom', message: 'give one of exact, contains, file and sketch' });
  });

const pin = z
  .strictObject({
    pin: pinName,
    edges: z.int().min(0).optional(),
    /** Level at the end. */
    level: z.enum(['high', 'low']).optional(),
  })
  .refine(
    ({ edges, level }) => edges !== undefined || level !== undefined,
    'give edges, level or both',
  );

const timing = z.strictObject({
  pin: pinName,
  /** Left out: both. */
  level: z.enum(['high', 'low']).optional(),
  /** Length of every interval, seen from outside the board; left out: what the program's own delays add up to. */
  interval: duration.optional(),
  /** How far each may be off: a time, or a part of the interval. */
  tolerance: z.string().regex(/^\d+(\.\d+)?(ms|s|%)$/, 'must be a time or a percentage, 5ms or 2%'),
});

const expectations = z
  .strictObject({
    /** VM error that the programs must end with, on board and model alike. */
    error: z.enum(errorNames).optional(),
    /** A planted fault, that must be found. */
    fails: z
      .strictObject({
        causes: z.array(z.enum(CAUSE_CLASSES)).min(1),
        /** Mnemonic of the instruction that is found wrong. */
        instruction: z.string().min(1).optional(),
      })
      .optional(),
    output: z.array(output).optional(),
    pins: z.array(pin).optional(),
    timing: z.array(timing).optional(),
  })
  .refine(
    ({ error, fails }) => error === undefined || fails === undefined,
    'give error or fails, not both',
  );

const caseSchema = z
  .strictObject({
    id: word,
    /** A sketch or an image, for VM SOS. */
    program: path.optional(),
    /** A file for each VM. */
    vms: z
      .strictObject({
        sos: path.optional(),
        audio: path.optional(),
        display: path.optional(),
        debug: path.optional(),
      })
      .optional(),
    /** Glob patterns; every program found makes a case of its own. */
    programs: z.array(path).min(1).optional(),
    /** As `--inputs` takes it: a file, seed:N or record:FILE. */
    inputs: z.string().min(1).optional(),
    /** Each makes a case of its own, with the inputs `seed:N`. */
    seeds: z.array(z.int().min(0).max(0xffff_ffff)).min(1).optional(),
    ...settings,
    expect: expectations.optional(),
  })
  .superRefine(({ program, programs, vms, inputs, seeds }, context) => {
    const sources = [program, programs, vms].filter((source) => source !== undefined);
    if (sources.length !== 1) {
      context.addIssue({ code: 'custom', message: 'give one of program, vms and programs' });
    }
    if (vms !== undefined && Object.keys(vms).length === 0) {
      context.addIssue({ code: 'custom', path: ['vms'], message: 'names no program' });
    }
    if (inputs === undefined || seeds === undefined) return;
    context.addIssue({ code: 'custom', message: 'give inputs or seeds, not both' });
  });

const quarantine = z.strictObject({
  /** Pattern of case ids. */
  case: z.string().min(1),
  issue: z.string().min(1),
  owner: z.string().min(1),
  /** Last day on which it holds. */
  expires: z.iso.date('must be a day such as 2026-12-31'),
  reason: z.string().optional(),
});

/** A suite file. Paths are relative to the project's root; `*` and `**` in patterns are those of a shell. */
export const suiteSchema = z.strictObject({
  description: z.string().optional(),
  defaults: z.strictObject(settings).prefault({}),
  cases: z.array(caseSchema).min(1),
  quarantine: z.array(quarantine).default([]),
  /** Oldest validation of its board, in days, with which a bench is used; left out: none is asked for. */
  'validated-within': z.int().min(1).max(3650).optional(),
});

export type SuiteFile = z.output<typeof suiteSchema>;
export type CaseEntry = SuiteFile['cases'][number];
export type Quarantine = SuiteFile['quarantine'][number];
export type Expect = NonNullable<CaseEntry['expect']>;
export type OutputExpectation = NonNullable<Expect['output']>[number];
export type PinExpectation = NonNullable<Expect['pins']>[number];
export type TimingExpectation = NonNullable<Expect['timing']>[number];
export type FirmwareByKind = z.output<typeof firmware>;
