import { describe, expect, it } from 'vitest';
import { EFFECT_KINDS, PORTS, STORE_ADDRESSES } from '../../../src/isa/index.ts';
import { effectText, portText } from '../../../src/lockstep/index.ts';

const DEBUG = {
  files: [],
  lines: [],
  functions: [],
  globals: [{ name: 'buttonState', id: 3 }],
  arrays: [{ name: 'samples', id: 1, length: 8 }],
};
const base = { pc: 0, opcode: 1, sp: 2, address: 0, value: 1 };

describe('effectText', () => {
  it.each([
    [{ ...base, kind: EFFECT_KINDS.TOP }, 'top of stack 1, stack depth 2'],
    [{ ...base, kind: EFFECT_KINDS.TOP, sp: 0 }, 'stack empty'],
    [
      { ...base, kind: EFFECT_KINDS.STORE, address: STORE_ADDRESSES.GLOBAL + 3 },
      'global 3 (buttonState) = 1, stack depth 2',
    ],
    [
      { ...base, kind: EFFECT_KINDS.STORE, address: STORE_ADDRESSES.ARRAY + 64 + 7 },
      'array 1 (samples) cell 7 = 1, stack depth 2',
    ],
    [
      { ...base, kind: EFFECT_KINDS.STORE, address: STORE_ADDRESSES.LOCAL + 5 },
      'stack slot 5 = 1, stack depth 2',
    ],
    [
      { ...base, kind: EFFECT_KINDS.STORE, address: STORE_ADDRESSES.CREATE + 2 },
      'length of array 2 = 1, stack depth 2',
    ],
    [
      { ...base, kind: EFFECT_KINDS.OUTPUT, address: PORTS.PIN_MODE + 13 },
      'set mode of pin 13 = OUTPUT, stack depth 2',
    ],
    [
      { ...base, kind: EFFECT_KINDS.INPUT, address: PORTS.DIGITAL + 22 },
      'read pin 22 = 1, stack depth 2',
    ],
    [
      { ...base, kind: EFFECT_KINDS.PRINT, address: PORTS.PRINT, text: Uint8Array.of(65, 10) },
      'print "A\\n", stack depth 2',
    ],
    [{ ...base, kind: EFFECT_KINDS.ERROR, value: 6 }, 'fault 6 DIVISION_BY_ZERO, stack depth 2'],
  ])('%#', (effect, text) => {
    expect(effectText(effect, DEBUG)).toBe(text);
  });
});

describe('portText', () => {
  it.each([
    [PORTS.ANALOG + 16, 'analog pin 16'],
    [PORTS.BUTTON, 'button 0'],
    [PORTS.DELAY, 'delay (ms)'],
    [PORTS.MILLIS, 'millis()'],
    [0x0777, 'port 0x777'],
  ])('%i is %s', (port, text) => {
    expect(portText(port)).toBe(text);
  });
});
