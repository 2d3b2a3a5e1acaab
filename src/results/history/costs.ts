import type { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import { transaction } from './database.ts';

const costs = z.object({
  opcodes: z
    .array(
      z.object({
        name: z.string(),
        /** Arm instructions, dispatch included. */
        instructions: z.number(),
        /** Processor cycles; 0 where the processor doesn't count them. */
        cycles: z.number(),
      }),
    )
    .readonly(),
  workloads: z
    .array(
      z.object({
        id: z.string(),
        title: z.string(),
        steps: z.number(),
        instructions: z.number(),
        cycles: z.number(),
      }),
    )
    .readonly(),
  compiler: z.string(),
  flags: z.string(),
});

/** What `bench vm --json` writes. */
export const costsDocument = z.object({
  schema: z.literal('cockpit-hil/vm-costs'),
  version: z.literal(1),
  measuredAt: z.iso.datetime(),
  commit: z.string().optional(),
  /** SHA-256 of the firmware's sources. */
  sources: z.string().optional(),
  /** What executed the VM, in words. */
  machine: z.string(),
  /** By kind of dispatch: `switch` is what the release has. */
  builds: z.record(z.string(), costs),
});

export type CostsDocument = z.infer<typeof costsDocument>;

/** Takes a measurement in. @returns false when it is there already */
export function insertCosts(db: DatabaseSync, document: CostsDocument): boolean {
  return transaction(db, () => {
    const { measuredAt, commit = null, sources = null, machine, builds } = document;
    const { changes, lastInsertRowid } = db
      .prepare(
        `INSERT INTO measurements (measured_at, git_commit, sources_sha256, machine, document) VALUES (?, ?, ?, ?, ?)
         ON CONFLICT DO NOTHING`,
      )
      .run(measuredAt, commit, sources, machine, JSON.stringify(document));
    if (changes === 0) return false;
    const row = db.prepare('INSERT INTO opcode_costs VALUES (?, ?, ?, ?, ?)');
    for (const [build, { opcodes }] of Object.entries(builds)) {
      for (const { name, instructions, cycles } of opcodes) {
        row.run(lastInsertRowid, build, name, instructions, cycles);
      }
    }
    return true;
  });
}
