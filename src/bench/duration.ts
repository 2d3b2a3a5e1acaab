import { z } from 'zod';

const UNITS = { ms: 1, s: 1000, min: 60_000 } as const;

/** A length of time in a configuration file, `500ms`, `3s` or `2min`; milliseconds once loaded. */
export const duration = z
  .string()
  .regex(/^\d+(\.\d+)?(ms|s|min)$/, 'must be a time such as 500ms, 3s or 2min')
  .transform((text) => {
    const unit = /[a-z]+$/.exec(text)?.[0] as keyof typeof UNITS;
    return Number.parseFloat(text) * UNITS[unit];
  })
  .refine((ms) => ms > 0, 'must be longer than nothing');
