import { describe, expect, it } from 'vitest';
import { compile } from '../../../src/compiler/index.ts';
import { buildImage } from '../../../src/image/index.ts';
import { firstDifference } from '../../../src/suite/first-difference.ts';
import { timelineOf } from '../../../src/suite/timeline.ts';
import type { ProgramResult, RunRecord } from '../../../src/results/index.ts';
import { sampleFacts, sampleRun } from '../../helpers/sample-results.ts';

const { signal } = new AbortController();
const PIN = { adc: true, pwm: true, dac: false };

/** A recorded run of a sketch. */
function recorded(
  source: string,
  change: Partial<ProgramResult> = {},
): { run: RunRecord; program: ProgramResult } {
  const compiled = compile(source, 'sketch.ino');
  if (!compiled.ok) throw new Error('the sketch does not compile');
  const image = Buffer.from(buildImage(compiled.program)).toString('base64');
  const run = sampleRun(
    { world: { pins: Array.from({ length: 20 }, () => PIN), buttons: 1 } },
    { image, model: sampleFacts({ steps: 60 }), stepsCompared: 60, ...change },
  );
  const [program] = run.programs;
  if (program === undefined) throw new Error('no program');
  return { run, program };
}

const adding = (amount: number) => `
int sum = 0;
void setup() {}
void loop() {
  sum = sum + 1;
  if (sum == 3) sum = sum + ${amount};
  printf("%d\\n", sum);
}`;

describe('the first step that differs', () => {
  it('is named with its line and what it did in both', async () => {
    const found = await firstDifference(recorded(adding(10)), recorded(adding(20)), signal);
    expect(found?.step).toBeGreaterThan(10);
    expect(found?.before).toMatch(/^sketch\.ino:6 +PUSH 10: /);
    expect(found?.after).toMatch(/^sketch\.ino:6 +PUSH 20: /);
  });

  it('is found far into a run, beyond many slices', async () => {
    const late = (amount: number) => `
      int count = 0;
      int sum = 0;
      void setup() {}
      void loop() {
        count = count + 1;
        if (count > 20000) sum = sum + ${amount};
      }`;
    const long = { model: sampleFacts({ steps: 300_000 }) };
    const [one, other] = [recorded(late(7), long), recorded(late(8), long)];
    const found = await firstDifference(one, other, signal);
    expect(found?.before).toMatch(/^sketch\.ino:7 +PUSH 7: /);
    expect(found?.after).toMatch(/^sketch\.ino:7 +PUSH 8: /);
    // 20,000 rounds of the same steps each, and some in the next.
    const early = await firstDifference(
      recorded(late(7).replace('20000', '0'), long),
      recorded(late(8).replace('20000', '0'), long),
      signal,
    );
    const inRound = early?.step ?? 0;
    expect(inRound).toBeLessThan(30);
    expect((found?.step ?? 0) % 20_000).toBe(inRound);
    expect(found?.step).toBeGreaterThan(65_536);

    const cut = recorded(late(7), { model: sampleFacts({ steps: 200_000 }) });
    const short = await firstDifference(one, cut, signal);
    expect([short?.step, short?.after]).toEqual([200_000, 'no further step']);
    expect(await firstDifference(one, recorded(late(7), long), signal)).toBeUndefined();
  });

  it('is none when all are the same', async () => {
    expect(await firstDifference(recorded(adding(1)), recorded(adding(1)), signal)).toBeUndefined();
  });

  it('is where the shorter of two runs was over', async () => {
    const short = recorded(adding(1), { model: sampleFacts({ steps: 20 }) });
    const found = await firstDifference(short, recorded(adding(1)), signal);
    expect(found).toMatchObject({ step: 20, before: 'no further step' });
    expect(found?.after).toMatch(/^sketch\.ino:\d+/);
  });
});

describe('the time line of a run', () => {
  it('has rounds, texts and pins at the times they happened', async () => {
    const source = `
      void setup() { pinMode(13, OUTPUT); }
      void loop() { digitalWrite(13, HIGH); delay(5); printf("on\\n"); digitalWrite(13, LOW); delay(10); }`;
    const { run, program } = recorded(source);
    const { pins, rounds, prints, endUs, steps, omitted } = await timelineOf(run, program, signal);
    expect(pins.slice(0, 3).map(([, pin, level]) => [pin, level])).toEqual([
      [13, 1],
      [13, 0],
      [13, 1],
    ]);
    const [on = 0, off = 0, again = 0] = pins.map(([at]) => at);
    expect(Math.floor((off - on) / 1000)).toBe(5);
    expect(Math.floor((again - off) / 1000)).toBe(10);
    expect(rounds.length).toBeGreaterThan(2);
    expect(Math.floor(((rounds[1] ?? 0) - (rounds[0] ?? 0)) / 1000)).toBe(15);
    expect(prints[0]?.text).toBe('on\n');
    expect(prints[0]?.timeUs).toBeGreaterThan(on + 5000);
    expect(prints[0]?.timeUs).toBeLessThan(off);
    expect(endUs).toBeGreaterThanOrEqual(steps.at(-1)?.[0] ?? Infinity);
    expect(omitted).toBe(0);
  });

  it('marks where board and model parted, and a fault', async () => {
    const divergence = { step: 30 } as ProgramResult['divergence'];
    const { run, program } = recorded(adding(1), { divergence });
    const { divergedUs } = await timelineOf(run, program, signal);
    // No delay before it: 1 us for each instruction.
    expect(divergedUs).toBe(30);
    const faulting = recorded('int z = 0; void setup() { printf("%d", 1 / z); } void loop() {}');
    const { fault } = await timelineOf(faulting.run, faulting.program, signal);
    expect(fault?.name).toBe('DIVISION_BY_ZERO');
  });
});
