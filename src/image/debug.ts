import { z } from 'zod';

const index = z.int().min(0).max(65_535);

/** What the host knows about a program's source. Kept in the image's debug section, never sent to a board. */
export const debugInfoSchema = z.strictObject({
  /** Source files by file number. `text` is the whole source, so that a report can quote a line. */
  files: z.array(
    z.strictObject({
      name: z.string(),
      sha256: z.string().regex(/^[0-9a-f]{64}$/),
      text: z.string(),
    }),
  ),
  /** Where each instruction comes from: instructions from `pc` on, until the next entry. Ascending by pc. Lines and columns count from 1. */
  lines: z.array(
    z.strictObject({
      pc: index,
      file: z.int().min(0),
      line: z.int().min(1),
      column: z.int().min(1),
    }),
  ),
  /** Functions and the instructions start..end-1 that belong to each. */
  functions: z.array(
    z.strictObject({
      name: z.string(),
      start: index,
      end: z.int().min(0).max(65_536),
      /**
       * Parameters and locals: the slot, an offset from the frame base, has the name in the instructions start..end-1. At one
       * instruction a slot has at most one name; one without holds a value of the compiler's own.
       */
      locals: z.array(
        z.strictObject({
          name: z.string(),
          slot: z.int().min(0).max(127),
          start: index,
          end: z.int().min(0).max(65_536),
        }),
      ),
    }),
  ),
  globals: z.array(z.strictObject({ name: z.string(), id: z.int().min(0).max(63) })),
  arrays: z.array(
    z.strictObject({
      name: z.string(),
      id: z.int().min(0).max(15),
      length: z.int().min(1).max(64),
    }),
  ),
});

export type DebugInfo = z.infer<typeof debugInfoSchema>;
