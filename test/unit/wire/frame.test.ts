import { describe, expect, it } from 'vitest';
import { crc16, encodeFrame, LINE_LIMIT, parseLine } from '../../../src/wire/index.ts';
import { badLines, consoleLines, goldenFrames } from '../../helpers/wire-vectors.ts';

describe('crc16', () => {
  it('has the check value of CRC-16/CCITT-FALSE', () => {
    expect(crc16('123456789')).toBe(0x29b1);
  });

  it('counts one byte per character', () => {
    // binascii.crc_hqx(b'\xe9', 0xFFFF)
    expect(crc16('\u00e9')).toBe(0x8df7);
  });
});

describe('golden frames', () => {
  it.each(goldenFrames)('$name: encoded', ({ type, seq, fields, line }) => {
    expect(encodeFrame({ type, seq, fields })).toBe(`${line}\n`);
  });

  it.each(goldenFrames)('$name: parsed, also before a carriage return', (golden) => {
    const { type, seq, fields, line } = golden;
    const expected = { kind: 'frame', frame: { type, seq, fields } };
    expect(parseLine(line)).toEqual(expected);
    expect(parseLine(`${line}\r`)).toEqual(expected);
  });
});

describe('lines that are no frames', () => {
  it.each(badLines)('$name: $reason', ({ line, reason }) => {
    expect(parseLine(line)).toEqual({ kind: 'bad', reason, line });
  });

  it.each(consoleLines)('console: %j', (text) => {
    expect(parseLine(text)).toEqual({ kind: 'console', text });
    expect(parseLine(`${text}\r`)).toEqual({ kind: 'console', text });
  });
});

describe('damage', () => {
  /** Every single-bit error, and the bytes with a meaning of their own: at sign, star, space, equals, return, NUL. */
  const damaged = (byte: number): number[] => [
    ...[0, 1, 2, 3, 4, 5, 6, 7].map((bit) => byte ^ (1 << bit)),
    ...[0x40, 0x2a, 0x20, 0x3d, 0x0d, 0x00].filter((code) => code !== byte),
  ];

  it.each(goldenFrames)('$name: no changed byte passes', ({ line }) => {
    for (let at = 0; at < line.length; at += 1) {
      for (const code of damaged(line.charCodeAt(at))) {
        const hurt = line.slice(0, at) + String.fromCharCode(code) + line.slice(at + 1);
        if (parseLine(hurt).kind === 'frame') expect.fail(`byte ${at} as ${code} was accepted`);
      }
    }
  });

  it.each(goldenFrames)('$name: no lost, doubled or cut-off byte passes', ({ line }) => {
    const accepted: string[] = [];
    for (let at = 0; at < line.length; at += 1) {
      const lost = line.slice(0, at) + line.slice(at + 1);
      const doubled = line.slice(0, at) + line.slice(at, at + 1) + line.slice(at);
      accepted.push(...[lost, doubled, line.slice(0, at)].filter((hurt) => isFrame(hurt)));
    }
    expect(accepted).toEqual([]);
  });

  const isFrame = (line: string): boolean => parseLine(line).kind === 'frame';
});

describe('encodeFrame refuses', () => {
  it.each(['', 'a b', 'a*b', 'a@b', 'a\n', '\u00e9', '\u007f'])('the field %j', (field) => {
    expect(() => encodeFrame({ type: 'Q', seq: 0, fields: [field] })).toThrow(/forbidden byte/);
  });

  it.each([-1, 256, 1.5])('the number %s', (seq) => {
    expect(() => encodeFrame({ type: 'Q', seq, fields: ['HELLO'] })).toThrow(/not 0\.\.255/);
  });

  it('a line of more than 512 bytes', () => {
    const room = LINE_LIMIT - '@Q00 *0000\n'.length;
    expect(encodeFrame({ type: 'Q', seq: 0, fields: ['a'.repeat(room)] })).toHaveLength(512);
    expect(() => encodeFrame({ type: 'Q', seq: 0, fields: ['a'.repeat(room + 1)] })).toThrow(
      /513 bytes exceeds 512/,
    );
  });
});
