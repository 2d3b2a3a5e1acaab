import { runRecordSchema, type ProgramResult, type RunRecord } from '../../src/results/index.ts';

/** A run record as written to disk, with its first program. */
export function parseRecord(text: string): { record: RunRecord; program: ProgramResult } {
  const record = runRecordSchema.parse(JSON.parse(text));
  const [program] = record.programs;
  if (program === undefined) throw new Error('the record has no program');
  return { record, program };
}
