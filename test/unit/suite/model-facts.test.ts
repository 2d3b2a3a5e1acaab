import { describe, expect, it } from 'vitest';
import { compile } from '../../../src/compiler/index.ts';
import { opcodeByName } from '../../../src/isa/index.ts';
import { modelFacts } from '../../../src/suite/model-facts.ts';
import type { RecordedRun } from '../../../src/suite/native-leg.ts';
import { ENTRY_WORDS, FIRST_HASH, runDigest } from '../../../src/vm/index.ts';
import { createRecordedModel } from '../../../src/suite/recorded-model.ts';

const PIN = { adc: true, pwm: true, dac: false };
const { signal } = new AbortController();

function recorded(source: string, change: Partial<RecordedRun> = {}): RecordedRun {
  const compiled = compile(source, 'sketch.ino');
  if (!compiled.ok) throw new Error('the sketch does not compile');
  return {
    program: compiled.program,
    settings: { pins: Array.from({ length: 20 }, () => PIN), buttons: 1, clock: 'virtual' },
    inputs: [],
    steps: 1000,
    rounds: 0,
    ...change,
  };
}

const BLINK = `
void setup() { pinMode(13, OUTPUT); }
void loop() {
  digitalWrite(13, HIGH);
  digitalWrite(13, HIGH);
  delay(500);
  digitalWrite(13, LOW);
  delay(250);
}
`;

describe('what the model did', () => {
  it('has the changes of pins on the time line of delays and instructions', async () => {
    const { pins, timeUs, opcodes, steps } = await modelFacts(recorded(BLINK), signal);
    expect(steps).toBe(1000);
    const count = opcodes.DELAY ?? 0;
    expect(count).toBeGreaterThan(50);
    expect(pins.length).toBe(count);
    expect(pins.slice(0, 4).map(([, pin, level]) => [pin, level])).toEqual([
      [13, 1],
      [13, 0],
      [13, 1],
      [13, 0],
    ]);
    const [first, second, third] = pins.map(([at]) => at);
    // Delay and a handful of instructions.
    expect((second ?? 0) - (first ?? 0) - 500_000).toBeGreaterThan(0);
    expect((second ?? 0) - (first ?? 0) - 500_000).toBeLessThan(20);
    expect((third ?? 0) - (second ?? 0) - 250_000).toBeLessThan(20);
    const delays = Math.ceil(count / 2) * 500_000 + Math.floor(count / 2) * 250_000;
    expect(timeUs).toBe(delays + steps);
  });

  it('counts every instruction under its name', async () => {
    const { opcodes, steps, stackHighWater } = await modelFacts(recorded(BLINK), signal);
    expect(Object.values(opcodes).reduce((sum, count) => sum + count, 0)).toBe(steps);
    expect(opcodes.PIN_MODE).toBe(1);
    expect(opcodes.MUL).toBeUndefined();
    expect(stackHighWater).toBeGreaterThan(0);
  });

  it('keeps a bounded number of changes and counts the others', async () => {
    const fast = `void setup() { pinMode(2, OUTPUT); }
      void loop() { digitalWrite(2, HIGH); digitalWrite(2, LOW); }`;
    const { pins, pinsOmitted, opcodes } = await modelFacts(
      recorded(fast, { steps: 50_000 }),
      signal,
    );
    expect(pins).toHaveLength(1000);
    expect(pins.length + pinsOmitted).toBe(opcodes.DIGITAL_WRITE);
  });

  it('gives the recorded inputs back, and a hash that depends on them', async () => {
    const source = `int sum = 0;
      void setup() { sum = analogRead(0); sum = sum + analogRead(1); printf("%d\\n", sum); }
      void loop() {}`;
    const dry = createRecordedModel(recorded(source));
    const reads: number[] = [];
    const read = opcodeByName('ANALOG_READ')?.code;
    for (let step = 0; step < 20; step += 1) {
      if (((dry.engine.code[dry.engine.pc] ?? 0) & 0xff) === read) reads.push(step);
      runDigest(dry.engine, FIRST_HASH, 1, new Int32Array(ENTRY_WORDS));
    }
    const [first = 0, second = 0] = reads;
    const input = (a: number, b: number) => [
      { step: first, port: 0x100, value: a },
      { step: second, port: 0x101, value: b },
    ];
    const printed: string[] = [];
    const { engine } = createRecordedModel(recorded(source, { inputs: input(1000, 234) }), {
      onPrint: (_, text) => printed.push(Buffer.from(text).toString()),
    });
    runDigest(engine, FIRST_HASH, 100, new Int32Array(100 * ENTRY_WORDS));
    expect(printed.join('')).toBe('1234\n');
    const facts = (a: number, b: number) =>
      modelFacts(recorded(source, { inputs: input(a, b), steps: 100 }), signal);
    const [same, again, other] = [await facts(7, 8), await facts(7, 8), await facts(8, 7)];
    expect(again.digest).toEqual(same.digest);
    expect(other.digest.stream).not.toBe(same.digest.stream);
    // The same sum is left behind.
    expect(other.digest.state).toBe(same.digest.state);
  });

  it('hashes a long run as one of its slices at a time', async () => {
    const steps = 200_000;
    const { digest } = await modelFacts(recorded(BLINK, { steps }), signal);
    const { engine } = createRecordedModel(recorded(BLINK));
    const entries = new Int32Array(steps * ENTRY_WORDS);
    runDigest(engine, FIRST_HASH, steps, entries);
    const stream = (entries[(steps - 1) * ENTRY_WORDS] ?? 0) >>> 0;
    expect(digest.stream).toBe(stream.toString(16).padStart(8, '0'));
  });

  it('stops when it is no longer wanted', async () => {
    const abort = new AbortController();
    abort.abort(new Error('enough'));
    await expect(modelFacts(recorded(BLINK), abort.signal)).rejects.toThrow('enough');
  });
});
