/** Bytes of a line that are passed on; twice the longest frame, so that an overlong one is still seen to be overlong. */
const PASSED = 1024;
export const NEWLINE = 0x0a;

/** Cuts the tail off lines that never end, so that a babbling board cannot fill the host's memory. */
export class LineLimiter {
  #length = 0;
  #cut = 0;

  /** Bytes cut off so far. */
  get cut(): number {
    return this.#cut;
  }

  /** The bytes to pass on. */
  take(bytes: Uint8Array): Buffer {
    const kept: Uint8Array[] = [];
    for (let start = 0; start < bytes.length;) {
      const newline = bytes.indexOf(NEWLINE, start);
      const end = newline === -1 ? bytes.length : newline;
      const room = Math.min(end - start, PASSED - this.#length);
      kept.push(bytes.subarray(start, start + room));
      this.#length += room;
      this.#cut += end - start - room;
      if (newline !== -1) {
        kept.push(bytes.subarray(newline, newline + 1));
        this.#length = 0;
      }
      start = end + 1;
    }
    return Buffer.concat(kept);
  }
}
