import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Coverage, fuzzCase, MAX_STEPS, mutatedImage, observe } from '../../../src/fuzz/index.ts';
import { structuredProgram } from '../../../src/fuzz/generate/structured.ts';
import { buildImage, parseImage, type Program } from '../../../src/image/index.ts';
import { EFFECT_KINDS, VM_ERRORS } from '../../../src/isa/index.ts';

const SEED = 1;
const pins = Array.from({ length: 23 }, () => ({ adc: true, pwm: true, dac: true }));

/** The fault a program ends with on the model; 0 when it ends with none within the steps. */
function faultOf(program: Program): number {
  const coverage = new Coverage();
  observe(program, { pins, buttons: 2, inputs: () => 1, steps: 2000 }, coverage);
  return coverage.last?.kind === EFFECT_KINDS.ERROR ? coverage.last.value : 0;
}

describe('structured programs', () => {
  it('keep their stack and their jumps', () => {
    let clean = 0;
    fc.assert(
      fc.property(structuredProgram, (program) => {
        const fault = faultOf(program);
        if (fault === VM_ERRORS.NONE) clean += 1;
        expect([
          VM_ERRORS.STACK_UNDERFLOW,
          VM_ERRORS.INVALID_JUMP,
          VM_ERRORS.INVALID_OPCODE,
        ]).not.toContain(fault);
      }),
      { seed: SEED, numRuns: 500 },
    );
    // Most of them run on, or there would be little to compare.
    expect(clean).toBeGreaterThan(250);
  });
});

describe('fuzz cases', () => {
  it('fit into an image and into the limits of the native executor', () => {
    fc.assert(
      fc.property(fuzzCase, ({ program, inputs, steps, rounds }) => {
        expect(parseImage(buildImage(program))).toMatchObject({ ok: true });
        expect(steps).toBeGreaterThan(0);
        expect(steps).toBeLessThanOrEqual(MAX_STEPS);
        expect(inputs).toBe(inputs >>> 0);
        expect(rounds).toBe(rounds >>> 0);
      }),
      { seed: SEED, numRuns: 500 },
    );
  });
});

describe('mutated images', () => {
  it('are not refused for what an intact debug section says', () => {
    const counts = { ok: 0, refused: 0 };
    for (const { bytes, debugIntact } of fc.sample(mutatedImage, { seed: SEED, numRuns: 1000 })) {
      const parsed = parseImage(bytes);
      counts[parsed.ok ? 'ok' : 'refused'] += 1;
      if (!parsed.ok && debugIntact) expect(parsed.detail).not.toMatch(/^(the )?debug section/);
    }
    expect(counts.ok).toBeGreaterThan(100);
    expect(counts.refused).toBeGreaterThan(100);
  });
});
