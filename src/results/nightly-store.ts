import { join } from 'node:path';
import { z } from 'zod';
import { errorText, HilError } from '../errors/index.ts';
import {
  NIGHTLY_RECORD_VERSION,
  nightlyRecordSchema,
  type NightlyRecord,
} from './nightly-record.ts';
import { readJson } from './store.ts';
import { writeWhole } from './whole-file.ts';

/** Where nightlies go when no folder is named, each into one of its own; relative to the working directory. */
const NIGHTLY_FOLDER = '.cockpit-hil/nightly';

/** The folder of a nightly's outputs by default. */
export function defaultNightlyFolder(id: string): string {
  return join(NIGHTLY_FOLDER, id);
}

/**
 * Writes one of a nightly's outputs, whole or not at all.
 * @throws HilError (rig) naming the file when it cannot be written
 */
export async function writeNightlyFile(path: string, text: string): Promise<void> {
  try {
    await writeWhole(path, text);
  } catch (error) {
    throw new HilError(
      'rig',
      `cannot write ${path}: ${errorText(error)}`,
      'free some disk space or name another folder with --out',
    );
  }
}

/** As {@link writeNightlyFile}, of the record; what doesn't fit the schema isn't written. */
export async function writeNightlyRecord(path: string, record: NightlyRecord): Promise<void> {
  const checked = nightlyRecordSchema.parse(record);
  await writeNightlyFile(path, JSON.stringify(checked, null, 2) + '\n');
}

/** What tells a nightly's record, of whatever version, from other JSON. */
const envelopeSchema = z.object({ schema: z.literal('cockpit-hil/nightly'), version: z.int() });

/**
 * Reads a nightly's record.
 * @throws HilError (usage): no such file, no nightly's record, one of another version, or a damaged one
 */
export async function readNightlyRecord(path: string): Promise<NightlyRecord> {
  const json = await readJson(path);
  const envelope = envelopeSchema.safeParse(json);
  if (!envelope.success) {
    const what = `${path} is no record of a nightly`;
    throw new HilError('usage', what, 'give a record.json that a nightly has written');
  }
  const { version } = envelope.data;
  if (version !== NIGHTLY_RECORD_VERSION) {
    throw new HilError(
      'usage',
      `${path} is a nightly's record of version ${version}; this harness reads version ${NIGHTLY_RECORD_VERSION}`,
      'use the harness that wrote it',
    );
  }
  const parsed = nightlyRecordSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const where = issue?.path.map(String).join('.') ?? '';
  const what = `${path} is a damaged record: ${where}: ${issue?.message ?? 'not valid'}`;
  throw new HilError('usage', what, 'give a record as the nightly has written it');
}
