import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { buildImage, localsAt, parseImage } from '../../../src/image/index.ts';
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
          { name: 'value', slot: 0, start: 5, end: 21 },
          { name: 'before', slot: 1, start: 6, end: 21 },
        ],
      ],
      ['setup', [{ name: 'i', slot: 0, start: 22, end: 30 }]],
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
      '10:16', // PUSH 0, which is i
      '11:9', // LOAD_LOCAL i
      '11:5', // CALL add
      '10:26', // i++: PUSH 1
      '10:26', // ADD
      '10:19', // LOAD_LOCAL i
      '10:23', // PUSH 3
      '10:19', // LT_SIGNED
      '10:19', // JMP_TRUE
      '13:1', // RET
    ]);
  });
});

/** `name@slot` of every local, for each instruction of a function. */
function namesThroughout(source: string, name: string): string[] {
  const program = compiled(source);
  const found = program.debug?.functions.find((each) => each.name === name);
  const length = (found?.end ?? 0) - (found?.start ?? 0);
  return Array.from({ length }, (_, index) =>
    localsAt(program, (found?.start ?? 0) + index)
      .map((local) => `${local.name}@${local.slot}`)
      .join(' '),
  );
}

describe('names of locals', () => {
  it('hold from the first value to the end of the block, also where a slot has several in turn', () => {
    const source = `int g;
void f(int p) {
  if (p) {
    int first = 7;
    g = first + p;
    g = first;
  }
  int second = g;
  int third = second * 2;
  g = second;
}
void main() { f(1); }`;
    expect(namesThroughout(source, 'f')).toEqual([
      'p@0', // LOAD_LOCAL p
      'p@0', // JMP_FALSE
      'p@0', // PUSH 7
      'p@0 first@1', // LOAD_LOCAL first
      'p@0 first@1', // LOAD_LOCAL p
      'p@0 first@1', // ADD
      'p@0 first@1', // STORE_GLOBAL
      'p@0', // STORE_GLOBAL, which uses first up
      'p@0', // LOAD_GLOBAL
      'p@0 second@1', // LOAD_LOCAL second
      'p@0 second@1', // PUSH 2
      'p@0 second@1', // MUL
      'p@0 second@1 third@2', // LOAD_LOCAL second
      'p@0 second@1 third@2', // STORE_GLOBAL
      'p@0 second@1 third@2', // RET
    ]);
  });

  it('are left out where they hold nowhere', () => {
    const program = compiled('int a, b; void main() { { int t = a; b = t; } b = 2; }');
    const found = program.debug?.functions.find(({ name }) => name === 'main');
    expect(found?.locals).toEqual([]);
    expect(parseImage(buildImage(program)).ok).toBe(true);
  });

  it('do not hold in slots of the compiler', () => {
    const source = `int g;
void f(int n) {
  while (n < 100000) {
    int twice = n * 2;
    g += n;
    n = twice + g;
  }
}
void main() { f(1); }`;
    // 100000 lies in slot 1 during the loop.
    const names = namesThroughout(source, 'f');
    expect(new Set(names)).toEqual(new Set(['n@0', 'n@0 twice@2']));
  });

  it('of variables in a switch hold from their declaration on', () => {
    const source = `int g;
void f(int n) {
  switch (n) {
    case 1:
      int a = g;
      g = a + n;
    default:
      g++;
  }
}
void main() { f(1); }`;
    const names = namesThroughout(source, 'f');
    // PUSH 0 makes room; LOAD n, PUSH 1, EQ, JMP_FALSE; then the declaration.
    expect(names.slice(0, 5)).toEqual(Array.from({ length: 5 }, () => 'n@0'));
    // At RET it has ended with its block.
    const named = Array.from({ length: names.length - 6 }, () => 'n@0 a@1');
    expect(names.slice(5)).toEqual([...named, 'n@0']);
  });
});
