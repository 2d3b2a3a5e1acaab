import { z } from 'zod';
import { duration } from './duration.ts';

/** The rungs of the recovery ladder, by how much each takes away. */
export const RUNGS = [
  'reconnect',
  'agent-reset',
  'sysresetreq',
  'nrst',
  'connect-under-reset',
  'reflash',
  'power-cycle',
] as const;
export type RungName = (typeof RUNGS)[number];

/** One rung of a bench's ladder. */
export interface Rung {
  readonly rung: RungName;
  /** How long it may take, HELLO included, in milliseconds. */
  readonly limitMs: number;
}

/** What came of one rung. */
export interface RungResult {
  rung: RungName;
  /** Whether the right agent answered HELLO afterwards. */
  ok: boolean;
  ms: number;
  limitMs: number;
  /** In words; begins with `skipped: ` where this bench can't do it. */
  detail: string;
}

/**
 * Time for each rung when the bench file gives none, in milliseconds. HELLO is tried for 1.8 s where the board is not reset and for 3 s
 * where it is (HELLO_TRIES of src/agent). Raising the line's rate sends 7,300 bytes each way at each rate, 2 s at all of them together, and
 * when one of them doesn't hold any more the board is found again in 2.5 s at most (src/bench/rate.ts).
 */
const LIMITS_MS: Readonly<Record<RungName, number>> = {
  // Opening the port up to 3 s, HELLO 1.8 s, the rate 4.5 s.
  reconnect: 10_000,
  // The same, REBOOT 0.3 s, HELLO 3 s.
  'agent-reset': 12_000,
  // An OpenOCD that died is started in 0.5 s, or its start fails after 8 s; a command takes 10 ms, HELLO up to 3 s, the rate 4.5 s.
  sysresetreq: 17_000,
  nrst: 17_000,
  // OpenOCD is ended (1 s) and started again (8 s).
  'connect-under-reset': 20_000,
  // The longest image, 128 KiB, word by word over USB: 32 s by the arithmetic in src/probe/flash.ts, and verified in as much.
  reflash: 90_000,
  // USB comes up again within 5 s; then OpenOCD's start and flashing as above.
  'power-cycle': 120_000,
};

/** The whole ladder, from the gentlest rung on. */
export const DEFAULT_LADDER: readonly Rung[] = RUNGS.map((rung) => ({
  rung,
  limitMs: LIMITS_MS[rung],
}));

/** `recovery:` of a bench file: rungs in the order they are to be tried, each at most once. */
export const ladderSchema = z
  .array(z.strictObject({ rung: z.enum(RUNGS), limit: duration.optional() }))
  .superRefine((rungs, context) => {
    for (const [index, { rung }] of rungs.entries()) {
      if (rungs.findIndex((other) => other.rung === rung) === index) continue;
      context.addIssue({
        code: 'custom',
        path: [index, 'rung'],
        message: `${rung} is there twice`,
      });
    }
  })
  .transform((rungs): readonly Rung[] =>
    rungs.map(({ rung, limit }) => ({ rung, limitMs: limit ?? LIMITS_MS[rung] })),
  );
