import { z } from 'zod';
import { identitySchema } from './nightly-record.ts';
import { runRecordSchema } from './run-record.ts';

/** Version of the record's shape; a reader refuses another. */
export const VALIDATION_RECORD_VERSION = 1;

const stepOutcome = z.enum(['passed', 'failed', 'skipped']);

/** One step of a bench validation. */
const step = z.strictObject({
  /** `identity`, `pin/D0`, `delay/board`, … */
  id: z.string(),
  title: z.string(),
  /** What must be seen for the step to pass. */
  expects: z.string(),
  outcome: stepOutcome,
  /** What was seen; empty when nothing was measured. */
  measured: z.string(),
  /** Why it did not pass; absent when it did. */
  reason: z.string().optional(),
  ms: z.number().min(0),
  /** The time it was given. */
  limitMs: z.number().min(0),
});

/** What a bench validation leaves behind: which board, who signs for it, and what each step expected and measured. */
export const validationRecordSchema = z.strictObject({
  schema: z.literal('cockpit-hil/validation'),
  version: z.literal(VALIDATION_RECORD_VERSION),
  id: z.string(),
  startedAt: z.iso.datetime(),
  wallMs: z.number().min(0),
  /** Who signs for it; absent when nobody does. */
  by: z.string().min(1).optional(),
  /** Whether a person could be asked. */
  attended: z.boolean(),
  command: z.string(),
  environment: runRecordSchema.shape.environment,
  bench: z.strictObject({
    name: z.string(),
    kind: z.enum(['nucleo', 'emulated', 'native']),
    file: z.string(),
    /** What ran the firmware, in words; says plainly when it was no silicon. */
    ranOn: z.string(),
  }),
  identity: identitySchema,
  verdict: z.strictObject({ outcome: z.enum(['passed', 'failed']), summary: z.string() }),
  steps: z.array(step).min(1),
});

export type ValidationRecord = z.infer<typeof validationRecordSchema>;
export type ValidationStep = ValidationRecord['steps'][number];
