import { expect, test } from 'vitest';
import type { VmCosts } from '../../../src/measure/costs.ts';
import { reportLines } from '../../../src/measure/report.ts';

function costs(instructions: number, cycles: number): VmCosts {
  const workload = { title: 'work', steps: 1e6, cycles: cycles * 1e6 };
  return {
    opcodes: ['PUSH', 'ADD', 'LOAD_LOCAL', 'JMP'].map((name) => ({ name, instructions, cycles })),
    workloads: ['W1', 'W2', 'W3', 'W4'].map((id) => ({
      ...workload,
      id,
      instructions: instructions * 1e6,
    })),
    compiler: 'GCC 1.2.3',
    flags: '-O9',
    hotBytes: 8000,
  };
}

const model = [{ id: 'W1', title: 'work', best: 61, median: 59 }];
const emulated = { table: costs(30, 0), switched: costs(12, 0) };
const machines = { emulated: 'an emulator', host: 'a host' };

const report = (board?: typeof emulated): string[] =>
  reportLines({ emulated, board, model }, { ...machines, board: board && 'a board' });

test('without a board there are instructions, the compiler that made them, and no cycles', () => {
  const lines = report();
  expect(lines).toContain('measured on an emulator; GCC 1.2.3, -O9');
  expect(lines.find((line) => line.startsWith('PUSH'))).toMatch(/^PUSH +30\.0 +12\.0$/);
  expect(lines.join('\n')).not.toContain('cycles');
});

test('with one there are its cycles beside them, of both builds', () => {
  const lines = report({ table: costs(0, 44), switched: costs(0, 17) });
  expect(lines).toContain('cycles: DWT CYCCNT of a board');
  expect(lines.find((line) => line.startsWith('PUSH'))).toMatch(
    /^PUSH +30\.0 +12\.0 +44\.0 +17\.0$/,
  );
  expect(lines.find((line) => line.startsWith('switch, megacycles'))).toMatch(/(?: +17\.00){4}$/);
});

test('the peers are named with what they were measured with', () => {
  const lines = report();
  expect(lines.find((line) => line.includes('others:'))).toMatch(/-O2; total Arm instructions$/);
  expect(lines.find((line) => line.startsWith('wasm3'))).toMatch(/3\.89 +14\.95 +6\.23 +2\.02$/);
});

test('a target is met only by the worse figure', () => {
  const lines = report();
  expect(lines).toContain('met    JMP: 12.0 of at most 20 Arm instructions');
  expect(lines).toContain('met    W3: 12.00 M, Lua 5.4 12.7 M');
  expect(lines).toContain('MISSED W3: 12.00 M, Femto-Containers eBPF 11.9 M');
  expect(lines.find((line) => line.includes('model, W1'))).toMatch(/^MISSED.*61\.0, median 59\.0/);
});
