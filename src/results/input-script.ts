import { z } from 'zod';

const u16 = z.int().min(0).max(0xffff);
const u32 = z.int().min(0).max(0xffff_ffff);

/** Where the values of one port come from. `port`: PORTS of src/isa plus a pin or button id. */
const portScript = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('values'),
    port: u16,
    values: z.array(u16).min(1),
    /** After the last one: that one for good, or all of them again. */
    then: z.enum(['last', 'repeat']),
  }),
  z.strictObject({ kind: z.literal('seed'), port: u16, seed: u32, from: u16, to: u16 }),
]);

/** What programs read in place of the board's pins. */
export const inputScript = z.strictObject({
  ports: z.array(portScript),
  /** Seed for every port that isn't among them; left out: those are live. */
  others: u32.optional(),
});

export type PortScript = z.infer<typeof portScript>;
export type InputScript = z.infer<typeof inputScript>;
