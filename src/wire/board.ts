import { z } from 'zod';
import { hex, u32, vmId } from './values.ts';

const word = hex(8).transform((text) => Number.parseInt(text, 16));

const RESET_CAUSES = [
  'options',
  'pin',
  'power',
  'software',
  'watchdog',
  'window-watchdog',
  'low-power',
] as const;

const causes = z
  .string()
  .transform((text) => {
    if (text === 'unknown') return undefined;
    return text === 'none' ? [] : text.split(',');
  })
  .pipe(z.array(z.enum(RESET_CAUSES)).optional());

const crashSchema = z.object({
  /** Number of the exception that ended the run before, 0 for the watchdog. */
  crash: u32,
  /** Core registers then, u32 each; 0 when they are not known. */
  ...{ pc: word, lr: word, psr: word, sp: word },
  ...{ cfsr: word, hfsr: word, mmfar: word, bfar: word },
  /** The VM that had its turn; left out when none had. */
  vm: vmId.optional(),
  /** That VM's steps since load or reset: so many at least. */
  steps: u32.optional(),
});

/** How the run before a board's start ended. */
export type BoardCrash = Omit<z.output<typeof crashSchema>, 'crash'> & {
  readonly exception: number;
};

/** What a board knows of itself. */
export const boardSchema = z
  .looseObject({
    reset: causes,
    stack: u32.optional(),
    used: u32.optional(),
    lost: u32,
    watchdog: u32.optional(),
    vdda: z.union([z.literal('-').transform(() => undefined), u32]).optional(),
  })
  .transform(({ reset, stack, used, lost, watchdog, vdda, ...rest }, context) => {
    let crash: BoardCrash | undefined;
    if ('crash' in rest) {
      const parsed = crashSchema.safeParse(rest);
      if (!parsed.success) {
        for (const { message, path } of parsed.error.issues)
          context.addIssue({ code: 'custom', message, path: [...path] });
        return z.NEVER;
      }
      const { crash: exception, ...registers } = parsed.data;
      crash = { exception, ...registers };
    }
    return {
      /** Why the board started, empty when no flag says so; undefined when it can't tell. */
      reset,
      /** Bytes of the C stack, and of it those that were ever written since start. */
      stack: stack === undefined || used === undefined ? undefined : { size: stack, used },
      /** Received bytes lost since start. */
      lost,
      /** Milliseconds that the watchdog was started with, 0 while it wasn't; undefined when there is none. */
      watchdog,
      /** Supply of the analog part, millivolts; undefined when there is no converter, or it didn't answer. */
      vdda,
      crash,
    };
  });
export type BoardHealth = z.output<typeof boardSchema>;
