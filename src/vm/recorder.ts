import { EFFECT_KINDS, PORTS, STORE_ADDRESSES, VM_ERRORS, type EffectKind } from '../isa/index.ts';
import { LIMITS } from '../isa/index.ts';
import type { IOController, IoStatus, IoValue } from './io.ts';
import type { VMMemoryOps } from './memory.ts';

/** Memory operations and an io controller that pass everything on and note the last thing that succeeded. */
export interface Recorder {
  readonly memory: VMMemoryOps;
  readonly io: IOController;
  /** What was noted since `clear`; TOP when nothing was. */
  readonly last: LastOperation;
}

/** Fields as in an effect record. */
export interface LastOperation {
  kind: EffectKind;
  address: number;
  value: number;
  text: Uint8Array | undefined;
}

/** Forgets the last operation. */
export function clearRecorder({ last }: Recorder): void {
  last.kind = EFFECT_KINDS.TOP;
  last.address = 0;
  last.value = 0;
  last.text = undefined;
}

function recordMemory(
  memory: VMMemoryOps,
  note: (kind: EffectKind, address: number, value: number) => void,
): VMMemoryOps {
  const store = (done: boolean, address: number, value: number): boolean => {
    if (done) note(EFFECT_KINDS.STORE, address, value);
    return done;
  };
  return {
    loadGlobal: (id) => memory.loadGlobal(id),
    storeGlobal: (id, value) =>
      store(memory.storeGlobal(id, value), STORE_ADDRESSES.GLOBAL + id, value),
    createArray: (id, size) =>
      store(memory.createArray(id, size), STORE_ADDRESSES.CREATE + id, size),
    loadArray: (id, index) => memory.loadArray(id, index),
    storeArray: (id, index, value) =>
      store(
        memory.storeArray(id, index, value),
        STORE_ADDRESSES.ARRAY + id * LIMITS.ARRAY_LENGTH + index,
        value,
      ),
  };
}

function recordIo(
  io: IOController,
  note: (kind: EffectKind, address: number, value: number, text?: Uint8Array) => void,
): IOController {
  const output = (status: IoStatus, address: number, value: number): IoStatus => {
    if (status === VM_ERRORS.NONE) note(EFFECT_KINDS.OUTPUT, address, value);
    return status;
  };
  const input = (status: IoStatus, address: number, out: IoValue): IoStatus => {
    if (status === VM_ERRORS.NONE) note(EFFECT_KINDS.INPUT, address, out.value | 0);
    return status;
  };
  return {
    pinMode: (pin, mode) => output(io.pinMode(pin, mode), PORTS.PIN_MODE + pin, mode),
    digitalWrite: (pin, level) => output(io.digitalWrite(pin, level), PORTS.DIGITAL + pin, level),
    digitalRead: (pin, out) => input(io.digitalRead(pin, out), PORTS.DIGITAL + pin, out),
    analogWrite: (pin, value) => output(io.analogWrite(pin, value), PORTS.ANALOG + pin, value),
    analogRead: (pin, out) => input(io.analogRead(pin, out), PORTS.ANALOG + pin, out),
    button: (id, out) => input(io.button(id, out), PORTS.BUTTON + id, out),
    delay: (ms) => output(io.delay(ms), PORTS.DELAY, ms),
    millis: (out) => input(io.millis(out), PORTS.MILLIS, out),
    micros: (out) => input(io.micros(out), PORTS.MICROS, out),
    print: (text) => {
      const status = io.print(text);
      if (status === VM_ERRORS.NONE) note(EFFECT_KINDS.PRINT, PORTS.PRINT, 0, text);
      return status;
    },
  };
}

/** Wraps an engine's operations. */
export function createRecorder(memory: VMMemoryOps, io: IOController): Recorder {
  const last: LastOperation = { kind: EFFECT_KINDS.TOP, address: 0, value: 0, text: undefined };
  const note = (kind: EffectKind, address: number, value: number, text?: Uint8Array): void => {
    last.kind = kind;
    last.address = address;
    last.value = value;
    last.text = text;
  };
  return { memory: recordMemory(memory, note), io: recordIo(io, note), last };
}
