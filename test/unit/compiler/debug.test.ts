import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { compiled } from './support.ts';

const SOURCE = `int total;
int cells[3];
void add(int value) {
  int before = total;
  static int calls = 0;
  total = before + value;
  cells[0] += calls++;
}
void setup() {
  for (int i = 0; i < 3; i++) {
    add(i);
  }
}
void loop() { }
`;

const { instructions, debug } = compiled(SOURCE);

describe('debug information', () => {
  it('holds the source and its hash', () => {
    const sha256 = createHash('sha256').update(SOURCE).digest('hex');
    expect(debug?.files).toEqual([{ name: 'test.ino', sha256, text: SOURCE }]);
  });

  it('names functions, their instructions and locals', () => {
    expect(debug?.functions.map(({ name, locals }) => [name, locals])).toEqual([
      ['(start)', []],
      [
        'add',
        [
          { name: 'value', slot: 0 },
          { name: 'before', slot: 1 },
        ],
      ],
      ['setup', [{ name: 'i', slot: 0 }]],
      ['loop', []],
    ]);
    const ranges = debug?.functions.map(({ start, end }) => [start, end]) ?? [];
    expect(ranges.at(0)?.at(0)).toBe(0);
    expect(ranges.at(-1)?.at(1)).toBe(instructions.length);
    ranges.slice(1).forEach(([start], index) => {
      expect(start).toBe(ranges[index]?.[1]);
    });
  });

  it('names globals, statics and arrays', () => {
    expect(debug?.globals).toEqual([
      { name: 'total', id: 0 },
      { name: 'add::calls', id: 1 },
    ]);
    expect(debug?.arrays).toEqual([{ name: 'cells', id: 0, length: 3 }]);
  });

  it('gives every instruction a place, ascending by pc, without repetition', () => {
    const lines = debug?.lines ?? [];
    expect(lines[0]?.pc).toBe(0);
    lines.slice(1).forEach((entry, index) => {
      const last = lines[index];
      expect(entry.pc).toBeGreaterThan(last?.pc ?? Infinity);
      expect([entry.line, entry.column]).not.toEqual([last?.line, last?.column]);
    });
  });

  it('places instructions at the expression that they compute', () => {
    const at = (pc: number): string => {
      const found = debug?.lines.findLast((entry) => entry.pc <= pc);
      return `${found?.line ?? 0}:${found?.column ?? 0}`;
    };
    const setup = debug?.functions.find(({ name }) => name === 'setup');
    const places = instructions
      .slice(setup?.start, setup?.end)
      .map((_, n) => at((setup?.start ?? 0) + n));
    expect(places).toEqual([
      '9:6', // PUSH 0: room for i
      '10:16', // PUSH 0
      '10:12', // STORE_LOCAL i
      '10:19', // LOAD_LOCAL i
      '10:23', // PUSH 3
      '10:19', // LT_SIGNED
      '10:19', // JMP_FALSE
      '11:9', // LOAD_LOCAL i
      '11:5', // CALL add
      '10:26', // i++: load, 1, add, store
      '10:26',
      '10:26',
      '10:26',
      '10:3', // JMP
      '13:1', // RET
    ]);
  });
});
