import { describe, expect, it } from 'vitest';
import { triage, type BoardLeg, type Witnesses } from '../../../src/suite/triage.ts';

const board = (same: number, otherwise = 0, agreed = 0): BoardLeg => ({
  ran: true,
  same,
  otherwise,
  agreed,
});
const silent = (why: string) => ({ ran: false, why }) as const;

/** A steady wrong result on the board alone. */
const STEADY: Witnesses = {
  place: 'step 12',
  model: { ran: true, repeats: true },
  native: { ran: true, does: 'model' },
  board: board(5),
  defect: 'none',
  live: false,
  implausible: undefined,
};

describe('triage', () => {
  it.each<[string, Partial<Witnesses>, string]>([
    ['always alike, native C as the model', {}, 'toolchain'],
    ['native C as the board', { native: { ran: true, does: 'board' } }, 'semantics'],
    ['native C as neither', { native: { ran: true, does: 'else', text: 'x' } }, 'semantics'],
    ['in some reruns only', { board: board(2, 0, 3) }, 'transient'],
    ['in no rerun', { board: board(0, 0, 5) }, 'transient'],
    ['always, but never alike', { board: board(0, 5) }, 'hardware'],
    ['always, once in another way', { board: board(4, 1) }, 'hardware'],
    ['the model does something else', { model: { ran: true, repeats: false } }, 'model'],
    ['no native C', { native: silent('not built') }, 'firmware'],
    ['no reruns', { board: silent('it died') }, 'firmware'],
    [
      'no native C, and a passing fault',
      { native: silent('x'), board: board(1, 0, 4) },
      'transient',
    ],
    [
      'native C as the board, which has died',
      { native: { ran: true, does: 'board' }, board: silent('it died') },
      'semantics',
    ],
    [
      'the model doubts itself, whatever native C says',
      { model: { ran: true, repeats: false }, native: { ran: true, does: 'board' } },
      'model',
    ],
    ['the model could not be asked', { model: silent('no time') }, 'toolchain'],
  ])('%s', (_, change, cause) => {
    expect(triage({ ...STEADY, ...change }).cause).toBe(cause);
  });

  it('says the rate', () => {
    const { legs, reruns, reasons } = triage({ ...STEADY, board: board(2, 0, 3) });
    expect(reruns).toEqual({ same: 2, otherwise: 0, agreed: 3 });
    expect(legs.board.text).toBe(
      '2 of 5 reruns wrong in the same way at step 12, 3 without a fault',
    );
    expect(reasons[0]).toBe('the board was wrong in 2 of 5 reruns, and in the run itself');
  });

  it('says why a leg was not asked', () => {
    const { legs, reruns } = triage({
      ...STEADY,
      model: silent('no step'),
      native: silent('not built'),
      board: silent('it died'),
    });
    expect(legs).toEqual({
      model: { ran: false, text: 'no step' },
      native: { ran: false, text: 'not built' },
      board: { ran: false, text: 'it died' },
    });
    expect(reruns).toBeUndefined();
  });

  it('names a deliberate defect, an impossible value, and live values', () => {
    const of = (change: Partial<Witnesses>): string =>
      triage({ ...STEADY, ...change }).reasons.join('\n');
    expect(of({})).not.toContain('defect');
    expect(of({ defect: 'SUB_SWAPPED' })).toContain('deliberate defect SUB_SWAPPED');
    expect(of({ implausible: '7 is not in 0..1' })).toContain('(7 is not in 0..1)');
    expect(of({ live: true })).toContain('live values');
  });
});
