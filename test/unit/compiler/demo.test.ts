import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { PIN_MODES, PORTS } from '../../../src/isa/index.ts';
import { compiled, runProgram } from './support.ts';

const LED = 13;
const demo = compiled(
  readFileSync(
    new URL('../../../hil-config/programs/startup_coordination_demo.ino', import.meta.url),
    'utf8',
  ),
);

const BUTTON = 22;

/** setup() and one round of loop(), with the button up and down. */
const idle = runProgram(demo);
const pressed = runProgram(demo, 1, [[PORTS.DIGITAL + BUTTON, 1]]);

/** What setup() puts out: 1 pin mode, 11 levels, 11 delays. */
const SETUP_OUTPUTS = 23;
const inSetup = idle.outputs.slice(0, SETUP_OUTPUTS);

/** The LED at a level for a time. */
const level = (value: number, ms: number): [number, number][] => [
  [PORTS.DIGITAL + LED, value],
  [PORTS.DELAY, ms],
];

const blinks = [1, 2, 3, 4, 5].flatMap((k) => [`Blink ${k}: LED ON`, `Blink ${k}: LED OFF`]);

describe('the startup demo', () => {
  it('prints 16 lines in setup()', () => {
    const lines = idle.text.split('\n');
    expect(lines).toHaveLength(17);
    expect(lines.slice(4, 14)).toEqual(blinks);
    expect(lines.at(-1)).toBe('');
  });

  it('sets one pin mode, writes the LED 11 times and waits 11 times, 3000 ms in all', () => {
    const of = (port: number): number[] =>
      inSetup.filter(([at]) => at === port).map(([, value]) => value);
    expect(of(PORTS.PIN_MODE + LED)).toEqual([PIN_MODES.OUTPUT]);
    expect(of(PORTS.DIGITAL + LED)).toEqual([1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1]);
    expect(of(PORTS.DELAY)).toEqual([2000, ...Array.from({ length: 10 }, () => 100)]);
  });

  it('blinks slowly in loop() and prints nothing', () => {
    expect(idle.outputs.slice(SETUP_OUTPUTS)).toEqual([...level(1, 1000), ...level(0, 1000)]);
    expect(pressed.text).toBe(idle.text);
  });

  it('adds three fast blinks when the button reads high', () => {
    const fast = [...level(1, 200), ...level(0, 200)];
    expect(pressed.outputs.slice(SETUP_OUTPUTS)).toEqual([
      ...level(1, 1000),
      ...level(0, 1000),
      ...fast,
      ...fast,
      ...fast,
    ]);
  });
});
