/** Flags of PUSH. */
export const PUSH_FLAGS = { SIGNED: 1, WIDE: 2 } as const;

/** The PUSH instructions that put an int32 on the stack, as few as it takes. */
export function pushesOf(value: number): readonly { immediate: number; flags: number }[] {
  if (value >= 0 && value <= 0xffff) return [{ immediate: value, flags: 0 }];
  if (value >= -0x8000 && value < 0) {
    return [{ immediate: value & 0xffff, flags: PUSH_FLAGS.SIGNED }];
  }
  return [
    { immediate: value & 0xffff, flags: 0 },
    { immediate: value >>> 16, flags: PUSH_FLAGS.WIDE },
  ];
}
