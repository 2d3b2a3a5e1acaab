import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectAgent, type Agent } from '../../src/agent/index.ts';
import { createChannel, openSerial } from '../../src/link/index.ts';
import { runLockstep } from '../../src/lockstep/index.ts';
import { openTestBench, type TestBench } from '../helpers/bench.ts';
import { expectAlike, inBothModes } from '../helpers/digest-on-bench.ts';
import { compiled, describeDefectsOn } from '../helpers/digest-suite.ts';
import { lossyLine, seeded, type LineFault } from '../helpers/noisy-line.ts';
import { startNativeAgent, type NativeAgent } from '../helpers/native-agent.ts';

describeDefectsOn('native', 'native');

const ENDLESS = `int n;
int table[8];
void setup() { pinMode(3, OUTPUT); }
void loop() {
  n = n + 1;
  table[n & 7] = n * 3;
  digitalWrite(3, n & 1);
  if (n % 100 == 0) { printf("%d\\n", n); }
}
`;

describe('digest runs on the native bench', () => {
  let bench: TestBench;
  beforeAll(async () => {
    bench = await openTestBench('native');
  });
  afterAll(() => bench[Symbol.asyncDispose]());

  it('verify a long run', async () => {
    const comparison = { mode: 'digest', epoch: bench.hello.epoch } as const;
    const steps = 3_000_000;
    const result = await bench.lockstep(compiled(ENDLESS), 0, { steps, comparison });
    expect(result).toMatchObject({ mismatch: undefined, stateChange: undefined });
    expect(result).toMatchObject({ stepsCompared: steps, stopReason: 'steps' });
    expect(result.endMismatch).toBeUndefined();
    expect(result.state?.differences).toEqual([]);
  });

  it('replay live values: pins, buttons, and the clock', async () => {
    const program = compiled(`unsigned long last;
      void setup() { pinMode(4, INPUT_PULLUP); }
      void loop() {
        unsigned long now = millis();
        if (now - last > 20) { last = now; printf("%d\\n", digitalRead(4)); }
        if ((micros() & 1023) == 7) { delay(1); }
        if (buttonPressed(0)) { printf("pressed\\n"); }
      }`);
    const comparison = { mode: 'digest', epoch: bench.hello.epoch } as const;
    const steps = 200_000;
    const result = await bench.lockstep(program, 0, { clock: 'real', steps, comparison });
    expect(result).toMatchObject({ mismatch: undefined, stateChange: undefined });
    expect(result.endMismatch).toBeUndefined();
    expect(result.state?.differences).toEqual([]);
    const ports = new Set(result.inputs.map(({ port }) => port));
    expect(ports).toEqual(new Set([4, 0x300, 0x401, 0x402]));
    expect(result.inputs.length).toBeGreaterThan(20_000);
  });

  it('end a run free of comparison with the state alone', async () => {
    const program = compiled(ENDLESS);
    const free = await bench.lockstep(program, 500, { comparison: { mode: 'free' } });
    expect(free).toMatchObject({ mode: 'free', stepsCompared: 0, stopReason: 'loops' });
    expect(free.steps).toBeGreaterThan(500);
    expect(free.endMismatch).toBeUndefined();
    expect(free.state?.differences).toEqual([]);
    const reading = compiled('int n; void setup() { n = digitalRead(4); } void loop() {}');
    const blind = await bench.lockstep(reading, 2, { comparison: { mode: 'free' } });
    expect(blind.state).toBeUndefined();
    const faulting = compiled(
      'int z; void setup() { z = digitalRead(4); z = 1 / (z - z); } void loop() {}',
    );
    const unknown = await bench.lockstep(faulting, 2, { comparison: { mode: 'free' } });
    expect(unknown).toMatchObject({ stopReason: 'fault', fault: 0 });
  });

  it('agree on faults', async () => {
    const program = compiled(`int a[4]; void setup() {} void loop() { a[a[0]] = 1; a[0] += 1; }`);
    const both = await inBothModes(bench, program, 0, 16);
    expect(both.digest).toMatchObject({ fault: 7, stopReason: 'fault', mismatch: undefined });
    expectAlike(both);
  });
});

describe('digest runs over a line that loses things', () => {
  let board: NativeAgent;
  beforeAll(async () => {
    board = await startNativeAgent();
  });
  afterAll(() => board[Symbol.asyncDispose]());

  it.each([1, 2, 3])('are whole nevertheless, seed %d', async (seed) => {
    const random = seeded(seed);
    let faults = 0;
    const fault: LineFault = (text) => {
      const dice = random();
      if (dice > 0.08) return text;
      faults += 1;
      if (dice < 0.04) return undefined;
      const at = Math.floor(random() * text.length);
      const wrong = String.fromCharCode(text.charCodeAt(at) ^ (1 << Math.floor(random() * 7)));
      return text.slice(0, at) + wrong + text.slice(at + 1);
    };
    const serial = await openSerial({ path: board.path, baud: 115_200 });
    await using channel = createChannel(lossyLine(serial, { in: fault, out: fault }));
    const agent: Agent = connectAgent(channel);
    await agent.hello();
    const result = await runLockstep({
      agent,
      vm: 0,
      program: compiled(ENDLESS),
      comparison: { mode: 'digest', epoch: 1000 },
      clock: 'virtual',
      steps: 60_000,
      loops: 0,
      pins: Array.from({ length: 8 }, () => ({ adc: false, pwm: false, dac: false })),
      buttons: 1,
      now: () => performance.now(),
    });
    expect(result).toMatchObject({ mismatch: undefined, stateChange: undefined });
    expect(result).toMatchObject({ endMismatch: undefined, stepsCompared: 60_000 });
    expect(result.state?.differences).toEqual([]);
    expect(faults).toBeGreaterThan(5);
  });
});
