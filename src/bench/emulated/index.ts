/** An emulated Nucleo-G474RE: QEMU, its pins, and a virtual ST-LINK for the real OpenOCD. */
export { EMULATED_LACKS, FIDELITY, type Peripheral } from './fidelity.ts';
export {
  startEmulatedNucleo,
  type EmulatedNucleo,
  type EmulatedNucleoSettings,
  type OpenocdArguments,
} from './nucleo.ts';
export { type BoardPins, type GpioPin } from './pins.ts';
