import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EFFECT_KINDS, type Effect } from '../../../src/isa/index.ts';
import {
  decodeBytes,
  decodeEffects,
  encodeBytes,
  encodeEffects,
  putVarint,
  unzigzag,
  zigzag,
} from '../../../src/wire/index.ts';
import {
  badBase64,
  badRecords,
  base64,
  goldenRecords,
  hexBytes,
  varints,
} from '../../helpers/wire-vectors.ts';

describe('base64', () => {
  it.each(base64)('$text', ({ text, bytes }) => {
    expect(encodeBytes(hexBytes(bytes))).toBe(text);
    expect(decodeBytes(text)).toEqual(hexBytes(bytes));
  });

  it.each(badBase64)('refuses %j', (text) => {
    expect(decodeBytes(text)).toBeUndefined();
  });
});

describe('integers', () => {
  it.each(varints)('varint of $value is $bytes', ({ value, bytes }) => {
    const out: number[] = [];
    putVarint(out, value);
    expect(Buffer.from(out).toString('hex')).toBe(bytes);
  });

  it.each([
    [0, 0],
    [-1, 1],
    [1, 2],
    [-2, 3],
    [0x7fffffff, 0xfffffffe],
    [-0x80000000, 0xffffffff],
  ])('zigzag of %d is %d', (value, code) => {
    expect(zigzag(value)).toBe(code);
    expect(unzigzag(code)).toBe(value);
  });
});

describe('golden records', () => {
  it.each(goldenRecords)('$name: encoded', ({ effects, bytes }) => {
    expect(encodeEffects(effects)).toEqual(bytes);
  });

  it.each(goldenRecords)('$name: decoded', ({ effects, bytes }) => {
    expect(decodeEffects(bytes)).toEqual(effects);
  });

  it.each(goldenRecords)('$name: never decodes when cut short within a record', (golden) => {
    const { bytes, effects } = golden;
    const whole = new Set(
      effects.map((_, index) => encodeEffects(effects.slice(0, index + 1)).length),
    );
    for (let length = 0; length < bytes.length; length += 1) {
      if (whole.has(length)) continue;
      expect(() => decodeEffects(bytes.slice(0, length))).toThrow();
    }
  });
});

describe('records that are refused', () => {
  it.each(badRecords)('$name', ({ bytes, reason }) => {
    expect(() => decodeEffects(hexBytes(bytes))).toThrow(reason);
  });

  it('a text longer than 255 bytes', () => {
    const text = new Uint8Array(256);
    const effect: Effect = {
      pc: 0,
      opcode: 0x18,
      sp: 0,
      kind: EFFECT_KINDS.PRINT,
      address: 0,
      value: 0,
      text,
    };
    expect(() => encodeEffects([effect])).toThrow(/256 bytes/);
  });
});

describe('any sequence of effects', () => {
  const common = {
    pc: fc.integer({ min: 0, max: 65_535 }),
    opcode: fc.integer({ min: 0, max: 255 }),
    sp: fc.integer({ min: 0, max: 128 }),
  };
  const value = fc.integer({ min: -0x80000000, max: 0x7fffffff });
  const address = fc.integer({ min: 0, max: 0x7ff });
  const plain = fc.record<Effect>({
    ...common,
    kind: fc.constantFrom(EFFECT_KINDS.TOP, EFFECT_KINDS.ERROR),
    address: fc.constant(0),
    value,
  });
  const addressed = fc.record<Effect>({
    ...common,
    kind: fc.constantFrom(EFFECT_KINDS.STORE, EFFECT_KINDS.INPUT, EFFECT_KINDS.OUTPUT),
    address,
    value,
  });
  const print = fc.record<Effect>({
    ...common,
    kind: fc.constant(EFFECT_KINDS.PRINT),
    address,
    value: fc.constant(0),
    text: fc.uint8Array({ maxLength: 255 }),
  });

  it('survives the way to bytes and back', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(plain, addressed, print), { minLength: 1, maxLength: 40 }),
        (effects) => {
          expect(decodeEffects(encodeEffects(effects))).toEqual(effects);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('decodes from arbitrary bytes to something the stack can hold, or is refused', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        let effects: Effect[];
        try {
          effects = decodeEffects(bytes);
        } catch {
          return;
        }
        for (const { pc, sp } of effects) {
          expect(pc).toBeLessThanOrEqual(65_535);
          expect(sp).toBeLessThanOrEqual(128);
        }
      }),
    );
  });
});
