import { describe, expect, it } from 'vitest';
import { compile } from '../../src/compiler/index.ts';
import type { Program } from '../../src/image/index.ts';
import { openTestBench } from './bench.ts';
import { expectAlike, inBothModes } from './digest-on-bench.ts';
import { buildDefect } from './firmware.ts';

/** A sketch as a program. */
export function compiled(source: string, name = 'sketch.ino'): Program {
  const result = compile(source, name);
  if (!result.ok) throw new Error(`${name} does not compile`);
  return result.program;
}

/** 40 - 7, comparisons, a loop of additions and a text: each of the defects below does something to it. */
const SKETCH = `int total;
int seen[4];

void setup() {
  total = 40;
  int less = 7;
  int i = 0;
  while (i < 3) {
    seen[i] = i + less;
    i++;
  }
  total = total - less;
  printf("%d %d\\n", total + 1, seen[2]);
}

void loop() {
  total = total - 2;
}
`;

const ins = (opcode: number, immediate = 0) => ({ opcode, flags: 0, immediate });
/** PUSH, PUSH, PUSH, ADD, then JMP to itself: what STRAY_WRITE flips with the sum isn't flipped back. */
const ADDS_ONCE: Program = {
  instructions: [ins(0x01, 1), ins(0x01, 2), ins(0x01, 3), ins(0x03), ins(0x30, 4)],
  strings: [],
  entry: 0,
  loop: undefined,
  debug: undefined,
};

/** Declares runs of firmware with one handler wrong: a digest run names the step that a traced one names. */
export function describeDefectsOn(
  benchName: string,
  preset: Parameters<typeof buildDefect>[0],
): void {
  describe(`firmware with one handler wrong, by digest on the ${benchName} bench`, () => {
    it.each(['SUB_SWAPPED', 'LT_SIGNED_LE'])('%s: the first wrong step', async (defect) => {
      const firmware = await buildDefect(preset, defect);
      await using bench = await openTestBench(benchName, firmware);
      expect(bench.hello.defect).toBe(defect);
      const program = compiled(SKETCH);
      for (const epoch of [5, undefined]) {
        const both = await inBothModes(bench, program, 20, epoch);
        expect(both.trace.mismatch).toBeDefined();
        expect(both.digest.mismatch?.unknown).toBeUndefined();
        expectAlike(both);
      }
    });

    it('STRAY_WRITE: the epoch, and the cells', async () => {
      const firmware = await buildDefect(preset, 'STRAY_WRITE');
      await using bench = await openTestBench(benchName, firmware);
      const { digest, trace } = await inBothModes(bench, ADDS_ONCE, 0, 3, { steps: 100 });
      expect(trace.mismatch).toBeUndefined();
      expect(trace.state?.differences).toHaveLength(1);
      expect(digest.mismatch).toBeUndefined();
      expect(digest.stateChange).toEqual({ epoch: 1, firstStep: 3, lastStep: 5 });
      const cell = { region: 'globals', index: 63, expected: 0, actual: 1 };
      expect(digest.state?.differences).toMatchObject([cell]);
    });
  });
}
