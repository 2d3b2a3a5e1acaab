import { HilError } from '../../errors/index.ts';
import { fromHex, toHex, wordAt, wordBytes } from './bytes.ts';
import type { RspClient } from './rsp.ts';

/** Register selectors of DCRSR.REGSEL (ARMv7-M ARM C1.6.3) with names of their own in the stub. */
const NAMED_SELECTORS: Readonly<Record<number, string>> = {
  13: 'sp',
  14: 'lr',
  15: 'pc',
  16: 'xpsr',
  17: 'msp',
  18: 'psp',
  33: 'fpscr',
};
/** CONTROL, FAULTMASK, BASEPRI and PRIMASK share one selector, a byte each, PRIMASK lowest. */
const SPECIAL_SELECTOR = 20;
const SPECIAL_NAMES = ['primask', 'basepri', 'faultmask', 'control'] as const;
/** Selectors 64..95 are S0..S31. */
const S0_SELECTOR = 64;
const S_COUNT = 32;
/** Selector of the program counter. */
export const PC_SELECTOR = 15;

/**
 * Numbers the registers of a target description as GDB does: one after the other, over all included documents in order,
 * a `regnum` attribute setting the count (GDB manual, G.2.6).
 */
export function numberRegisters(features: readonly string[]): Map<string, number> {
  const numbers = new Map<string, number>();
  let next = 0;
  for (const [tag] of features.join('\n').matchAll(/<reg\s[^>]*>/g)) {
    const name = /\bname="([^"]+)"/.exec(tag)?.[1];
    if (name === undefined) continue;
    const fixed = /\bregnum="(\d+)"/.exec(tag)?.[1];
    if (fixed !== undefined) next = Number(fixed);
    numbers.set(name, next++);
  }
  return numbers;
}

type RegisterStub = Pick<RspClient, 'request' | 'feature' | 'readRegister' | 'writeRegister'>;

/** The core registers of the stopped core, by the selectors that a debug probe uses. */
export class CoreRegisters {
  readonly #rsp: RegisterStub;
  readonly #numbers: ReadonlyMap<string, number>;

  private constructor(rsp: RegisterStub, numbers: ReadonlyMap<string, number>) {
    this.#rsp = rsp;
    this.#numbers = numbers;
  }

  /** Learns the stub's register numbers. */
  static async open(rsp: RegisterStub): Promise<CoreRegisters> {
    await rsp.request('qSupported:xmlRegisters=arm');
    const target = await rsp.feature('target.xml');
    const features: string[] = [];
    for (const [, name] of target.matchAll(/<xi:include\s+href="([\w.-]+)"/g))
      if (name !== undefined) features.push(await rsp.feature(name));
    return new CoreRegisters(rsp, numberRegisters(features));
  }

  /** Whether a selector names a register. */
  static isSelector(selector: number): boolean {
    const single = selector >= S0_SELECTOR && selector < S0_SELECTOR + S_COUNT;
    return selector < 13 || selector in NAMED_SELECTORS || selector === SPECIAL_SELECTOR || single;
  }

  async read(selector: number): Promise<number> {
    if (selector === SPECIAL_SELECTOR) {
      let packed = 0;
      for (const [index, name] of SPECIAL_NAMES.entries())
        packed |= ((await this.#readNamed(name)) & 0xff) << (8 * index);
      return packed >>> 0;
    }
    if (selector >= S0_SELECTOR)
      return wordAt(await this.#readDouble(selector), 4 * (selector % 2));
    return this.#readNamed(NAMED_SELECTORS[selector] ?? `r${selector}`);
  }

  async write(selector: number, value: number): Promise<void> {
    if (selector === SPECIAL_SELECTOR) {
      for (const [index, name] of SPECIAL_NAMES.entries())
        await this.#writeNamed(name, (value >>> (8 * index)) & 0xff);
    } else if (selector >= S0_SELECTOR) {
      const bytes = await this.#readDouble(selector);
      bytes.set(wordBytes(value), 4 * (selector % 2));
      const number = this.#number(doubleName(selector));
      const reply = await this.#rsp.request(`P${number.toString(16)}=${toHex(bytes)}`);
      if (reply !== 'OK') throw new HilError('rig', `cannot write register ${selector}: ${reply}`);
    } else {
      await this.#writeNamed(NAMED_SELECTORS[selector] ?? `r${selector}`, value);
    }
  }

  async #readDouble(selector: number): Promise<Uint8Array> {
    const name = doubleName(selector);
    const bytes = fromHex(await this.#rsp.request(`p${this.#number(name).toString(16)}`));
    if (bytes?.length !== 8) throw new HilError('rig', `the emulated core has no register ${name}`);
    return bytes;
  }

  #readNamed(name: string): Promise<number> {
    return this.#rsp.readRegister(this.#number(name));
  }

  #writeNamed(name: string, value: number): Promise<void> {
    return this.#rsp.writeRegister(this.#number(name), value);
  }

  #number(name: string): number {
    const number = this.#numbers.get(name);
    if (number === undefined) throw new HilError('rig', `QEMU describes no register ${name}`);
    return number;
  }
}

function doubleName(selector: number): string {
  return `d${(selector - S0_SELECTOR) >> 1}`;
}
