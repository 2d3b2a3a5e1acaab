import { describe, expect, it } from 'vitest';
import { breakOffTriage, type BreakOffWitnesses } from '../../../src/suite/break-off-triage.ts';
import type { BoardLeg } from '../../../src/suite/triage.ts';

const board = (same: number, otherwise = 0, agreed = 0): BoardLeg => ({
  ran: true,
  same,
  otherwise,
  agreed,
});
const silent = (why: string) => ({ ran: false, why }) as const;

/** A board that always dies in a step that native C ends. */
const STEADY: BreakOffWitnesses = {
  place: 'step 12',
  what: 'fell silent',
  io: false,
  others: 'none',
  native: { ran: true, does: 'model' },
  board: board(2),
  defect: 'none',
};

describe('triage of a run that broke off', () => {
  it.each<[string, Partial<BreakOffWitnesses>, string]>([
    ['always, in a step that native C ends', {}, 'toolchain'],
    ['always, in a step that goes through drivers', { io: true }, 'firmware'],
    ['native C dies there too', { native: { ran: true, does: 'board', text: 'x' } }, 'semantics'],
    [
      'native C dies there too, and it is a step with drivers',
      { io: true, native: { ran: true, does: 'board', text: 'x' } },
      'semantics',
    ],
    ['native C parts from the model before', { native: { ran: true, does: 'else' } }, 'semantics'],
    ['once, and never again', { board: board(0, 0, 2) }, 'transient'],
    [
      'now and then, native C not asked',
      { native: silent('x'), board: board(1, 0, 1) },
      'transient',
    ],
    ['in another way each time', { board: board(1, 1) }, 'hardware'],
    ['at a step that is not known', { place: undefined, native: silent('x') }, 'firmware'],
    ['always, and alone too', { others: 'innocent' }, 'toolchain'],
    ['always, but not alone', { others: 'guilty' }, 'firmware'],
    ['always, beside others', { others: 'unknown' }, 'firmware'],
    ['beside others, now and then', { others: 'guilty', board: board(1, 0, 1) }, 'transient'],
    ['no native C', { native: silent('not built') }, 'firmware'],
    ['no reruns', { board: silent('none wanted') }, 'firmware'],
  ])('%s', (_, change, cause) => {
    expect(breakOffTriage({ ...STEADY, ...change }).cause).toBe(cause);
  });

  it('says what each witness said, and what the firmware says of itself', () => {
    const { legs, reruns, reasons } = breakOffTriage({
      ...STEADY,
      board: board(1, 0, 1),
      defect: 'HANG_IN_DELAY',
    });
    expect(legs.native.text).toBe('does what the model does, up to and with step 12');
    expect(legs.board.text).toBe('1 of 2 reruns fell silent too, 1 came to their end');
    expect(legs.model.ran).toBe(false);
    expect(reruns).toEqual({ same: 1, otherwise: 0, agreed: 1 });
    expect(reasons[1]).toContain('HANG_IN_DELAY');
  });

  it('says why one could not be asked', () => {
    const { legs, reruns, reasons } = breakOffTriage({
      ...STEADY,
      place: undefined,
      native: silent('not asked: no step'),
      board: silent('no time'),
    });
    expect(legs.native).toEqual({ ran: false, text: 'not asked: no step' });
    expect(legs.board).toEqual({ ran: false, text: 'no time' });
    expect(reruns).toBeUndefined();
    expect(reasons).toEqual(['at which step it broke off isn’t known']);
  });
});
