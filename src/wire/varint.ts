/** Bytes of the longest varint: 32 bits in groups of 7. */
const VARINT_LIMIT = 5;

/** Appends a u32 as LEB128: 7 bits a byte, low first, in the fewest bytes. */
export function putVarint(out: number[], value: number): void {
  let rest = value >>> 0;
  while (rest > 0x7f) {
    out.push((rest & 0x7f) | 0x80);
    rest >>>= 7;
  }
  out.push(rest);
}

/** Small magnitudes to small numbers: 0, -1, 1, -2 become 0, 1, 2, 3. Takes an int32, returns a u32. */
export function zigzag(value: number): number {
  return ((value << 1) ^ (value >> 31)) >>> 0;
}

/** The inverse of {@link zigzag}. */
export function unzigzag(value: number): number {
  return (value >>> 1) ^ -(value & 1);
}

/** Why bytes could not be read. */
export class RecordError extends Error {
  /** Offset of the record or byte at fault. */
  readonly offset: number;

  constructor(message: string, offset: number) {
    super(`${message} at byte ${offset}`);
    this.name = 'RecordError';
    this.offset = offset;
  }
}

/** Reads integers from bytes, front to back. Every method throws {@link RecordError} at the end of the bytes. */
export class ByteReader {
  readonly #bytes: Uint8Array;
  #offset = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get offset(): number {
    return this.#offset;
  }

  /** Whether every byte was read. */
  atEnd(): boolean {
    return this.#offset === this.#bytes.length;
  }

  u8(): number {
    const byte = this.#bytes[this.#offset];
    if (byte === undefined) throw new RecordError('truncated', this.#offset);
    this.#offset += 1;
    return byte;
  }

  u16(): number {
    const low = this.u8();
    return low | (this.u8() << 8);
  }

  /** LEB128 of a u32; one that is longer than needed or exceeds 32 bits is refused. */
  varint(): number {
    const start = this.#offset;
    let value = 0;
    for (let index = 0; index < VARINT_LIMIT; index += 1) {
      const byte = this.u8();
      const last = index === VARINT_LIMIT - 1;
      if (last && byte > 0x0f) break;
      if (byte === 0 && index > 0) break;
      value = (value | ((byte & 0x7f) << (7 * index))) >>> 0;
      if (byte < 0x80) return value;
    }
    throw new RecordError('not a varint of 32 bits', start);
  }

  take(length: number): Uint8Array {
    const end = this.#offset + length;
    if (end > this.#bytes.length) throw new RecordError('truncated', this.#bytes.length);
    const part = this.#bytes.slice(this.#offset, end);
    this.#offset = end;
    return part;
  }
}
