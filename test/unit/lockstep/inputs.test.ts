import { describe, expect, it } from 'vitest';
import { EFFECT_KINDS, PORTS, type Effect } from '../../../src/isa/index.ts';
import { InputJudge, type JudgeSettings } from '../../../src/lockstep/inputs.ts';

const read = (address: number, value: number): Effect => ({
  pc: 0,
  opcode: 0,
  sp: 0,
  kind: EFFECT_KINDS.INPUT,
  address,
  value,
});

const judgeWith = (settings: Partial<JudgeSettings> = {}): InputJudge =>
  new InputJudge({ hostElapsedMs: () => 10_000, ...settings });

/** What a judge says of some reads, each with the delays before it. */
const verdicts = (
  judge: InputJudge,
  ...reads: readonly (readonly [number, number, number?])[]
): (string | undefined)[] =>
  reads.map(([port, value, delayMs = 0]) => judge.judge(read(port, value), delayMs));

const { MILLIS, MICROS, DIGITAL, ANALOG, BUTTON } = PORTS;

describe('a scripted port', () => {
  const scripted = (port: number, count: number): number | undefined =>
    port === DIGITAL + 4 ? [1, 0][count] : undefined;

  it('must read what the script gives, read by read', () => {
    expect(
      verdicts(judgeWith({ scripted }), [DIGITAL + 4, 1], [DIGITAL + 5, 1], [DIGITAL + 4, 0]),
    ).toEqual([undefined, undefined, undefined]);
    const wrong = 'of the port, where the input script gives';
    expect(verdicts(judgeWith({ scripted }), [DIGITAL + 4, 1], [DIGITAL + 4, 1])).toEqual([
      undefined,
      `1 at read 1 ${wrong} 0`,
    ]);
    expect(verdicts(judgeWith({ scripted }), [DIGITAL + 4, 0])).toEqual([`0 at read 0 ${wrong} 1`]);
  });

  it('is left to what is possible when the script says nothing of it', () => {
    expect(verdicts(judgeWith({ scripted }), [BUTTON, 2], [ANALOG, 4095], [ANALOG, 4096])).toEqual([
      '2 is not in 0..1',
      undefined,
      '4096 is not in 0..4095',
    ]);
  });

  it('is judged again from a copy', () => {
    const judge = judgeWith({ scripted });
    judge.judge(read(DIGITAL + 4, 1), 0);
    const copy = judge.copy();
    judge.judge(read(DIGITAL + 4, 0), 0);
    expect(copy.judge(read(DIGITAL + 4, 0), 0)).toBeUndefined();
  });
});

describe('a real clock', () => {
  it('has run at least for as long as the program waited', () => {
    expect(verdicts(judgeWith(), [MILLIS, 100], [MILLIS, 130, 30])).toEqual([undefined, undefined]);
    expect(verdicts(judgeWith(), [MILLIS, 100], [MILLIS, 129, 30])).toEqual([
      undefined,
      '29 ms passed on the board, in which the program waited for 30 ms',
    ]);
    expect(verdicts(judgeWith(), [MICROS, 100], [MICROS, 30_099, 30])).toEqual([
      undefined,
      '29.999 ms passed on the board, in which the program waited for 30 ms',
    ]);
    // Each wait counts once.
    expect(
      verdicts(judgeWith(), [MILLIS, 0], [MILLIS, 30, 30], [MILLIS, 31, 30]).at(-1),
    ).toBeUndefined();
  });

  it('is the same in milliseconds and in microseconds', () => {
    expect(verdicts(judgeWith(), [MICROS, 5999], [MILLIS, 5], [MICROS, 5999], [MILLIS, 6])).toEqual(
      [undefined, undefined, undefined, undefined],
    );
    expect(verdicts(judgeWith(), [MICROS, 6000], [MILLIS, 5])).toEqual([
      undefined,
      'millis() and micros() are 1000 us apart',
    ]);
    expect(verdicts(judgeWith(), [MILLIS, 6], [MICROS, 5999])).toEqual([
      undefined,
      'millis() and micros() are 1 us apart',
    ]);
  });

  it('is so across the wrap of 32 bits', () => {
    // 2^32 us are 4294967.296 ms.
    expect(
      verdicts(judgeWith(), [MILLIS, 4_294_967], [MICROS, -1], [MICROS, 5], [MILLIS, 4_294_967]),
    ).toEqual([undefined, undefined, undefined, undefined]);
  });

  it('is not held against the other one when the readings are far apart', () => {
    let host = 0;
    const judge = judgeWith({ hostElapsedMs: () => host });
    expect(judge.judge(read(MICROS, 0), 0)).toBeUndefined();
    // 40 minutes.
    host = 2_400_000;
    expect(judge.judge(read(MILLIS, 2_400_000), 0)).toBeUndefined();
  });
});
