const SHAPE = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** Bytes as one frame field: base64 with padding, `=` for no bytes. */
export function encodeBytes(bytes: Uint8Array): string {
  return bytes.length === 0 ? '=' : Buffer.from(bytes).toString('base64');
}

/**
 * The bytes of a frame field, or undefined when it is not what {@link encodeBytes} would have written: padding must be
 * there and unused bits must be 0.
 */
export function decodeBytes(field: string): Uint8Array | undefined {
  if (field === '=') return new Uint8Array(0);
  if (field === '' || !SHAPE.test(field)) return undefined;
  const bytes = Buffer.from(field, 'base64');
  return bytes.toString('base64') === field ? new Uint8Array(bytes) : undefined;
}
