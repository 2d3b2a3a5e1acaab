import { describe, expect, it } from 'vitest';
import { isGarbled, ReplyLedger } from '../../../src/link/damage.ts';

describe('garbage among the lines', () => {
  it.each([
    ['the end of a frame', 'R05 ok*1A2B', true],
    ['a frame behind something else', 'x@R05 ok*1A2B\r', true],
    ['a byte beyond ASCII', 'up 5 s\u00e9', true],
    ['a control character', 'up\u0000 5 s', true],
    ['a text for a person', 'VM 0: loaded, pc 0, error 0\r', false],
    ['a text with a star', '2 * 3\tis 6', false],
  ])('%s: %j', (_, text, garbled) => {
    expect(isGarbled(text)).toBe(garbled);
  });
});

describe('replies against requests', () => {
  const request = (seq: number, sent = 1, name = 'POLL') => ({ name, seq, sent });

  it('are complete when each copy has one, also late', () => {
    const ledger = new ReplyLedger();
    ledger.answered(request(0, 3));
    ledger.stray(0);
    ledger.stray(0);
    ledger.answered(request(1));
    expect([ledger.lost, ledger.doubled]).toEqual([0, 0]);
  });

  it('are lost when the next request is answered before', () => {
    const ledger = new ReplyLedger();
    ledger.answered(request(0, 3));
    ledger.stray(0);
    expect(ledger.lost).toBe(0);
    ledger.answered(request(1));
    expect(ledger.lost).toBe(1);
  });

  it('are doubled beyond the copies sent', () => {
    const ledger = new ReplyLedger();
    ledger.answered(request(0));
    ledger.stray(0);
    expect(ledger.doubled).toBe(1);
  });

  it('of a board that is starting are not counted', () => {
    const ledger = new ReplyLedger();
    ledger.answered(request(0, 5, 'HELLO'));
    ledger.answered(request(1));
    expect(ledger.lost).toBe(0);
  });

  it('say nothing after a request that was given up', () => {
    const ledger = new ReplyLedger();
    ledger.answered(request(0, 2));
    ledger.abandoned();
    ledger.stray(0);
    ledger.answered(request(2));
    expect([ledger.lost, ledger.doubled]).toEqual([0, 0]);
  });
});
