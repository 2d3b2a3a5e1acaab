import { HilError } from '../errors/index.ts';
import { LIMITS, PIN_MODES, PORTS, VM_ERRORS } from '../isa/index.ts';
import type { IOController, IoStatus, IoValue } from './io.ts';

const { NONE, HARDWARE_FAULT, INVALID_ARGUMENT } = VM_ERRORS;

/** What a logical pin can do besides being digital. */
export interface PinCapability {
  readonly adc: boolean;
  readonly pwm: boolean;
  readonly dac: boolean;
}

export interface ModelIoOptions {
  /** The board's pins by logical number; undefined where a number has no pin. */
  readonly pins: readonly (PinCapability | undefined)[];
  /** Button ids are 0..buttons-1. */
  readonly buttons: number;
  /** `virtual`: delays pass at once and time is computed. `real`: MILLIS and MICROS come from `inputs`. */
  readonly clock: 'virtual' | 'real';
  /** Instructions executed before the running one; the virtual clock's other half. */
  readonly executed: () => number;
  /**
   * Supplies what the program reads from a port, one of PORTS plus the pin or button id: 0 or 1 for DIGITAL and BUTTON, 0..4095 for
   * ANALOG, a u32 (or the same as int32) for MILLIS and MICROS on the real clock.
   */
  readonly inputs: (port: number) => number;
  /** Called for each output with its port and value. */
  readonly onOutput?: (port: number, value: number) => void;
  /** Called for each printed text. */
  readonly onPrint?: (text: Uint8Array) => void;
}

/** The reference model's pins and time. */
export interface ModelIo extends IOController {
  /** All pins unconfigured, virtual clock at 0. Part of every load and reset of the VM that uses it. */
  reset: () => void;
  /** Mode of a pin, one of PIN_MODES; undefined when it is unconfigured or doesn't exist. */
  modeOf: (pin: number) => number | undefined;
  /** Virtual time since reset in microseconds, not reduced modulo 2^32. On the real clock: the nominal time, delays only counted as given. */
  elapsedUs: () => number;
  /** Pin modes and clock, to be put back by `restore`. */
  save: () => SavedIo;
  restore: (saved: SavedIo) => void;
}

/** Pin modes and clock of a model's io controller between two steps. */
interface SavedIo {
  readonly modes: ReadonlyMap<number, number>;
  readonly delayMs: number;
}

/** @throws HilError (harness) when the supplier of inputs gives what no board can read */
function checkedInput(inputs: (port: number) => number, port: number, max: number): number {
  const value = inputs(port);
  if (Number.isInteger(value) && value >= 0 && value <= max) return value;
  throw new HilError(
    'harness',
    `input ${value} for port 0x${port.toString(16)} is not in 0..${max}`,
    'check the scripted or replayed inputs',
  );
}

/** Time made of delays and executed instructions alone; docs/vm.md has the formula. */
function createVirtualClock(executed: () => number) {
  let delayMs = 0;
  const instructionUs = (): number => executed() * LIMITS.VIRTUAL_US_PER_INSTRUCTION;
  return {
    advance: (ms: number) => {
      delayMs += ms;
    },
    delayMs: () => delayMs,
    setDelayMs: (ms: number) => {
      delayMs = ms;
    },
    millis: () => (delayMs + Math.floor(instructionUs() / 1000)) >>> 0,
    // The product of two u32 modulo 2^32 first: 1000 * delayMs itself would lose its low bits one day.
    micros: () => (Math.imul(delayMs, 1000) + instructionUs()) >>> 0,
    elapsedUs: () => delayMs * 1000 + instructionUs(),
  };
}

/** The reference model's io controller: pin modes as the board would keep them, time virtual or replayed, inputs from a supplier. */
export function createModelIo(options: ModelIoOptions): ModelIo {
  const { pins, inputs, onOutput, onPrint } = options;
  let modes = new Map<number, number>();
  const clock = createVirtualClock(options.executed);

  const output = (port: number, value: number): IoStatus => {
    onOutput?.(port, value);
    return NONE;
  };
  const input = (out: IoValue, port: number, max: number): IoStatus => {
    out.value = checkedInput(inputs, port, max);
    return NONE;
  };
  const time = (out: IoValue, port: number, virtual: () => number): IoStatus => {
    if (options.clock === 'virtual') out.value = virtual();
    else out.value = checkedInput((from) => inputs(from) >>> 0, port, 0xffff_ffff);
    return NONE;
  };

  return {
    pinMode: (pin, mode) => {
      if (pins[pin] === undefined) return INVALID_ARGUMENT;
      modes.set(pin, mode);
      return output(PORTS.PIN_MODE + pin, mode);
    },
    digitalWrite: (pin, level) => {
      if (pins[pin] === undefined) return INVALID_ARGUMENT;
      if (modes.get(pin) !== PIN_MODES.OUTPUT) return HARDWARE_FAULT;
      return output(PORTS.DIGITAL + pin, level);
    },
    digitalRead: (pin, out) => {
      if (pins[pin] === undefined) return INVALID_ARGUMENT;
      if (!modes.has(pin)) modes.set(pin, PIN_MODES.INPUT);
      return input(out, PORTS.DIGITAL + pin, 1);
    },
    analogWrite: (pin, value) => {
      const capability = pins[pin];
      if (capability === undefined) return INVALID_ARGUMENT;
      if (!capability.pwm && !capability.dac) return HARDWARE_FAULT;
      return output(PORTS.ANALOG + pin, value);
    },
    analogRead: (pin, out) => {
      const capability = pins[pin];
      if (capability === undefined) return INVALID_ARGUMENT;
      if (!capability.adc) return HARDWARE_FAULT;
      return input(out, PORTS.ANALOG + pin, LIMITS.ANALOG_READ_MAX);
    },
    button: (id, out) => {
      if (id < 0 || id >= options.buttons) return INVALID_ARGUMENT;
      return input(out, PORTS.BUTTON + id, 1);
    },
    delay: (ms) => {
      clock.advance(ms);
      return output(PORTS.DELAY, ms);
    },
    millis: (out) => time(out, PORTS.MILLIS, clock.millis),
    micros: (out) => time(out, PORTS.MICROS, clock.micros),
    print: (text) => {
      onPrint?.(text);
      return NONE;
    },
    reset: () => {
      modes.clear();
      clock.setDelayMs(0);
    },
    modeOf: (pin) => modes.get(pin),
    elapsedUs: clock.elapsedUs,
    save: () => ({ modes: new Map(modes), delayMs: clock.delayMs() }),
    restore: (saved) => {
      modes = new Map(saved.modes);
      clock.setDelayMs(saved.delayMs);
    },
  };
}
