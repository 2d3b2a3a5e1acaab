import { describe, expect, it } from 'vitest';
import { canonicalIsaText } from '../../../src/isa/hash.ts';
import { ISA_HASH, OPCODES } from '../../../src/isa/index.ts';

describe('ISA_HASH', () => {
  it('is a nonzero u32', () => {
    expect(Number.isInteger(ISA_HASH)).toBe(true);
    expect(ISA_HASH).toBeGreaterThan(0);
    expect(ISA_HASH).toBeLessThanOrEqual(0xffff_ffff);
  });

  it('covers opcodes, flags, limits, errors and the constants of effects', () => {
    const lines = canonicalIsaText().split('\n');
    expect(lines).toContain('1 PUSH 0 1 value 0=|1=SIGNED|2=WIDE 2,1');
    expect(lines).toContain('24 PRINTF 1 0 string 0..8 2,8');
    expect(lines).toContain('limit.STACK_DEPTH 128');
    expect(lines).toContain('error.STACK_CORRUPTION 3');
    expect(lines).toContain('pinmode.OUTPUT 1');
    expect(lines).toContain('effect.STORE 1');
    expect(lines).toContain('store.CREATE 512');
    expect(lines).toContain('port.BUTTON 768');
    expect(lines).toContain('vm.AUDIO 1');
  });

  it('does not depend on wording', () => {
    const text = canonicalIsaText();
    for (const { summary } of OPCODES) expect(text).not.toContain(summary);
  });
});
