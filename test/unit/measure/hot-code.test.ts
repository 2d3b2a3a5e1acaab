import { describe, expect, it } from 'vitest';
import type { VmCosts } from '../../../src/measure/costs.ts';
import { hotCodeLines } from '../../../src/measure/hot-code.ts';

/** A build in which ADD costs so much. */
const costs = (add: number, hotBytes = 8000): VmCosts => ({
  opcodes: [
    { name: 'PUSH', instructions: 10, cycles: 15 },
    { name: 'ADD', instructions: add, cycles: 2 * add },
  ],
  workloads: [{ id: 'W1', title: 'work', steps: 1, instructions: 1e6 * add, cycles: 3e6 * add }],
  compiler: 'GCC',
  flags: '-O9',
  hotBytes,
});

const same = { table: costs(31), switched: costs(11) };
const rowOf = (lines: readonly string[], name: string, nth = 0): string[] =>
  lines
    .filter((line) => line.startsWith(name))
    .at(nth)
    ?.slice(name.length)
    .trim()
    .split(/ +/) ?? [];

describe('hot code in flash and in CCM SRAM', () => {
  it('stands side by side, with its size', () => {
    const ccm = { table: costs(32, 8024), switched: costs(11, 7912) };
    const lines = hotCodeLines({ emulated: { flash: same, ccm }, board: undefined });
    expect(rowOf(lines, 'ADD')).toEqual(['31.0', '32.0', '11.0', '11.0']);
    expect(rowOf(lines, 'W1 work, millions')).toEqual(['31.00', '32.00', '11.00', '11.00']);
    expect(rowOf(lines, 'hot code, bytes')).toEqual(['8000', '8024', '8000', '7912']);
    expect(lines.join('\n')).toContain('in 2 of 3 rows');
  });

  it.each([
    ['no', 11.5, 'in 1 of 3 rows'],
    ['a', 11.6, 'in 2 of 3 rows'],
  ])("takes what the counter can't tell for %s difference of an opcode", (_, add, found) => {
    const ccm = { table: costs(31), switched: costs(add) };
    const lines = hotCodeLines({ emulated: { flash: same, ccm }, board: undefined });
    expect(lines.join('\n')).toContain(found);
  });

  it('without a board says what the figures leave out, and that nothing was measured on silicon', () => {
    const text = hotCodeLines({ emulated: { flash: same, ccm: same }, board: undefined }).join(
      '\n',
    );
    expect(text).toContain('4 wait states');
    expect(text).toContain('no silicon has been measured');
    expect(text).not.toMatch(/^cycles/m);
  });

  it('with one adds its cycles', () => {
    const board = { flash: same, ccm: { table: costs(30), switched: costs(9) } };
    const lines = hotCodeLines({ emulated: { flash: same, ccm: same }, board });
    expect(rowOf(lines, 'cycles')).toEqual(['table', 'table', 'CCM', 'switch', 'switch', 'CCM']);
    expect(rowOf(lines, 'ADD', 1)).toEqual(['62.0', '60.0', '22.0', '18.0']);
    expect(lines.join('\n')).not.toContain('no silicon');
  });
});
