import { describe, expect, it } from 'vitest';
import type { ModelResult } from '../../../src/judge/index.ts';
import { byLines, printEvent } from '../../../src/judge/sketch.ts';
import { compareBehaviours } from '../../../src/judge/verdict.ts';

const ran = (events: readonly string[], end = 'ended'): ModelResult => ({
  ...{ kind: 'ran', behaviour: { events, end }, size: 1, reached: 1, steps: 1 },
});

describe('a comparison', () => {
  it('sees no difference in how a text is cut into pieces', () => {
    const host = { events: [String.raw`print a\nb`, 'print c', 'print ', 'delay 1'], end: 'ended' };
    const model = ran(['print a', String.raw`print \nbc`, 'delay 1']);
    expect(compareBehaviours(host, model)).toEqual({ kind: 'agree' });
  });

  it('sees the first event that differs, with those before', () => {
    const host = { events: ['delay 1', 'delay 2', 'delay 3'], end: 'ended' };
    expect(compareBehaviours(host, ran(['delay 1', 'delay 20', 'delay 3']))).toEqual({
      ...{ kind: 'differ', sort: 'behaviour' },
      lines: ['event 2 differs', '        delay 1', '  gcc   delay 2', '  ours  delay 20'],
    });
  });

  it.each([
    { host: ['delay 1'], model: ['delay 1', 'delay 2'] },
    { host: ['delay 1', 'delay 2'], model: ['delay 1'] },
    { host: ['print a', 'delay 1', 'print b'], model: ['print ab', 'delay 1'] },
    { host: ['print a'], model: [] },
    { host: ['millis = 1'], model: ['micros = 1'] },
  ])('sees $model instead of $host', ({ host, model }) => {
    const verdict = compareBehaviours({ events: host, end: 'ended' }, ran(model));
    expect(verdict.kind).toBe('differ');
  });

  it('sees a different end', () => {
    const host = { events: [], end: 'ended' };
    const verdict = compareBehaviours(host, ran([], 'stopped with error 6 (DIVISION_BY_ZERO)'));
    expect(verdict).toEqual({
      ...{ kind: 'differ', sort: 'behaviour' },
      lines: [
        'the first event differs',
        '  gcc   = ended',
        '  ours  = stopped with error 6 (DIVISION_BY_ZERO)',
      ],
    });
  });

  it('tells who refuses a sketch', () => {
    const refused: ModelResult = { kind: 'refused', messages: ['a.ino:1:1: error: no'] };
    const host = { events: [], end: 'refused by g++: no' };
    expect(compareBehaviours({ events: [], end: 'ended' }, refused)).toMatchObject({
      sort: 'refused',
      lines: ['our compiler refuses it', 'a.ino:1:1: error: no'],
    });
    expect(compareBehaviours(host, ran([]))).toMatchObject({ kind: 'differ', sort: 'host' });
  });

  it('passes no verdict on what is too large for the machine', () => {
    const limit: ModelResult = { kind: 'limit', what: 'stack overflow' };
    expect(compareBehaviours({ events: [], end: 'ended' }, limit)).toEqual(limit);
  });
});

describe('printed text', () => {
  it('is shown byte by byte', () => {
    expect(printEvent(Uint8Array.from([0x61, 0x0a, 0x5c, 0x00, 0xff, 0x22]))).toBe(
      String.raw`print a\n\x5c\x00\xff"`,
    );
  });

  it('is compared line by line', () => {
    const events = ['print ab', String.raw`print c\nd`, 'delay 5', 'print ', String.raw`print \n`];
    expect(byLines(events)).toEqual([
      String.raw`print abc\n`,
      'print d',
      'delay 5',
      String.raw`print \n`,
    ]);
  });
});
