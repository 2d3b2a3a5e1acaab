import { z } from 'zod';
import { causeClass } from './divergence.ts';
import { footprintSchema } from './environment.ts';
import { lineRateSchema, runRecordSchema, verdictSchema } from './run-record.ts';

/** Version of the record's shape; a reader refuses another. */
export const NIGHTLY_RECORD_VERSION = 1;

/** What became of a case, or of a whole nightly. */
const outcome = z.enum(['passed', 'failed', 'flaky', 'errored', 'quarantined', 'skipped']);

/** The rungs of the recovery ladder, in the order of what they take for granted. */
export const RECOVERY_RUNGS = [
  'reconnect',
  'agent-reset',
  'sysresetreq',
  'nrst',
  'connect-under-reset',
  'reflash',
  'power-cycle',
] as const;
export const recoveryRung = z.enum(RECOVERY_RUNGS);

/** One try to bring a board back. It counts when the right agent has said HELLO afterwards. */
const rungResult = z.strictObject({
  rung: recoveryRung,
  ok: z.boolean(),
  ms: z.number().min(0),
  /** The time it was given. */
  limitMs: z.number().min(0),
  /** What came of it, in words. */
  detail: z.string(),
});

/** A climb of the ladder. */
const recovery = z.strictObject({
  bench: z.string(),
  startedAt: z.iso.datetime(),
  /** What was wrong with the board. */
  why: z.string(),
  /** The case after which it was needed; absent when that was before the first. */
  case: z.string().optional(),
  rungs: z.array(rungResult),
  recovered: z.boolean(),
  ms: z.number().min(0),
});

/** Something that a suite file asks for beyond agreement of board and model. */
const expectation = z.strictObject({
  /** `output`, `error`, `pin LED_BUILTIN edges`, … */
  what: z.string(),
  expected: z.string(),
  actual: z.string(),
  met: z.boolean(),
});

/** One run of a case. */
const attempt = z.strictObject({
  /** From 1. */
  number: z.int().min(1),
  bench: z.string(),
  startedAt: z.iso.datetime(),
  ms: z.number().min(0),
  /** What the case makes of the run: its own verdict, unless an expectation says otherwise. */
  verdict: verdictSchema,
  expectations: z.array(expectation),
  /** Absent when the bench could not be opened. */
  run: runRecordSchema.optional(),
});

const quarantine = z.strictObject({
  issue: z.string(),
  owner: z.string(),
  /** Last day on which it holds: 2026-12-31. */
  expires: z.iso.date(),
  reason: z.string().optional(),
});

/** A program, or up to four, run in one way. */
const caseResult = z.strictObject({
  id: z.string(),
  tags: z.array(z.string()),
  files: z.array(z.string()).min(1),
  mode: z.enum(['digest', 'trace', 'free']),
  clock: z.enum(['virtual', 'real']),
  /** What `--inputs` would name. */
  inputs: z.string().optional(),
  outcome,
  causeClass: causeClass.optional(),
  /** One line for a person. */
  summary: z.string(),
  quarantine: quarantine.optional(),
  /** Of a flaky case: what the flake goes with, and why that is thought. */
  flake: z
    .strictObject({ follows: z.enum(['test', 'board', 'unknown']), reason: z.string() })
    .optional(),
  attempts: z.array(attempt),
  ms: z.number().min(0),
});

/** Who a board is, as far as it could be told. */
export const identitySchema = z.strictObject({
  /** `V3J10M3`, and its serial number where that is known. */
  probe: z
    .strictObject({ serial: z.string().optional(), version: z.string().optional() })
    .optional(),
  /** DBGMCU_IDCODE as hexadecimal digits, read over SWD. */
  mcuId: z.string().optional(),
  board: z.string(),
  uid: z.string(),
  firmware: z.string(),
  firmwareSha256: z.string(),
  elf: z.string(),
  isa: z.string(),
  protocol: z.int(),
  /** The rate of the line when the bench was opened; absent on one without a rate that can be changed. */
  rate: lineRateSchema.optional(),
});

const benchResult = z.strictObject({
  name: z.string(),
  kind: z.enum(['nucleo', 'emulated', 'native']),
  file: z.string(),
  /** What ran the firmware, in words; says plainly when it was no silicon. Absent when the bench never opened. */
  ranOn: z.string().optional(),
  /** `wedged`: no rung of the ladder brought it back. `unusable`: it never came up. */
  state: z.enum(['ready', 'wedged', 'unusable']),
  /** Why it isn't ready. */
  why: z.string().optional(),
  identity: identitySchema.optional(),
  /** Of the firmware that was on it; absent where no tool could read it. */
  footprint: footprintSchema.optional(),
  attempts: z.int().min(0),
});

/** Everything a nightly leaves behind: the source of every report. */
export const nightlyRecordSchema = z.strictObject({
  schema: z.literal('cockpit-hil/nightly'),
  version: z.literal(NIGHTLY_RECORD_VERSION),
  id: z.string(),
  startedAt: z.iso.datetime(),
  wallMs: z.number().min(0),
  suite: z.strictObject({ name: z.string(), file: z.string(), sha256: z.string() }),
  /** What the order of the cases follows from. */
  seed: z.int().min(0),
  /** What was asked for of it; absent when that was everything. */
  selection: z.strictObject({ only: z.array(z.string()), tags: z.array(z.string()) }).optional(),
  /** Which part of that this is; absent when it is the whole. `of` parts make it. */
  shard: z
    .strictObject({
      index: z.int().min(1),
      of: z.int().min(1),
      /** SHA-256 over which case belongs to which part: parts join only when it is one cut. */
      plan: z.string(),
    })
    .optional(),
  /** Ids of the parts that were joined to this; absent when it is none joined. */
  merged: z.array(z.string()).optional(),
  /** The command that makes such a nightly again. */
  command: z.string(),
  environment: runRecordSchema.shape.environment,
  /** Of all cases and benches. */
  verdict: z.strictObject({
    outcome: outcome.exclude(['skipped', 'quarantined']),
    causeClass: causeClass.optional(),
    summary: z.string(),
    fix: z.string().optional(),
  }),
  benches: z.array(benchResult).min(1),
  cases: z.array(caseResult),
  recoveries: z.array(recovery),
  /** What is wrong with the suite itself, such as a quarantine that is no longer needed; any fails the nightly. */
  problems: z.array(z.strictObject({ text: z.string(), fix: z.string() })),
});

export type NightlyRecord = z.infer<typeof nightlyRecordSchema>;
export type CaseResult = NightlyRecord['cases'][number];
export type Attempt = CaseResult['attempts'][number];
export type BenchResult = NightlyRecord['benches'][number];
export type Recovery = NightlyRecord['recoveries'][number];
export type RungResult = Recovery['rungs'][number];
export type RecoveryRung = z.infer<typeof recoveryRung>;
export type Expectation = Attempt['expectations'][number];
export type NightlyVerdict = NightlyRecord['verdict'];
export type Problem = NightlyRecord['problems'][number];
export type BenchIdentity = z.infer<typeof identitySchema>;
export type Outcome = z.infer<typeof outcome>;
