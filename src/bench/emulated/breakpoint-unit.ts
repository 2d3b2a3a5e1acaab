import type { RspClient } from './rsp.ts';

/** Offsets in the Flash Patch and Breakpoint unit (ARMv7-M ARM C1.11). */
const FP_CTRL = 0x00;
const FP_COMP0 = 0x08;
/** As in the Cortex-M4: six instruction comparators in bits 7:4, two literal ones in bits 11:8. */
const CODE_COMPARATORS = 6;
const LITERAL_COMPARATORS = 2;
const FP_CTRL_RESET = (LITERAL_COMPARATORS << 8) | (CODE_COMPARATORS << 4);
const CTRL_ENABLE = 1;
const CTRL_KEY = 2;

/** The halfword addresses that a comparator's value breaks on (C1.11.5, version 1 of the unit). */
export function breakAddresses(comparator: number): number[] {
  if ((comparator & 1) === 0) return [];
  const word = comparator & 0x1fff_fffc;
  switch (comparator >>> 30) {
    case 1:
      return [word];
    case 2:
      return [word + 2];
    case 3:
      return [word, word + 2];
    default:
      return [];
  }
}

/** The breakpoint comparators, carried out as hardware breakpoints of QEMU's stub. They outlive a system reset. */
export class BreakpointUnit {
  #enabled = false;
  readonly #comparators = new Uint32Array(CODE_COMPARATORS + LITERAL_COMPARATORS);
  readonly #applied = new Set<number>();

  /** @param offset from 0xE0002000 */
  read(offset: number): number {
    if (offset === FP_CTRL) return FP_CTRL_RESET | (this.#enabled ? CTRL_ENABLE : 0);
    return this.#comparators[(offset - FP_COMP0) / 4] ?? 0;
  }

  write(offset: number, value: number): void {
    if (offset === FP_CTRL) {
      if ((value & CTRL_KEY) !== 0) this.#enabled = (value & CTRL_ENABLE) !== 0;
      return;
    }
    const index = (offset - FP_COMP0) / 4;
    if (index >= 0 && index < this.#comparators.length) this.#comparators[index] = value;
  }

  /** Whether a comparator breaks on this address, as the stub was last told. */
  breaksOn(address: number): boolean {
    return this.#applied.has(address);
  }

  /** Whether the stub still has to be told of a change. */
  get changed(): boolean {
    const wanted = this.#wanted();
    return wanted.size !== this.#applied.size || missing(wanted, this.#applied).length > 0;
  }

  /** Tells the stub what changed; the core must be stopped. */
  async apply(rsp: Pick<RspClient, 'breakpoint'>): Promise<void> {
    const wanted = this.#wanted();
    for (const address of missing(this.#applied, wanted)) {
      await rsp.breakpoint(address, false);
      this.#applied.delete(address);
    }
    for (const address of missing(wanted, this.#applied)) {
      await rsp.breakpoint(address, true);
      this.#applied.add(address);
    }
  }

  #wanted(): Set<number> {
    if (!this.#enabled) return new Set();
    const code = this.#comparators.subarray(0, CODE_COMPARATORS);
    return new Set([...code].flatMap(breakAddresses));
  }
}

/** The addresses of one set that the other lacks. */
function missing(from: ReadonlySet<number>, other: ReadonlySet<number>): number[] {
  return [...from].filter((address) => !other.has(address));
}
