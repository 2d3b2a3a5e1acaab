import { ECHO_BYTES } from './client.ts';

/** Bytes that a line with a wrong rate, a stuck bit or flow control doesn't bring back as they were. */
export const LINE_PATTERNS: readonly { readonly name: string; readonly bytes: Uint8Array }[] = [
  { name: 'alternating bits', bytes: new Uint8Array(ECHO_BYTES).fill(0x55) },
  { name: 'the same inverted', bytes: new Uint8Array(ECHO_BYTES).fill(0xaa) },
  {
    name: 'long runs of one level',
    bytes: new Uint8Array(ECHO_BYTES).map((_, i) => (i % 2 ? 0 : 0xff)),
  },
  { name: 'every byte', bytes: new Uint8Array(256).map((_, i) => i) },
];
