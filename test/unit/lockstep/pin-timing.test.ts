import { describe, expect, it } from 'vitest';
import { pairIntervals, realChanges } from '../../../src/lockstep/index.ts';

const change = (level: 0 | 1, timeUs: number) => ({ pin: 13, level, timeUs });

describe('realChanges', () => {
  it('drops what repeats a level; a pin starts low', () => {
    const all = [change(0, 0), change(1, 10), change(1, 20), change(0, 30)];
    expect(realChanges(all)).toEqual([change(1, 10), change(0, 30)]);
  });
});

describe('pairIntervals', () => {
  const nominal = [change(1, 0), change(0, 100_000), change(1, 1_100_000)];

  it('puts nominal and measured side by side', () => {
    const seen = [change(1, 5000), change(0, 104_500), change(1, 1_106_000)];
    expect(pairIntervals(nominal, seen)).toEqual([
      { pin: 13, level: 1, nominalMs: 100, measuredMs: 99.5 },
      { pin: 13, level: 0, nominalMs: 1000, measuredMs: 1001.5 },
    ]);
  });

  it('does not pair what does not belong together', () => {
    expect(pairIntervals(nominal, nominal.slice(1))).toBeUndefined();
    expect(pairIntervals(nominal, [change(0, 0), change(1, 1), change(0, 2)])).toBeUndefined();
  });
});
