import type { DebugInfo } from '../image/index.ts';
import {
  EFFECT_KINDS,
  errorName,
  PIN_MODES,
  PORTS,
  STORE_ADDRESSES,
  type Effect,
} from '../isa/index.ts';

/** `name (id 3)` when the source has a name for it, else `3`. */
function named(id: number, names: readonly { name: string; id: number }[] | undefined): string {
  const found = names?.find((entry) => entry.id === id);
  return found === undefined ? `${id}` : `${id} (${found.name})`;
}

/** A STORE address in words: `global 3 (buttonState)`, `stack slot 5`, `array 0 (samples) cell 7`. */
export function storeText(address: number, debug: DebugInfo | undefined): string {
  if (address >= STORE_ADDRESSES.ARRAY) {
    const cell = address - STORE_ADDRESSES.ARRAY;
    return `array ${named(cell >> 6, debug?.arrays)} cell ${cell & 63}`;
  }
  if (address >= STORE_ADDRESSES.CREATE) {
    return `length of array ${named(address - STORE_ADDRESSES.CREATE, debug?.arrays)}`;
  }
  if (address >= STORE_ADDRESSES.LOCAL) return `stack slot ${address - STORE_ADDRESSES.LOCAL}`;
  return `global ${named(address, debug?.globals)}`;
}

/** A port in words: `pin 13`, `analog pin 16`, `mode of pin 13`, `button 0`, `delay (ms)`. */
export function portText(address: number): string {
  switch (address) {
    case PORTS.DELAY:
      return 'delay (ms)';
    case PORTS.MILLIS:
      return 'millis()';
    case PORTS.MICROS:
      return 'micros()';
    case PORTS.PRINT:
      return 'printf';
    default: {
      const id = address & 0xff;
      const names: Readonly<Record<number, string>> = {
        [PORTS.DIGITAL]: `pin ${id}`,
        [PORTS.ANALOG]: `analog pin ${id}`,
        [PORTS.PIN_MODE]: `mode of pin ${id}`,
        [PORTS.BUTTON]: `button ${id}`,
      };
      return names[address - id] ?? `port 0x${address.toString(16)}`;
    }
  }
}

function outputValueText(effect: Effect): string {
  if ((effect.address & ~0xff) !== PORTS.PIN_MODE) return `${effect.value}`;
  const mode = Object.entries(PIN_MODES).find(([, value]) => value === effect.value);
  return mode === undefined ? `${effect.value}` : mode[0];
}

/** Printable text of bytes, as a C string literal. */
function quoteBytes(bytes: Uint8Array): string {
  return JSON.stringify(Buffer.from(bytes).toString('latin1'));
}

/** What a step did, in words. The stack depth is included, so that equal texts mean equal effects. */
export function effectText(effect: Effect, debug: DebugInfo | undefined): string {
  const depth = `stack depth ${effect.sp}`;
  switch (effect.kind) {
    case EFFECT_KINDS.TOP:
      return effect.sp === 0 ? 'stack empty' : `top of stack ${effect.value}, ${depth}`;
    case EFFECT_KINDS.STORE:
      return `${storeText(effect.address, debug)} = ${effect.value}, ${depth}`;
    case EFFECT_KINDS.INPUT:
      return `read ${portText(effect.address)} = ${effect.value}, ${depth}`;
    case EFFECT_KINDS.OUTPUT:
      return `set ${portText(effect.address)} = ${outputValueText(effect)}, ${depth}`;
    case EFFECT_KINDS.PRINT:
      return `print ${quoteBytes(effect.text ?? new Uint8Array())}, ${depth}`;
    case EFFECT_KINDS.ERROR:
      return `fault ${effect.value} ${errorName(effect.value)}, ${depth}`;
  }
}

/** Names of the fields in which two effects differ; empty when they are equal. */
export function differingFields(expected: Effect, actual: Effect): string[] {
  const fields: string[] = [];
  if (expected.pc !== actual.pc) fields.push('pc');
  if (expected.opcode !== actual.opcode) fields.push('opcode');
  if (expected.sp !== actual.sp) fields.push('sp');
  if (expected.kind !== actual.kind) fields.push('kind');
  if (expected.address !== actual.address) fields.push('address');
  if (expected.value !== actual.value) fields.push('value');
  const texts = [expected.text ?? new Uint8Array(), actual.text ?? new Uint8Array()] as const;
  if (Buffer.compare(...texts) !== 0) fields.push('text');
  return fields;
}
