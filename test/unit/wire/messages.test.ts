import { describe, expect, it } from 'vitest';
import { HilError } from '../../../src/errors/index.ts';
import {
  boardSchema,
  decodeBytesReply,
  decodeEvent,
  decodeRefusal,
  decodeValues,
  helloSchema,
  statusSchema,
} from '../../../src/wire/index.ts';
import { goldenFrames, goldenRecords } from '../../helpers/wire-vectors.ts';

const fieldsOf = (name: string): string[] => {
  const frame = goldenFrames.find((golden) => golden.name === name);
  if (frame === undefined) throw new Error(`no golden frame ${name}`);
  return frame.fields;
};

const thrown = (work: () => unknown): HilError => {
  try {
    work();
  } catch (error) {
    if (error instanceof HilError) return error;
  }
  throw new Error('nothing was thrown');
};

describe('HELLO', () => {
  it('reads every value', () => {
    expect(decodeValues('HELLO reply', helloSchema, fieldsOf('hello reply'), false)).toEqual({
      proto: 4,
      fw: '0123abcd-dirty',
      build: 'harness',
      defect: 'none',
      isa: 0x89abcdef,
      elf: '0123456789abcdef0123456789abcdef01234567',
      board: 'nucleo_g474re',
      uid: '0011223344556677889aabbc',
      clock: 170_000_000,
      line: 512,
      arena: 24_576,
      chunks: 8,
      vms: 4,
      vmbytes: 5080,
      epoch: 4096,
      traced: true,
      adc: true,
      script: 1024,
      rate: 56_666_666,
    });
  });

  it('reads where hot code is, when it is not in flash', () => {
    const hot = (value: string) =>
      decodeValues('HELLO reply', helloSchema, [...fieldsOf('hello reply'), `hot=${value}`], false);
    expect(hot('ccm').hot).toBe('ccm');
    expect(() => hot('dtcm')).toThrow(/hot/);
  });

  it('ignores a field it does not know', () => {
    const fields = [...fieldsOf('hello reply'), 'later=1'];
    expect(decodeValues('HELLO reply', helloSchema, fields, false).proto).toBe(4);
  });

  it.each([
    [
      'a missing field',
      (fields: string[]) => fields.filter((field) => !field.startsWith('uid=')),
      'uid',
    ],
    ['a field twice', (fields: string[]) => [...fields, 'uid=1'], 'uid occurs twice'],
    ['a field without a value', (fields: string[]) => [...fields, 'uid'], 'uid is not key=value'],
    ['a field without a name', (fields: string[]) => [...fields, '=1'], '=1 is not key=value'],
    [
      'a leading zero',
      (fields: string[]) => fields.map((field) => field.replace('clock=', 'clock=0')),
      'clock',
    ],
    [
      'a number above 32 bits',
      (fields: string[]) => fields.map((field) => field.replace(/clock=.*/, 'clock=4294967296')),
      'clock',
    ],
    [
      'a short id',
      (fields: string[]) => fields.map((field) => field.replace(/elf=../, 'elf=')),
      'elf',
    ],
  ])('refuses %s and names it', (_, change, named) => {
    const error = thrown(() =>
      decodeValues('HELLO reply', helloSchema, change(fieldsOf('hello reply')), false),
    );
    expect(error.causeClass).toBe('firmware');
    expect(error.message).toContain(named);
  });
});

describe('BOARD', () => {
  const read = (fields: string[]) => decodeValues('BOARD reply', boardSchema, fields, false);

  it('reads every value', () => {
    expect(read(fieldsOf('board reply'))).toEqual({
      reset: ['pin', 'watchdog'],
      stack: { size: 3072, used: 712 },
      lost: 4_294_967_295,
      watchdog: 30_000,
      vdda: 3298,
      crash: {
        exception: 5,
        pc: 0x0800_12ab,
        lr: 0xffff_fff9,
        psr: 0x6100_0000,
        sp: 0x2000_0bd0,
        cfsr: 0x8200,
        hfsr: 0,
        mmfar: 0xe000_ed34,
        bfar: 0xffff_fff0,
        vm: 3,
        steps: 4_294_967_295,
      },
    });
  });

  it('reads what a board knows that has neither flags nor stack nor watchdog', () => {
    const known = { lost: 0, vdda: undefined };
    const unknown = { reset: undefined, stack: undefined, watchdog: undefined, crash: undefined };
    expect(read(fieldsOf('board reply that knows little'))).toEqual({ ...unknown, ...known });
    expect(read(['reset=none', 'lost=0']).reset).toEqual([]);
  });

  it.each([
    ['a cause that is none', ['reset=pin,magic', 'lost=0'], 'reset.1'],
    ['a supply that is no number', ['reset=none', 'lost=0', 'vdda=3.3'], 'vdda'],
    ['no count of lost bytes', ['reset=none'], 'lost'],
    ['a crash without its registers', ['reset=none', 'lost=0', 'crash=3'], 'pc'],
  ])('refuses %s and names it', (_, fields, named) => {
    expect(thrown(() => read(fields)).message).toContain(`malformed: ${named}: `);
  });
});

describe('status', () => {
  it('reads every value', () => {
    expect(decodeValues('STATUS reply', statusSchema, fieldsOf('status'))).toEqual({
      state: 'running',
      reason: 'none',
      steps: 4_294_967_295,
      rounds: 3,
      pc: 17,
      sp: 2,
      depth: 1,
      error: 0,
      sent: 4_294_967_290,
      badframes: 0,
      us: 4_294_967_295,
    });
  });

  it('refuses a reply without ok', () => {
    const error = thrown(() =>
      decodeValues('STATUS reply', statusSchema, fieldsOf('status').slice(1)),
    );
    expect(error.message).toContain('does not begin with ok');
  });
});

describe('events', () => {
  it('reads a chunk', () => {
    const records = goldenRecords.at(-1)?.bytes;
    expect(decodeEvent(fieldsOf('trace'))).toEqual({
      event: 'TRACE',
      vm: 0,
      first: 0,
      count: 7,
      us: 123_456,
      records,
    });
  });

  it('reads inputs and a checkpoint', () => {
    expect(decodeEvent(fieldsOf('inputs'))).toMatchObject({
      event: 'INPUTS',
      vm: 0,
      epoch: 3,
      first: 0,
      count: 2,
      us: 123_456,
    });
    expect(decodeEvent(fieldsOf('check'))).toMatchObject({ event: 'CHECK', vm: 0, endStep: 1 });
  });

  it('reads the checkpoint of a full epoch', () => {
    const fields = fieldsOf('check of a full epoch');
    expect(decodeEvent(fields)).toMatchObject({ event: 'FULL', vm: 0, epoch: 0 });
  });

  it('reads an end', () => {
    expect(decodeEvent(fieldsOf('done'))).toEqual({
      event: 'DONE',
      vm: 0,
      reason: 'halted',
      steps: 42,
      pc: 17,
      error: 0,
    });
  });

  it.each([
    [['DONE', '4', 'halted', '1', '2', '0']],
    [['DONE', '0', 'tired', '1', '2', '0']],
    [['DONE', '0', 'halted', '1', '2']],
    [['TRACE', '0', '0', '1', '2', 'A']],
    [['INPUTS', '0', '1', '0', '1', '2']],
    [['CHECK', '0']],
    [['NOISE']],
    [[]],
  ])('refuses %j', (fields) => {
    expect(thrown(() => decodeEvent(fields)).causeClass).toBe('firmware');
  });
});

describe('other replies', () => {
  it('reads a refusal', () => {
    expect(decodeRefusal(fieldsOf('refusal with words'))).toEqual({
      code: 'no-room',
      detail: '24576 bytes is all there is',
    });
    expect(() => decodeRefusal(['tired', 'x'])).toThrow(HilError);
  });

  it('reads bytes', () => {
    expect(decodeBytesReply('PEEK reply', ['AAE='])).toEqual(Uint8Array.of(0, 1));
    expect(() => decodeBytesReply('PEEK reply', ['AAE'])).toThrow(/not base64/);
    expect(() => decodeBytesReply('PEEK reply', [])).toThrow(HilError);
  });
});
