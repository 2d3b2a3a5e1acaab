/** Little-endian words and hex text, as the probe's and the emulator's sockets carry them. */

/** A view on the same bytes, for multi-byte access. */
export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** The unsigned 32-bit little-endian word at an offset. */
export function wordAt(bytes: Uint8Array, offset: number): number {
  return viewOf(bytes).getUint32(offset, true);
}

/** The unsigned 16-bit little-endian half-word at an offset. */
export function halfWordAt(bytes: Uint8Array, offset: number): number {
  return viewOf(bytes).getUint16(offset, true);
}

/** Words as bytes, little-endian; values are taken modulo 2^32. */
export function wordBytes(...words: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(words.length * 4);
  const view = viewOf(bytes);
  words.forEach((word, index) => {
    view.setUint32(index * 4, word >>> 0, true);
  });
  return bytes;
}

/** Bytes as lower-case hex without a prefix. */
export function toHex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex');
}

/** Hex text as bytes, or undefined when it is not an even number of hex digits. */
export function fromHex(text: string): Uint8Array | undefined {
  if (text.length % 2 !== 0 || !/^[0-9a-fA-F]*$/.test(text)) return undefined;
  return new Uint8Array(Buffer.from(text, 'hex'));
}
