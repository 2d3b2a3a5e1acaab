import { z } from 'zod';

/** A decimal u32. */
export const u32 = z
  .string()
  .regex(/^(?:0|[1-9]\d{0,9})$/, 'not a decimal number')
  .transform(Number)
  .refine((value) => value <= 0xffff_ffff, 'above 4294967295');
/** 0..3 */
export const vmId = u32.refine((value) => value <= 3, 'not 0..3');
/** Exactly so many hex digits, made lower case. */
export const hex = (digits: number) =>
  z
    .string()
    .regex(new RegExp(`^[0-9a-fA-F]{${digits}}$`), `not ${digits} hex digits`)
    .transform((text) => text.toLowerCase());
