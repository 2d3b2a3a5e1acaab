import { describe, expect, it } from 'vitest';
import type { PinChange } from '../../../src/lockstep/index.ts';
import { identityOf, pinTimingOf } from '../../../src/suite/record-views.ts';
import type { Hello } from '../../../src/wire/index.ts';

const change = (pin: number, level: 0 | 1, timeUs: number): PinChange => ({ pin, level, timeUs });
const BLINK = [change(13, 1, 0), change(13, 0, 100_000), change(13, 1, 300_000)];

describe('identityOf', () => {
  it('says where hot code is only when that is not the flash', () => {
    const hello = { build: 'harness', isa: 7 } as Hello;
    expect(identityOf({ hello })).not.toHaveProperty('hot');
    expect(identityOf({ hello: { ...hello, hot: 'ccm' } })).toMatchObject({
      hot: 'ccm',
      isa: '00000007',
    });
  });
});

describe('pinTimingOf', () => {
  it('pairs what one program did with what was seen', () => {
    const seen = [change(13, 1, 50), change(13, 0, 100_150), change(13, 1, 300_050)];
    expect(pinTimingOf([BLINK], seen)).toEqual({
      pinTiming: [
        { pin: 13, level: 1, nominalMs: 100, measuredMs: 100.1 },
        { pin: 13, level: 0, nominalMs: 200, measuredMs: 199.9 },
      ],
      pinTimingNotes: [],
    });
  });

  it.each<[string, PinChange[][], PinChange[], string]>([
    [
      'an edge too few',
      [BLINK],
      BLINK.slice(0, 2),
      'pin 13: the program changed it 3 times, 2 edges were seen: no interval can be told',
    ],
    [
      'no edge',
      [BLINK.slice(0, 1)],
      [change(13, 1, 0), change(13, 0, 1)],
      'pin 13: the program changed it once, 2 edges were seen: no interval can be told',
    ],
    ['two drivers', [BLINK, BLINK], BLINK, 'pin 13: 2 programs drove it'],
  ])('%s: says why there is no table', (_, changes, edges, note) => {
    expect(pinTimingOf(changes, edges)).toEqual({ pinTiming: [], pinTimingNotes: [note] });
  });

  it('has nothing to say of a pin that was only kept low', () => {
    const timing = pinTimingOf([[change(13, 0, 0)]], []);
    expect(timing).toEqual({ pinTiming: [], pinTimingNotes: [] });
  });
});
