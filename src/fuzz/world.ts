import { LIMITS, PORTS, VM_ERRORS } from '../isa/index.ts';
import { createModelIo, type IOController, type PinCapability } from '../vm/index.ts';

/**
 * The scripted world of firmware/fuzz/scripted_io.c for the reference model: what a program reads follows from a seed, and so
 * do the moments at which a request is answered with a hardware fault. The two must agree to the bit.
 */
export interface World {
  readonly io: IOController;
  /** Requests so far, those that were refused included. */
  requests: () => number;
}

/** Pins 0..22 but 7, so that there is a hole; PWM, ADC and DAC as in scripted_io.c. */
const PWM = new Set([3, 5, 6, 9, 10, 11]);
export const WORLD_PINS: readonly (PinCapability | undefined)[] = Array.from(
  { length: 23 },
  (_, pin) =>
    pin === 7 ? undefined : { pwm: PWM.has(pin), adc: pin >= 16 && pin <= 21, dac: pin === 18 },
);
export const WORLD_BUTTONS = 2;

/** Number `n` of the script: the 32-bit finaliser of MurmurHash3 over a Weyl sequence. */
function script(seed: number, n: number): number {
  let h = (seed + Math.imul(n, 0x9e37_79b9)) | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85eb_ca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2_ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

function analogValue(number: number): number {
  // The ends of the range come often.
  if ((number & 7) === 0) return 0;
  return (number & 7) === 1 ? LIMITS.ANALOG_READ_MAX : number >>> 20;
}

/**
 * @param seed u32; an odd one also has hardware faults, one in 256 requests
 * @param executed instructions executed before the running one
 */
export function createWorld(seed: number, executed: () => number): World {
  let requests = 0;
  let number = 0;
  const model = createModelIo({
    pins: WORLD_PINS,
    buttons: WORLD_BUTTONS,
    clock: 'virtual',
    executed,
    inputs: (port) => ((port & ~0xff) === PORTS.ANALOG ? analogValue(number) : number & 1),
  });
  /** Takes the next number of the script; false when this request is to fail. */
  const request = (): boolean => {
    number = script(seed, requests);
    requests += 1;
    return (seed & 1) === 0 || ((number >>> 8) & 0xff) !== 0;
  };
  const FAULT = VM_ERRORS.HARDWARE_FAULT;
  return {
    requests: () => requests,
    io: {
      pinMode: (pin, mode) => (request() ? model.pinMode(pin, mode) : FAULT),
      digitalWrite: (pin, level) => (request() ? model.digitalWrite(pin, level) : FAULT),
      digitalRead: (pin, out) => (request() ? model.digitalRead(pin, out) : FAULT),
      analogWrite: (pin, value) => (request() ? model.analogWrite(pin, value) : FAULT),
      analogRead: (pin, out) => (request() ? model.analogRead(pin, out) : FAULT),
      button: (id, out) => (request() ? model.button(id, out) : FAULT),
      delay: (ms) => (request() ? model.delay(ms) : FAULT),
      millis: (out) => (request() ? model.millis(out) : FAULT),
      micros: (out) => (request() ? model.micros(out) : FAULT),
      print: (text) => (request() ? model.print(text) : FAULT),
    },
  };
}
