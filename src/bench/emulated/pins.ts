import { HilError } from '../../errors/index.ts';
import type { PinAccess, PinEdge } from '../pins.ts';
import type { QmpClient } from './qmp.ts';
import type { QtestClient } from './qtest.ts';

/** Where a logical pin sits on the chip. */
export interface GpioPin {
  readonly port: 'A' | 'B' | 'C' | 'D' | 'E' | 'F' | 'G' | 'H';
  /** 0..15. */
  readonly bit: number;
}

/** The board's pins, seen and driven from outside through the emulator, never through the firmware. What is driven lasts over resets. */
export interface BoardPins extends PinAccess {
  /** The level of a pin now. */
  read(pin: number): Promise<0 | 1>;
}

/** The SoC hands all GPIO lines to its SYSCFG block as inputs 16 * port + bit: one intercept sees every pin. */
const SOC = '/machine/soc';
const PINS_PER_PORT = 16;
const GPIOA = 0x4800_0000;
const GPIO_STRIDE = 0x400;
const GPIO_IDR = 0x10;

type PinQtest = Pick<QtestClient, 'interceptInputs' | 'onIrq' | 'readValue' | 'setInput'>;
type PinQmp = Pick<QmpClient, 'execute'>;

/** The emulated pins over qtest (levels, edges) and QMP (disconnecting). */
export class EmulatedPins implements BoardPins {
  readonly #qtest: PinQtest;
  readonly #qmp: PinQmp;
  readonly #map: ReadonlyMap<number, GpioPin>;
  readonly #driven = new Map<number, 0 | 1>();
  /** Levels as last reported; lines begin low. */
  readonly #levels = new Map<number, 0 | 1>();
  readonly #listeners = new Set<(edge: PinEdge) => void>();

  private constructor(qtest: PinQtest, qmp: PinQmp, map: ReadonlyMap<number, GpioPin>) {
    this.#qtest = qtest;
    this.#qmp = qmp;
    this.#map = map;
    const byLine = new Map([...map].map(([pin, where]) => [lineOf(where), pin]));
    qtest.onIrq((line, level) => {
      const pin = byLine.get(line);
      if (pin === undefined) return;
      this.#levels.set(pin, level);
      const timeUs = Number(process.hrtime.bigint() / 1000n);
      for (const listener of this.#listeners) listener({ pin, level, timeUs });
    });
  }

  /** @param map logical pin → place on the chip; several logical pins must not share a place */
  static async open(
    qtest: PinQtest,
    qmp: PinQmp,
    map: ReadonlyMap<number, GpioPin>,
  ): Promise<EmulatedPins> {
    for (const [pin, { bit }] of map)
      if (!Number.isInteger(bit) || bit < 0 || bit >= PINS_PER_PORT)
        throw new HilError('usage', `pin ${pin} is mapped to bit ${bit}; a port has bits 0 to 15`);
    await qtest.interceptInputs(SOC);
    return new EmulatedPins(qtest, qmp, map);
  }

  async drive(pin: number, level: 0 | 1): Promise<void> {
    const where = this.#where(pin);
    this.#driven.set(pin, level);
    await this.#qtest.setInput(devicePath(where), where.bit, level);
  }

  async release(pin: number): Promise<void> {
    const where = this.#where(pin);
    this.#driven.delete(pin);
    await this.#qmp.execute('qom-set', {
      path: devicePath(where),
      property: 'disconnected-pins',
      value: 1 << where.bit,
    });
  }

  async read(pin: number): Promise<0 | 1> {
    const { port, bit } = this.#where(pin);
    const idr = await this.#qtest.readValue(GPIOA + portIndex(port) * GPIO_STRIDE + GPIO_IDR, 4);
    return ((idr >>> bit) & 1) === 1 ? 1 : 0;
  }

  onEdge(listener: (edge: PinEdge) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * Makes good what QEMU does to pins at a system reset: it disconnects them all, and it drops outputs without telling, so
   * that the next rise would not be an edge. Lines that lag are set to the pin's level, which reports it as usual.
   */
  async afterReset(): Promise<void> {
    for (const [pin, level] of this.#driven) await this.drive(pin, level);
    for (const [pin, where] of this.#map) {
      const level = await this.read(pin);
      if (level !== (this.#levels.get(pin) ?? 0))
        await this.#qtest.setInput(SOC, lineOf(where), level);
    }
  }

  #where(pin: number): GpioPin {
    const where = this.#map.get(pin);
    if (where === undefined) throw new HilError('usage', `the board has no pin ${pin}`);
    return where;
  }
}

function portIndex(port: GpioPin['port']): number {
  return port.charCodeAt(0) - 'A'.charCodeAt(0);
}

function lineOf({ port, bit }: GpioPin): number {
  return portIndex(port) * PINS_PER_PORT + bit;
}

function devicePath({ port }: GpioPin): string {
  return `${SOC}/gpio${port.toLowerCase()}`;
}
