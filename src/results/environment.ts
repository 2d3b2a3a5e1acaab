import { z } from 'zod';

/** SHA-256 over a source folder: its files' paths and contents, in the order of the paths. */
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/** Where a run was made, and of what: enough to tell two runs' surroundings apart. */
export const environmentSchema = z.strictObject({
  node: z.string(),
  platform: z.string(),
  harness: z.string(),
  /** The harness's own checkout; absent where it is none. */
  git: z
    .strictObject({
      /** 40 hexadecimal digits. */
      commit: z.string(),
      /** Whether files differed from that commit. */
      dirty: z.boolean(),
    })
    .optional(),
  /** Absent in records of a harness that could not read its own sources. */
  sources: z.strictObject({ model: sha256, compiler: sha256, firmware: sha256 }).optional(),
  /** Versions of the tools around it, by name: openocd, gdb, qemu, arm-gcc. One that isn't installed isn't named. */
  tools: z.record(z.string(), z.string()).optional(),
});

/** What a firmware takes of the processor's memories. */
export const footprintSchema = z.strictObject({
  /** Bytes of flash: code, constants, and what is copied to RAM at the start. */
  flash: z.int().min(0),
  /** Bytes of RAM: variables and reserved stack; code that runs from RAM too. */
  ram: z.int().min(0),
  /** Bytes of each function and variable. Those of one name are added up: static ones may share it. */
  symbols: z.record(z.string(), z.int().min(0)),
});

export type Environment = z.infer<typeof environmentSchema>;
export type Footprint = z.infer<typeof footprintSchema>;
