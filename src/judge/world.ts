import { LIMITS, PIN_MODES, VM_ERRORS } from '../isa/index.ts';
import type { IOController, IoStatus, IoValue } from '../vm/index.ts';
import { printEvent } from './sketch.ts';

/**
 * The world of runtime/runtime.cpp for the reference model: what a sketch reads follows from a seed and from the requests before.
 * The clock moves by delays and whenever it is asked, never by instructions: the host's C++ does not count the VM's.
 */
export interface World {
  readonly io: IOController;
  /** One text for each request, as runtime.cpp writes it. */
  readonly events: readonly string[];
}

const PINS = 23;
/** After so many events a sketch counts as endless. Equal to MAX_EVENTS of runtime.cpp. */
export const MAX_EVENTS = 10_000;
/** The end of such a sketch, as runtime.cpp writes it. */
export const TOO_MANY_EVENTS = 'too many events';
const MICROS_WRAP = 2 ** 32;
const MILLIS_WRAP = 1000 * MICROS_WRAP;

/** @param inputs u32; 0: a quiet world */
export function createWorld(inputs: number): World {
  const quiet = inputs === 0;
  const events: string[] = [];
  const modes = new Uint8Array(PINS);
  const levels = new Uint8Array(PINS);
  let state = (inputs ^ 0x9e37_79b9) === 0 ? 1 : inputs ^ 0x9e37_79b9;
  /** xorshift32. */
  const next = (): number => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
  for (let i = 0; i < 4; i += 1) next();
  const startTime = (): number => {
    const kind = next() & 3;
    const amount = next();
    switch (kind) {
      case 0:
        return MILLIS_WRAP - (amount % 5_000_000);
      case 1:
        return MICROS_WRAP - (amount % 5_000_000);
      case 2:
        return amount % 1_000_000;
      default:
        return amount * 1000;
    }
  };
  /** Microseconds; exact up to 2^53, which some 4,000 of the longest delays reach. */
  let us = quiet ? 0 : startTime();

  const done = (event: string): IoStatus => {
    if (events.length >= MAX_EVENTS) return VM_ERRORS.HARDWARE_FAULT;
    events.push(event);
    return VM_ERRORS.NONE;
  };
  const read = (out: IoValue, what: string, value: number): IoStatus => {
    out.value = value;
    return done(`${what} = ${value}`);
  };
  const onPin = (pin: number, request: () => IoStatus): IoStatus =>
    pin >= 0 && pin < PINS ? request() : VM_ERRORS.INVALID_ARGUMENT;
  const level = (): number => (quiet ? 0 : (next() >>> 16) & 1);
  const analog = (): number => {
    if (quiet) return 0;
    const number = next();
    if ((number & 7) === 0) return 0;
    return (number & 7) === 1 ? LIMITS.ANALOG_READ_MAX : number >>> 20;
  };
  const passTime = (): void => {
    if (quiet) us += 100;
    else {
      const number = next();
      us += (number >>> 8) % ((number & 15) === 0 ? 100_000 : 2_000);
    }
  };
  const time = (out: IoValue, what: string, divisor: number): IoStatus => {
    passTime();
    return read(out, what, Math.floor(us / divisor) % MICROS_WRAP);
  };

  return {
    events,
    io: {
      pinMode: (pin, mode) =>
        onPin(pin, () => {
          modes[pin] = mode;
          return done(`pinMode ${pin} ${mode}`);
        }),
      digitalWrite: (pin, value) =>
        onPin(pin, () => {
          levels[pin] = value;
          return done(`digitalWrite ${pin} ${value}`);
        }),
      digitalRead: (pin, out) =>
        onPin(pin, () => {
          const value = modes[pin] === PIN_MODES.OUTPUT ? (levels[pin] ?? 0) : level();
          return read(out, `digitalRead ${pin}`, value);
        }),
      analogWrite: (pin, value) => onPin(pin, () => done(`analogWrite ${pin} ${value}`)),
      analogRead: (pin, out) => onPin(pin, () => read(out, `analogRead ${pin}`, analog())),
      button: (id, out) => read(out, `button ${id}`, level()),
      delay: (ms) => {
        us += ms * 1000;
        return done(`delay ${ms}`);
      },
      millis: (out) => time(out, 'millis', 1000),
      micros: (out) => time(out, 'micros', 1),
      print: (text) => done(printEvent(text)),
    },
  };
}
