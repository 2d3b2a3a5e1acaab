import { describe, expect, it } from 'vitest';
import {
  acknowledgement,
  decodeEvent,
  decodeInputs,
  decodeRingHeader,
  encodeBytes,
  encodeCheckpoint,
  encodeFullCheckpoint,
  encodeInputs,
  encodeRingHeader,
} from '../../../src/wire/index.ts';
import { digestOf } from '../../helpers/fake-digest.ts';
import {
  acknowledgements,
  badInputs,
  checkpoints,
  fullCheckpoints,
  goldenInputs,
  goldenRecords,
  hexBytes,
  ringHeaders,
} from '../../helpers/wire-vectors.ts';

describe('input records', () => {
  it.each(goldenInputs)('$name', ({ inputs, bytes }) => {
    expect(Buffer.from(encodeInputs(inputs)).toString('hex')).toBe(bytes);
    expect(decodeInputs(hexBytes(bytes))).toEqual(inputs);
  });

  it.each(badInputs)('refuses $name', ({ bytes, reason }) => {
    expect(() => decodeInputs(hexBytes(bytes))).toThrow(reason);
  });
});

describe('checkpoints', () => {
  it.each(checkpoints)('of epoch $epoch', ({ bytes, ...checkpoint }) => {
    expect(Buffer.from(encodeCheckpoint(checkpoint)).toString('hex')).toBe(bytes);
    const event = decodeEvent(['CHECK', '2', encodeBytes(hexBytes(bytes))]);
    expect(event).toEqual({ event: 'CHECK', vm: 2, ...checkpoint });
  });

  it.each([17, 19])('refuses one of %d bytes', (length) => {
    const field = encodeBytes(new Uint8Array(length));
    expect(() => decodeEvent(['CHECK', '0', field])).toThrow(`${length} bytes are no checkpoint`);
  });
});

describe('checkpoints of full epochs', () => {
  it.each(fullCheckpoints)('of epoch $epoch modulo 256', ({ bytes, ...checkpoint }) => {
    expect(Buffer.from(encodeFullCheckpoint(checkpoint)).toString('hex')).toBe(bytes);
    const event = decodeEvent(['F', '2', encodeBytes(hexBytes(bytes))]);
    expect(event).toEqual({ event: 'FULL', vm: 2, ...checkpoint });
  });

  it.each([8, 10, 18])('refuses one of %d bytes', (length) => {
    const field = encodeBytes(new Uint8Array(length));
    expect(() => decodeEvent(['F', '0', field])).toThrow(
      `${length} bytes are no checkpoint of a full epoch`,
    );
  });
});

describe('acknowledgements', () => {
  it.each(acknowledgements)('of VM $vm below epoch $next', ({ vm, next, bytes }) => {
    expect(Buffer.from(acknowledgement(vm, next), 'latin1').toString('hex')).toBe(bytes);
  });
});

describe('the header of a ring', () => {
  const headers = ringHeaders.map(({ beforeFirstStep, beforeSteps, beforeHash, ...rest }) => {
    const { bytes, hash, ...header } = rest;
    const before = { firstStep: beforeFirstStep, steps: beforeSteps, hash: beforeHash | 0 };
    return { bytes, header: { ...header, hash: hash | 0, before } };
  });

  it.each(headers)('of VM $header.vm', ({ bytes, header }) => {
    expect(decodeRingHeader(hexBytes(bytes))).toEqual(header);
    expect(Buffer.from(encodeRingHeader(header)).toString('hex')).toBe(bytes);
  });

  it('is refused when any byte of it is wrong, or it is too short', () => {
    const good = hexBytes(headers[0]?.bytes ?? '');
    let refused = 0;
    for (let index = 0; index < good.length; index += 1) {
      const bad = good.slice();
      bad[index] = (bad[index] ?? 0) ^ 0x10;
      if (decodeRingHeader(bad) === undefined) refused += 1;
    }
    expect(refused).toBe(48);
    expect(decodeRingHeader(good.subarray(0, 47))).toBeUndefined();
    expect(decodeRingHeader(new Uint8Array(48))).toBeUndefined();
  });
});

// The stand-in for a board in other tests; a second reading of the page beside the one in Python.
describe("the fake board's digest", () => {
  it.each(goldenRecords)('of $name', ({ effects, stream }) => {
    const hash = effects.reduce((before, effect) => digestOf(before, effect).hash, 0x6a09e667);
    expect(hash >>> 0).toBe(stream);
  });
});
