import type { VM_ERRORS } from '../isa/index.ts';

/** Result of an io operation: done, the pin can't do that (9), or no such pin or button (12). */
export type IoStatus =
  typeof VM_ERRORS.NONE | typeof VM_ERRORS.HARDWARE_FAULT | typeof VM_ERRORS.INVALID_ARGUMENT;

/** Where a read leaves its value; owned by the caller and used again for the next read. */
export interface IoValue {
  value: number;
}

/**
 * The engine's only way to pins, time and text. An operation that doesn't return NONE has done nothing, and sets `out`
 * only when it returns NONE. Pin numbers and button ids are int32 as the program gave them; the controller judges them.
 */
export interface IOController {
  /** @param mode one of PIN_MODES */
  pinMode: (pin: number, mode: number) => IoStatus;
  /** @param level 0 or 1. 9 when the pin isn't an OUTPUT */
  digitalWrite: (pin: number, level: number) => IoStatus;
  /** Gives 0 or 1. An unconfigured pin becomes INPUT. */
  digitalRead: (pin: number, out: IoValue) => IoStatus;
  /** @param value 0..255. 9 when the pin has neither PWM nor DAC */
  analogWrite: (pin: number, value: number) => IoStatus;
  /** Gives 0..4095. 9 when the pin has no ADC. */
  analogRead: (pin: number, out: IoValue) => IoStatus;
  /** Gives 1 when the debounced button is pressed, else 0. */
  button: (id: number, out: IoValue) => IoStatus;
  /** @param ms milliseconds, 0..2,147,483,647 */
  delay: (ms: number) => IoStatus;
  /** Gives milliseconds since start as u32. */
  millis: (out: IoValue) => IoStatus;
  /** Gives microseconds since start as u32. */
  micros: (out: IoValue) => IoStatus;
  /** @param text 0..255 bytes, the controller's to keep */
  print: (text: Uint8Array) => IoStatus;
}
