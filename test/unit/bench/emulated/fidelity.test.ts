import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FIDELITY, loadBoard } from '../../../../src/bench/index.ts';

const FIRMWARE = join(import.meta.dirname, '../../../../firmware/board/nucleo_g474re');
/** Where the firmware names registers: the header, and the bases of the timers. */
const SOURCES = ['stm32g474.h', 'analog.c'];
/** System memory, peripherals and the private peripheral bus; below are magic numbers and masks, and memory. */
const FIRST = 0x1fff_7000;
/** RAM, whose addresses the linker knows. */
const isMemory = (address: number): boolean => address >= 0x2000_0000 && address < 0x4000_0000;

/** Blocks of 1 KiB, the smallest that RM0440 2.2.2 gives a peripheral. */
const blockOf = (address: number): number => Math.floor(address / 0x400);

async function registersOf(source: string): Promise<number[]> {
  const text = (await readFile(join(FIRMWARE, source), 'utf8')).replaceAll(/\/\*[^]*?\*\//g, '');
  return [...text.matchAll(/\b0x[0-9A-F]{8}U?\b/g)]
    .map(([digits]) => Number.parseInt(digits, 16))
    .filter((value) => value >= FIRST && !isMemory(value));
}

describe('the table of what the emulated chip has', () => {
  const blocks = new Set(
    FIDELITY.flatMap(({ base, others = [] }) => [base, ...others]).map(blockOf),
  );

  it.each(SOURCES)('has a row for each register that %s names', async (source) => {
    const registers = await registersOf(source);
    expect(registers.length).toBeGreaterThan(5);
    const missing = registers.filter((address) => !blocks.has(blockOf(address)));
    expect(missing.map((address) => address.toString(16))).toEqual([]);
  });

  it('has an address of evidence in each block that it names', () => {
    for (const { name, base, others = [], evidence } of FIDELITY) {
      const shown = new Set(
        evidence
          .flat()
          .flatMap((access) => Object.entries(access))
          .filter(([key]) => ['write', 'read', 'faults', 'counts', 'stands'].includes(key))
          .map(([, at]) => blockOf(at)),
      );
      const bare = [base, ...others].filter((at) => !shown.has(blockOf(at)));
      expect(bare, name).toEqual([]);
    }
  });

  it('names the timer of each PWM pin', async () => {
    const named = FIDELITY.filter(({ name }) => name.startsWith('TIM')).map(({ name }) => name);
    const timers = new Set(
      named
        .flatMap((name) => name.split(', '))
        .flatMap((range) => {
          const [first = 0, last = first] = range.split('–').map((unit) => Number(unit.slice(3)));
          return Array.from({ length: last - first + 1 }, (_, index) => first + index);
        }),
    );
    const { pins } = await loadBoard('nucleo_g474re');
    const used = new Set(pins.flatMap(({ pwm }) => (pwm === undefined ? [] : [pwm.timer])));
    expect([...used].filter((timer) => !timers.has(timer))).toEqual([]);
    expect(used.size).toBe(7);
  });
});
