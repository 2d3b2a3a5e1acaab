import { describe, expect, it } from 'vitest';
import type { VmCosts } from '../../../src/measure/index.ts';
import type { Accident, ValidationBench } from '../../../src/validate/bench.ts';
import type { Finding } from '../../../src/validate/step.ts';
import { validationSteps } from '../../../src/validate/steps/index.ts';
import {
  BOARD,
  fakeBench,
  fakeTools,
  NOBODY,
  printing,
  printingInTurn,
  somebody,
  watchedPins,
} from '../../helpers/fake-validation.ts';

/** Takes one step on a bench that is well but for `change`. */
function take(
  id: string,
  change: Partial<ValidationBench> = {},
  person = NOBODY,
): Promise<Finding> {
  const step = validationSteps(BOARD).find((one) => one.id === id);
  if (step === undefined) throw new Error(`no step ${id}`);
  return step.run(fakeTools(fakeBench(change), person));
}

const identity = await fakeBench().identity();

describe('identity and flash', () => {
  it('passes for the right board, and fails for another or one without a number', async () => {
    const how =
      'reset by pin; 712 of 3072 bytes of stack used; 0 received bytes lost; VDDA 3302 mV';
    const good = await take('identity');
    expect(good.outcome).toBe('passed');
    expect(good.measured).toBe(
      `board nucleo_g474re, uid 0123456789abcdef01234567, MCU 20036469, firmware abc; ${how}`,
    );
    const other = { ...identity, board: 'nucleo_l476rg' };
    expect(await take('identity', { identity: () => Promise.resolve(other) })).toMatchObject({
      outcome: 'failed',
      reason: 'the bench file names board nucleo_g474re',
    });
    const blank = { ...identity, uid: '0'.repeat(24) };
    expect(await take('identity', { identity: () => Promise.resolve(blank) })).toMatchObject({
      outcome: 'failed',
      reason: 'the unique number is blank',
    });
  });

  it.each([
    [{ first: 'skipped' }, 'with a page erased, flashing was skipped'],
    [{ second: 'flashed' }, 'with the firmware there, flashing was flashed'],
    [{ verified: false }, 'what was written was not verified'],
  ])('flash fails: %o', async (wrong, reason) => {
    const good = { first: 'flashed', second: 'skipped', bytes: 1, verified: true };
    expect(await take('flash')).toMatchObject({ outcome: 'passed' });
    const reflash = () => Promise.resolve({ ...good, ...wrong });
    expect(await take('flash', { reflash })).toMatchObject({ outcome: 'failed', reason });
  });

  it('flash is skipped without a probe', async () => {
    const reflash = () => Promise.resolve(undefined);
    expect(await take('flash', { reflash })).toMatchObject({ outcome: 'skipped' });
  });
});

describe('the line', () => {
  it('fails when bytes change, when frames are damaged, and when a real line loses requests', async () => {
    expect(await take('line')).toMatchObject({ outcome: 'passed' });
    const echo = (bytes: Uint8Array) => Promise.resolve(bytes.map((byte) => byte & 0x7f));
    expect(await take('line', { echo })).toMatchObject({ outcome: 'failed' });
    for (const trouble of [
      { badFrames: 1, repeats: 0 },
      { badFrames: 0, repeats: 1 },
    ]) {
      let looks = 0;
      const lineTrouble = () => (looks++ === 0 ? { badFrames: 0, repeats: 0 } : trouble);
      expect(await take('line', { lineTrouble })).toMatchObject({ outcome: 'failed' });
    }
  });

  const trial = (baud: number, why?: string) => ({
    ...{ baud, bytes: 10_976, ms: 1000, damaged: why === undefined ? 0 : 3 },
    ...(baud > 115_200 && { made: { baud: baud + 4, ppm: 5 } }),
    ...(why !== undefined && { why }),
  });

  it('tries higher rates and says what came of each', async () => {
    const trials = [trial(115_200), trial(921_600), trial(1_000_000, 'an answer was lost')];
    const sweepRates = () => Promise.resolve(trials);
    const bench = { sweepRates, baud: 921_600 };
    expect(await take('baud', { ...bench, kind: 'nucleo' })).toEqual({
      outcome: 'passed',
      measured: [
        '115200: 10976 bytes in 1.00 s, 11.0 kB/s, damaged frames: 0',
        '921600: 10976 bytes in 1.00 s, 11.0 kB/s, damaged frames: 0, 5 ppm off',
        '1000000: 10976 bytes in 1.00 s, 11.0 kB/s, damaged frames: 3, 5 ppm off, does not hold: an answer was lost',
        'the line is at 921600 baud',
      ].join('; '),
    });
    // What a pseudo terminal carries takes it no time.
    const { measured } = await take('baud', { ...bench, kind: 'native' });
    expect(measured).toMatch(/^115200: 10976 bytes, damaged frames: 0; /);
  });

  it('fails when the first rate does not hold, and is skipped on a line without one', async () => {
    const sweepRates = () => Promise.resolve([trial(115_200, 'frames were damaged')]);
    expect(await take('baud', { sweepRates })).toMatchObject({
      outcome: 'failed',
      reason: 'the line does not hold 115200 baud',
    });
    expect(await take('baud')).toMatchObject({
      outcome: 'skipped',
      reason: 'the line of this bench has no rate',
    });
  });

  it('fails on a slow round trip, and on a wrong reply', async () => {
    expect(await take('round-trip')).toMatchObject({ outcome: 'passed' });
    const tools = fakeTools(fakeBench());
    const step = validationSteps(BOARD).find(({ id }) => id === 'round-trip');
    let ms = 0;
    const slow = await step?.run({ ...tools, now: () => (ms += 40) });
    expect(slow).toMatchObject({ outcome: 'failed', reason: 'the median is above 25 ms' });
    const echo = () => Promise.resolve(new Uint8Array([77, 78]));
    expect(await take('round-trip', { echo })).toMatchObject({ outcome: 'failed' });
  });
});

/** A board's clock that runs `factor` times as fast as the host's, from `start` on. */
async function clockStep(
  factor: number,
  kind: ValidationBench['kind'],
  start = 0,
): Promise<Finding> {
  const step = validationSteps(BOARD).find(({ id }) => id === 'clock');
  let ms = 0;
  const clockUs = () => Promise.resolve((start + Math.round(1000 * factor * (ms += 0.5))) >>> 0);
  const finding = await step?.run({
    bench: fakeBench({ kind, clockUs }),
    person: NOBODY,
    now: () => (ms += 0.5),
    sleep: (time) => Promise.resolve((ms += time)),
  });
  if (finding === undefined) throw new Error('no step clock');
  return finding;
}

describe('time', () => {
  it('passes a clock within 1 %, also over its wrap', async () => {
    expect(await clockStep(1.009, 'nucleo')).toMatchObject({ outcome: 'passed' });
    const wrapped = await clockStep(1, 'nucleo', 0xffff_ffff - 1_000_000);
    expect(wrapped).toMatchObject({ outcome: 'passed' });
  });

  it('fails a clock that is 2 % off, stands still or runs backwards', async () => {
    expect(await clockStep(1.02, 'nucleo')).toMatchObject({
      outcome: 'failed',
      reason: 'more than 10000 ppm off',
    });
    for (const factor of [0, -1]) {
      const finding = await clockStep(factor, 'emulated', 0x4000_0000);
      expect(finding).toMatchObject({ reason: 'the clock does not run forward' });
    }
  });

  it('only looks at the clock of a board that is a process', async () => {
    expect(await clockStep(0.7, 'emulated')).toMatchObject({ outcome: 'skipped' });
  });

  const delays = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000];
  const times = (longer: number) => ['30', ...delays.map((ms) => String(ms * 1000 + 30 + longer))];

  it('passes delays within 0.5 % of what they should be, less what none takes', async () => {
    expect(await take('delay/board', { sketch: printing(...times(5)) })).toMatchObject({
      outcome: 'passed',
    });
  });

  it('fails a delay that is 0.6 % too long, and a sketch that prints too little', async () => {
    expect(await take('delay/board', { sketch: printing(...times(6)) })).toMatchObject({
      outcome: 'failed',
      reason: 'a delay of 1 ms took 1.006 ms',
    });
    expect(await take('delay/board', { sketch: printing('1') })).toMatchObject({
      outcome: 'failed',
    });
  });

  it("fails delays that the host's clock finds too short", async () => {
    const sketch =
      (factor: number): ValidationBench['sketch'] =>
      (source) => {
        const [, rounds = '', ms = ''] = /i < (\d+); i\+\+\) delay\((\d+)\)/.exec(source) ?? [];
        const took = 100 + factor * Number(rounds) * Number(ms);
        return Promise.resolve({ lines: [], steps: 1, ms: took });
      };
    expect(await take('delay/host', { sketch: sketch(1) })).toMatchObject({ outcome: 'passed' });
    const short = await take('delay/host', { sketch: sketch(0.99) });
    expect(short.reason).toMatch(/^a delay of 1 ms took 0\.990 ms; .*2000 ms took 1980/);
    expect(await take('delay/host', { kind: 'emulated' })).toMatchObject({ outcome: 'skipped' });
  });
});

describe('pins', () => {
  it('passes a pin that reads what it should, and fails one that is stuck', async () => {
    expect(await take('pin/D3/output', { sketch: printing('1', '0', '1', '0') })).toMatchObject({
      outcome: 'passed',
    });
    expect(await take('pin/D3/output', { sketch: printing('1', '1', '1', '1') })).toMatchObject({
      outcome: 'failed',
      reason: 'output low reads 1; pull-down reads 1',
    });
  });

  it('fails a pin that reads right and moves otherwise outside', async () => {
    for (const [levels, outcome] of [
      [[1, 0, 1, 0], 'passed'],
      [[1, 0], 'failed'],
    ] as const) {
      const { pins, go } = watchedPins(3, levels);
      const sketch: ValidationBench['sketch'] = () => {
        go();
        return Promise.resolve({ lines: ['1', '0', '1', '0'], steps: 1, ms: 1 });
      };
      const finding = await take('pin/D3/output', { kind: 'emulated', pins, sketch });
      expect(finding).toMatchObject({ outcome });
    }
  });

  it("doesn't judge the pull-up of a pin with an LED on it", async () => {
    const finding = await take('pin/D13/output', { sketch: printing('1', '0', '0', '0') });
    expect(finding).toMatchObject({ outcome: 'passed' });
    expect(finding.measured).toContain('pull-up not judged');
  });

  it('as input: by a jumper, and skipped without one', async () => {
    const bits = (...pins: number[]) => String(pins.reduce((sum, pin) => sum + 2 ** pin, 0));
    const good = printingInTurn([bits(4, 5)], ['0']);
    expect(await take('pin/D4/input', { sketch: good }, somebody())).toMatchObject({
      outcome: 'passed',
      measured: 'driven by D5: reads 1 and 0',
    });
    expect(await take('pin/D4/input')).toMatchObject({
      outcome: 'skipped',
      reason: 'the jumper D4-D5 is not in place',
    });
    expect(await take('pin/D4/input', {}, somebody(false))).toMatchObject({ outcome: 'skipped' });
  });

  it.each([
    ['no jumper', '0', '1', /D4 reads 0; driven by D5 low it reads 1/],
    ['a short to D7', String(2 ** 4 + 2 ** 5 + 2 ** 7), '0', /high, D7 reads 1/],
  ])('as input: fails with %s', async (_, high, low, reason) => {
    const finding = await take(
      'pin/D4/input',
      { sketch: printingInTurn([high], [low]) },
      somebody(),
    );
    expect(finding.outcome).toBe('failed');
    expect(finding.reason).toMatch(reason);
  });
});

describe('analog parts', () => {
  const right = [48, 96, 128, 160, 208].map((value) => String(Math.round((value * 4095) / 255)));

  it('holds the converter against the DAC', async () => {
    const here = somebody();
    expect(await take('analog/dac', { sketch: printing(...right) }, here)).toMatchObject({
      outcome: 'passed',
    });
    const wrong = ['0', ...right.slice(1)];
    expect(await take('analog/dac', { sketch: printing(...wrong) }, here)).toMatchObject({
      outcome: 'failed',
      reason: '48 of 255 reads 0, not 771',
    });
  });

  it('measures PWM', async () => {
    const here = somebody();
    expect(await take('analog/pwm', { sketch: printing('2060') }, here)).toMatchObject({
      outcome: 'passed',
    });
    for (const lines of [['4095'], []]) {
      const finding = await take('analog/pwm', { sketch: printing(...lines) }, here);
      expect(finding).toMatchObject({ outcome: 'failed' });
    }
  });

  it.each([
    [3300, 'passed', 'VDDA 3300 mV, +0.00 %'],
    [3465, 'passed', 'VDDA 3465 mV, +5.00 %'],
    [3135, 'passed', 'VDDA 3135 mV, -5.00 %'],
    [3466, 'failed', 'VDDA 3466 mV, +5.03 %'],
    [3134, 'failed', 'VDDA 3134 mV, -5.03 %'],
  ])('judges a supply of %i mV by the reference: %s', async (vdda, outcome, measured) => {
    const health = async () => ({ ...(await fakeBench().health()), vdda });
    expect(await take('analog/reference', { health })).toMatchObject({ outcome, measured });
  });

  it('fails a converter that gives no reference, and asks no process for one', async () => {
    const health = async () => ({ ...(await fakeBench().health()), vdda: undefined });
    expect(await take('analog/reference', { health })).toMatchObject({
      outcome: 'failed',
      reason: 'the converter gave no value of VREFINT',
    });
    expect(await take('analog/reference', { kind: 'native', health })).toMatchObject({
      outcome: 'skipped',
    });
  });

  it('asks for no wire between the pins of a process', async () => {
    expect(await take('analog/pwm', { kind: 'native' }, somebody())).toMatchObject({
      outcome: 'skipped',
    });
  });

  it('skips what a board without a converter can not do', async () => {
    const hello = { ...fakeBench().hello, adc: false };
    for (const id of ['analog/dac', 'analog/reference', 'analog/pwm']) {
      expect(await take(id, { hello }, somebody())).toMatchObject({
        outcome: 'skipped',
        reason: 'the board has no converter',
      });
    }
  });
});

describe('what a person sees and does', () => {
  it('LED: asks, and believes the person', async () => {
    const sketch = printing();
    expect(await take('led', { sketch }, somebody())).toMatchObject({ outcome: 'passed' });
    expect(await take('led', { sketch }, somebody(false))).toMatchObject({ outcome: 'failed' });
    expect(await take('led', { sketch })).toMatchObject({ outcome: 'skipped' });
  });

  it('LED: an emulated one is watched', async () => {
    const { pins, go } = watchedPins(13, [1, 0, 1, 0]);
    const sketch: ValidationBench['sketch'] = () => {
      go();
      return Promise.resolve({ lines: [], steps: 1, ms: 1 });
    };
    expect(await take('led', { kind: 'emulated', pins, sketch })).toMatchObject({
      outcome: 'failed',
      reason: 'the pin went 1 0 1 0',
    });
  });

  it('button: says so when its polarity is the other one', async () => {
    const sketches = (...levels: string[]) => printingInTurn(...levels.map((level) => [level]));
    const press = (...levels: string[]) =>
      take('button/B1', { sketch: sketches(...levels) }, somebody());
    expect(await press('1', '0')).toMatchObject({ outcome: 'passed' });
    expect((await press('0', '1')).reason).toMatch(/polarity is the other one/);
    expect((await press('0', '0')).reason).toMatch(/doesn't follow the button/);
    expect(await take('button/B1')).toMatchObject({ outcome: 'skipped' });
  });
});

describe('the VM', () => {
  it('fails when the program prints another CRC', async () => {
    expect(await take('digest', { sketch: printing('27d08ab5') })).toMatchObject({
      outcome: 'passed',
    });
    expect(await take('digest', { sketch: printing('27d08ab6') })).toMatchObject({
      outcome: 'failed',
    });
  });

  const costs = (cycles: number): VmCosts => ({
    opcodes: [
      { name: 'PUSH', instructions: 10, cycles },
      { name: 'ADD', instructions: 11, cycles: 14 },
    ],
    workloads: [{ id: 'W1', title: 'fib(20)', steps: 1, instructions: 1, cycles: 5.21e6 }],
    ...{ compiler: 'GCC', flags: '-O2', hotBytes: 7912, clockHz: 170_000_000 },
  });

  it('cycles: writes down each opcode, and fails only when none was counted', async () => {
    const cycles = (ccm: number) => () => Promise.resolve({ flash: costs(12.5), ccm: costs(ccm) });
    expect(await take('cycles', { cycles: cycles(9) })).toMatchObject({
      outcome: 'passed',
      measured:
        'at 170 MHz, hot code in flash/CCM SRAM: PUSH 12.5/9.0, ADD 14.0/14.0, W1 fib(20) 5.21/5.21 M',
    });
    expect(await take('cycles', { cycles: cycles(0) })).toMatchObject({
      outcome: 'failed',
      reason: 'no cycle was counted for PUSH (ccm)',
    });
    const none = () => Promise.resolve(undefined);
    expect(await take('cycles', { cycles: none })).toMatchObject({
      outcome: 'skipped',
      reason: 'the bench has no cycle counter: DWT does not count',
    });
  });

  const crash: Accident = {
    outcome: 'failed',
    causeClass: 'firmware',
    summary: 'silent',
    evidence: ['the core is in HardFault'],
    mendedBy: 'sysresetreq',
  };

  it.each([
    ['it was not noticed', { outcome: 'passed' as const }],
    ['somebody else was blamed', { causeClass: 'link' }],
    ['the probe found nothing', { evidence: [] }],
    ['the board stayed dead', { mendedBy: undefined }],
  ])('a crash: fails when %s', async (_, change) => {
    const accident = (how: Accident) => () => Promise.resolve(how);
    expect(await take('recovery/crash', { accident: accident(crash) })).toMatchObject({
      outcome: 'passed',
      measured: 'silent; brought back by sysresetreq',
    });
    expect(
      await take('recovery/crash', { accident: accident({ ...crash, ...change }) }),
    ).toMatchObject({ outcome: 'failed' });
  });

  it('a crash: is skipped with the command that builds the firmware', async () => {
    const accident = () => Promise.resolve({ build: 'cmake this' });
    expect((await take('recovery/hang', { accident })).reason).toMatch(/build it: cmake this$/);
  });
});
