import { describe, expect, it } from 'vitest';
import { OPCODES } from '../../../src/isa/index.ts';
import { DISPATCH } from '../../../src/vm/dispatch.ts';
import { HANDLERS } from '../../../src/vm/handlers/index.ts';
import {
  ACTIONS,
  actionOf,
  CONTINUE,
  errorOf,
  fault,
  HALT,
  jumpAddressOf,
  jumpTo,
} from '../../../src/vm/result.ts';

describe('a handler result', () => {
  it.each([
    ['continue', CONTINUE, ACTIONS.CONTINUE, 0, 0],
    ['halt', HALT, ACTIONS.HALT, 0, 0],
    ['a jump to 0', jumpTo(0), ACTIONS.JUMP, 0, 0],
    ['a jump to 65535', jumpTo(65_535), ACTIONS.JUMP, 0, 65_535],
    ['fault 1', fault(1), ACTIONS.ERROR, 1, 0],
    ['fault 12', fault(12), ACTIONS.ERROR, 12, 0],
  ])('%s', (_, result, action, error, address) => {
    expect([actionOf(result), errorOf(result), jumpAddressOf(result)]).toEqual([
      action,
      error,
      address,
    ]);
    expect(result).toBeGreaterThanOrEqual(0);
    expect(result).toBeLessThan(2 ** 30);
  });
});

describe('the dispatch table', () => {
  it('has 256 slots, and in each the handler of its opcode or the one that faults', () => {
    expect(DISPATCH).toHaveLength(256);
    const handlers = new Map<number, unknown>(
      OPCODES.map(({ code, name }) => [code, HANDLERS[name]]),
    );
    const [empty] = DISPATCH.slice(0xff);
    for (const [code, handler] of DISPATCH.entries()) {
      expect(handler).toBe(handlers.get(code) ?? empty);
    }
    expect([...handlers.values()]).not.toContain(undefined);
    expect([...handlers.values()]).not.toContain(empty);
  });
});
