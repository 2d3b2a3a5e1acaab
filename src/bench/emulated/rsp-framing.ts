/**
 * Packets of the GDB remote serial protocol (GDB manual, appendix E): `$payload#checksum`, acknowledged by `+` or `-`,
 * with `}` before an escaped character.
 */

/** One thing found in the stream from the stub. */
export type RspItem =
  | { readonly kind: 'packet'; readonly payload: string }
  /** A packet whose checksum is wrong; it is to be asked for again. */
  | { readonly kind: 'damaged' }
  | { readonly kind: 'ack' }
  | { readonly kind: 'nak' };

/** The stub's longest packet is 4 KiB plus framing; anything longer is garbage. */
const PACKET_LIMIT = 16_384;

/** Sum of the bytes modulo 256, as two hex digits. */
export function rspChecksum(text: string): string {
  let sum = 0;
  for (let index = 0; index < text.length; index++) sum = (sum + text.charCodeAt(index)) & 0xff;
  return sum.toString(16).padStart(2, '0');
}

/** A packet ready to send. The payload must hold none of `$ # } *`, as no command used here does. */
export function frameRsp(payload: string): string {
  return `$${payload}#${rspChecksum(payload)}`;
}

/** Undoes `}` escapes: the character after it is XORed with 0x20. */
function unescape(text: string): string {
  return text.replaceAll(/\}([\s\S])/g, (_, escaped: string) =>
    String.fromCharCode(escaped.charCodeAt(0) ^ 0x20),
  );
}

/** Cuts a byte stream, fed as latin-1 text in any pieces, into packets and acknowledgements. */
export class RspParser {
  #rest = '';

  feed(text: string): RspItem[] {
    this.#rest += text;
    const items: RspItem[] = [];
    for (;;) {
      const item = this.#next();
      if (item === undefined) break;
      items.push(item);
    }
    if (this.#rest.length > PACKET_LIMIT) this.#rest = '';
    return items;
  }

  #next(): RspItem | undefined {
    const start = this.#rest.search(/[+\-$]/);
    if (start < 0) {
      this.#rest = '';
      return undefined;
    }
    const first = this.#rest[start];
    if (first !== '$') {
      this.#rest = this.#rest.slice(start + 1);
      return { kind: first === '+' ? 'ack' : 'nak' };
    }
    this.#rest = this.#rest.slice(start);
    const hash = this.#rest.indexOf('#');
    if (hash < 0 || this.#rest.length < hash + 3) return undefined;
    const payload = this.#rest.slice(1, hash);
    const checksum = this.#rest.slice(hash + 1, hash + 3).toLowerCase();
    this.#rest = this.#rest.slice(hash + 3);
    if (checksum !== rspChecksum(payload)) return { kind: 'damaged' };
    return { kind: 'packet', payload: unescape(payload) };
  }
}
