import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { errorText, HilError } from '../errors/index.ts';
import { writeOutput } from './output-file.ts';
import { readJson } from './store.ts';
import {
  VALIDATION_RECORD_VERSION,
  validationRecordSchema,
  type ValidationRecord,
} from './validation-record.ts';

/** Where validation records are kept, relative to the working directory. */
const VALIDATIONS_FOLDER = '.cockpit-hil/validations';

const DAY_MS = 24 * 3600 * 1000;

/** The file of a validation record. */
export function validationPath(id: string, folder = VALIDATIONS_FOLDER): string {
  return join(folder, `${id}.json`);
}

/**
 * Writes a validation record, whole or not at all; what doesn't fit the schema isn't written.
 * @throws HilError (rig) naming the file when it cannot be written
 */
export async function writeValidationRecord(path: string, record: ValidationRecord): Promise<void> {
  const checked = validationRecordSchema.parse(record);
  await writeOutput(path, JSON.stringify(checked, null, 2) + '\n');
}

/** What tells a validation record, of whatever version, from other JSON. */
const envelopeSchema = z.object({ schema: z.literal('cockpit-hil/validation'), version: z.int() });

/**
 * Reads a validation record.
 * @throws HilError (usage): no such file, no validation record, one of another version, or a damaged one
 */
export async function readValidationRecord(path: string): Promise<ValidationRecord> {
  const fix = 'give a record that cockpit-hil validate has written';
  const json = await readJson(path);
  const envelope = envelopeSchema.safeParse(json);
  if (!envelope.success) throw new HilError('usage', `${path} is no validation record`, fix);
  const { version } = envelope.data;
  if (version !== VALIDATION_RECORD_VERSION) {
    const what = `${path} is a validation record of version ${version}; this harness reads version ${VALIDATION_RECORD_VERSION}`;
    throw new HilError('usage', what, 'validate the bench again');
  }
  const parsed = validationRecordSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const where = issue?.path.map(String).join('.') ?? '';
  const what = `${path} is a damaged validation record: ${where}: ${issue?.message ?? 'not valid'}`;
  throw new HilError('usage', what, fix);
}

/** What a board must have behind it before it is used. */
export interface ValidationNeed {
  /** The board's unique number. */
  readonly uid: string;
  /** The bench's name; boards without a unique number of their own are told apart by their bench. */
  readonly bench: string;
  /** Oldest age in days. */
  readonly withinDays: number;
  readonly now: Date;
  readonly folder?: string;
}

/** The newest validation of a board in a folder, and files there that can't be read. */
async function newestOf({
  uid,
  bench,
  folder = VALIDATIONS_FOLDER,
}: ValidationNeed): Promise<{ newest: ValidationRecord | undefined; unreadable: string[] }> {
  const files = (await readdir(folder).catch(() => [])).filter((file) => file.endsWith('.json'));
  let newest: ValidationRecord | undefined;
  const unreadable: string[] = [];
  for (const file of files) {
    try {
      const record = await readValidationRecord(join(folder, file));
      if (record.identity.uid !== uid || record.bench.name !== bench) continue;
      if (newest === undefined || record.startedAt > newest.startedAt) newest = record;
    } catch (error) {
      unreadable.push(errorText(error));
    }
  }
  return { newest, unreadable };
}

/**
 * Requires that the newest validation of a board has passed and isn't too old.
 * @throws HilError (rig) naming the command that makes one
 */
export async function requireValidation(need: ValidationNeed): Promise<ValidationRecord> {
  const { uid, bench, withinDays, now } = need;
  const { newest, unreadable } = await newestOf(need);
  const command = `cockpit-hil validate --bench ${bench} --by NAME`;
  // The command in the text too: a nightly's record has no room for a fix of each bench.
  const missing = (what: string): HilError =>
    new HilError('rig', `${what}; make one: ${command}`, command);
  if (newest === undefined) {
    const damaged = unreadable.length === 0 ? '' : ` (${unreadable.join('; ')})`;
    throw missing(`board ${uid} on bench ${bench} has no validation record${damaged}`);
  }
  const { verdict, startedAt, id, by } = newest;
  // A process needs nobody's word for its wiring; a board does.
  if (newest.bench.kind === 'nucleo' && by === undefined) {
    throw missing(`the newest validation of board ${uid}, ${id}, is signed by nobody`);
  }
  if (verdict.outcome !== 'passed') {
    throw missing(`the newest validation of board ${uid}, ${id}, has ${verdict.outcome}`);
  }
  const days = (now.getTime() - Date.parse(startedAt)) / DAY_MS;
  // From the future: a clock that was wrong then or is wrong now.
  if (days > withinDays || days < -1) {
    const age = `is of ${startedAt}`;
    throw missing(
      `the newest validation of board ${uid}, ${id}, ${age}, and one of the last ${withinDays} days is needed`,
    );
  }
  return newest;
}
