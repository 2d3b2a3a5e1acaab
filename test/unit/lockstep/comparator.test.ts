import { describe, expect, it } from 'vitest';
import type { Program } from '../../../src/image/index.ts';
import { EFFECT_KINDS, PORTS, type Effect } from '../../../src/isa/index.ts';
import { Comparator } from '../../../src/lockstep/comparator.ts';

const ins = (opcode: number, immediate = 0, flags = 0) => ({ opcode, flags, immediate });

function program(...instructions: ReturnType<typeof ins>[]): Program {
  return { instructions, strings: [], entry: 0, loop: undefined, debug: undefined };
}

function comparator(
  of: Program,
  settings: { clock?: 'virtual' | 'real'; hostElapsedMs?: () => number } = {},
): Comparator {
  return new Comparator(of, {
    pins: [{ adc: true, pwm: false, dac: false }],
    buttons: 1,
    clock: settings.clock ?? 'virtual',
    hostElapsedMs: settings.hostElapsedMs ?? (() => 0),
  });
}

const top = (pc: number, opcode: number, sp: number, value: number): Effect => ({
  pc,
  opcode,
  sp,
  kind: EFFECT_KINDS.TOP,
  address: 0,
  value,
});

// 5 - 7, then HALT; the effects are worked out by hand.
const SUBTRACT = program(ins(0x01, 5), ins(0x01, 7), ins(0x04), ins(0x00));
const SUBTRACT_EFFECTS = [top(0, 0x01, 1, 5), top(1, 0x01, 2, 7), top(2, 0x04, 1, -2)];

describe('Comparator', () => {
  it('agrees with a board that does what the program says', () => {
    const side = comparator(SUBTRACT);
    for (const effect of SUBTRACT_EFFECTS) expect(side.compare(effect)).toBeUndefined();
    expect(side.model.ended).toBeUndefined();
    expect(side.compare(top(3, 0x00, 1, -2))).toBeUndefined();
    expect(side.model.ended).toBe('halted');
    expect(side.steps).toBe(4);
  });

  it.each([
    ['value', { value: 2 }],
    ['sp', { sp: 2 }],
    ['pc', { pc: 1 }],
    ['opcode', { opcode: 0x03 }],
    ['address', { address: 1 }],
    ['kind', { kind: EFFECT_KINDS.STORE }],
    ['text', { text: Uint8Array.of(0x41) }],
  ])('names %s when only that is wrong', (field, wrong) => {
    const side = comparator(SUBTRACT);
    for (const effect of SUBTRACT_EFFECTS.slice(0, 2)) side.compare(effect);
    const mismatch = side.compare({ ...top(2, 0x04, 1, -2), ...wrong });
    expect(mismatch).toMatchObject({ step: 2, fields: [field], expected: { value: -2 } });
    expect(mismatch?.history.map((entry) => entry.step)).toEqual([0, 1, 2]);
  });

  it('keeps the last 16 steps', () => {
    const side = comparator(program(...Array.from({ length: 40 }, () => ins(0x01, 1))));
    for (let pc = 0; pc < 39; pc += 1) side.compare(top(pc, 0x01, pc + 1, 1));
    const steps = side.compare(top(39, 0x01, 40, 2))?.history.map((entry) => entry.step) ?? [];
    expect(steps).toHaveLength(16);
    expect(steps[0]).toBe(24);
    expect(steps.at(-1)).toBe(39);
  });

  it('does not let a board go on after the program has halted', () => {
    const side = comparator(program(ins(0x00), ins(0x01, 1)));
    expect(side.compare(top(0, 0x00, 0, 0))).toBeUndefined();
    expect(side.compare(top(1, 0x01, 1, 1))).toMatchObject({ step: 1, fields: ['step'] });
  });

  it('agrees on a fault, and only on the same one', () => {
    // POP on an empty stack: 2 STACK_UNDERFLOW.
    const fault: Effect = { ...top(0, 0x02, 0, 2), kind: EFFECT_KINDS.ERROR };
    const side = comparator(program(ins(0x02)));
    expect(side.compare(fault)).toBeUndefined();
    expect(side.model.ended).toBe('fault');
    expect(comparator(program(ins(0x02))).compare({ ...fault, value: 7 })?.fields).toEqual([
      'value',
    ]);
  });
});

describe('Comparator with inputs', () => {
  const READ = program(ins(0x01, 0), ins(0x11), ins(0x00));
  const read = (value: number): Effect => ({
    ...top(1, 0x11, 1, value),
    kind: EFFECT_KINDS.INPUT,
    address: PORTS.DIGITAL,
  });

  it.each([0, 1])('replays a pin that reads %i', (level) => {
    const side = comparator(READ);
    side.compare(top(0, 0x01, 1, 0));
    expect(side.compare(read(level))).toBeUndefined();
    expect(side.inputs).toEqual([{ step: 1, port: 0, value: level }]);
    // The value really is on the model's stack: HALT shows it as the top.
    expect(side.compare(top(2, 0x00, 1, level))).toBeUndefined();
  });

  it.each([2, -1])('refuses a pin that reads %i', (value) => {
    const side = comparator(READ);
    side.compare(top(0, 0x01, 1, 0));
    expect(side.compare(read(value))).toMatchObject({
      step: 1,
      fields: ['value'],
      implausible: `${value} is not in 0..1`,
    });
    expect(side.inputs).toEqual([]);
  });

  it('computes virtual time instead of replaying it', () => {
    // DELAY 30 then MILLIS: 30 ms of delay; two instructions of 1 us each do not make a millisecond.
    const side = comparator(program(ins(0x01, 30), ins(0x14), ins(0x19)));
    const delay: Effect = {
      ...top(1, 0x14, 0, 30),
      kind: EFFECT_KINDS.OUTPUT,
      address: PORTS.DELAY,
    };
    const millis: Effect = {
      ...top(2, 0x19, 1, 31),
      kind: EFFECT_KINDS.INPUT,
      address: PORTS.MILLIS,
    };
    side.compare(top(0, 0x01, 1, 30));
    side.compare(delay);
    expect(side.compare(millis)).toMatchObject({ expected: { value: 30 }, fields: ['value'] });
  });

  it('refuses a real clock that runs backwards or ahead of the host', () => {
    const now = (pc: number, value: number): Effect => ({
      ...top(pc, 0x19, pc + 1, value),
      kind: EFFECT_KINDS.INPUT,
      address: PORTS.MILLIS,
    });
    const three = program(ins(0x19), ins(0x19), ins(0x19));
    const settings = { clock: 'real' as const, hostElapsedMs: () => 1000 };
    const backwards = comparator(three, settings);
    expect(backwards.compare(now(0, 500))).toBeUndefined();
    expect(backwards.compare(now(1, 499))?.implausible).toContain('time ran backwards');
    const ahead = comparator(three, settings);
    // 1000 ms on the host allow 1020 + 100 on the board, also across the 32-bit wrap.
    expect(ahead.compare(now(0, -100))).toBeUndefined();
    expect(ahead.compare(now(1, 1019))).toBeUndefined();
    expect(ahead.compare(now(2, 1021))?.implausible).toBe(
      '1121.0 ms passed on the board, at most 1120.0 ms on the host',
    );
  });
});
