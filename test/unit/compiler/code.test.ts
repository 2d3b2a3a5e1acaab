import { describe, expect, it } from 'vitest';
import { compiled, listing, runProgram, statements } from './support.ts';

describe('constants', () => {
  it.each([
    ['0', ['PUSH 0']],
    ['65535', ['PUSH 65535']],
    ['65536', ['PUSH 0', 'PUSH.WIDE 1']],
    ['-1', ['PUSH.SIGNED -1']],
    ['-32768', ['PUSH.SIGNED -32768']],
    ['-32769', ['PUSH 32767', 'PUSH.WIDE 65535']],
    ['2147483647', ['PUSH 65535', 'PUSH.WIDE 32767']],
    ['-2147483648', ['PUSH 0', 'PUSH.WIDE 32768']],
    ['4294967295u', ['PUSH.SIGNED -1']],
    ['0x12345678', ['PUSH 22136', 'PUSH.WIDE 4660']],
    ['0b1010', ['PUSH 10']],
    ['017', ['PUSH 15']],
    ["'A'", ['PUSH 65']],
    [String.raw`'\n'`, ['PUSH 10']],
    [String.raw`'\xff'`, ['PUSH.SIGNED -1']],
    ['2 + 3 * 4', ['PUSH 14']],
    ['(7 - 2) / -2', ['PUSH.SIGNED -2']],
    ['4000000000u / 2 + 1', ['PUSH 37889', 'PUSH.WIDE 30517']],
    ['1 ? 2 : 3', ['PUSH 2']],
    ['HIGH + LED_BUILTIN + USER_BTN + A5', ['PUSH 57']],
  ])('%s', (expression, expected) => {
    expect(statements(`x = ${expression};`, 'int x;')).toEqual([...expected, 'STORE_GLOBAL 0']);
  });
});

describe('expressions', () => {
  it('follows the precedence of C', () => {
    expect(statements('r = a + b * c;', 'int a, b, c, r;')).toEqual([
      ...['LOAD_GLOBAL 0', 'LOAD_GLOBAL 1', 'LOAD_GLOBAL 2', 'MUL', 'ADD', 'STORE_GLOBAL 3'],
    ]);
    expect(statements('r = a - b - c;', 'int a, b, c, r;')).toEqual([
      ...['LOAD_GLOBAL 0', 'LOAD_GLOBAL 1', 'SUB', 'LOAD_GLOBAL 2', 'SUB', 'STORE_GLOBAL 3'],
    ]);
    expect(statements('r = a & b == c;', 'int a, b, c, r;')).toEqual([
      ...['LOAD_GLOBAL 0', 'LOAD_GLOBAL 1', 'LOAD_GLOBAL 2', 'EQ_SIGNED', 'BITWISE_AND'],
      'STORE_GLOBAL 3',
    ]);
  });

  it('compares signed and unsigned numbers with different instructions', () => {
    expect(statements('r = a < b;', 'int a, b; bool r;')).toContain('LT_SIGNED');
    expect(statements('r = a < b;', 'unsigned a; int b; bool r;')).toContain('LT');
    expect(statements('r = a < b;', 'byte a; uint16_t b; bool r;')).toContain('LT_SIGNED');
  });

  it('evaluates the right side of && only when it matters', () => {
    expect(statements('r = a && b;', 'int a; bool b, r;')).toEqual([
      ...['LOAD_GLOBAL 0', 'LOAD_GLOBAL 1', 'AND', 'STORE_GLOBAL 2'],
    ]);
    expect(statements('r = a && f();', 'int a; bool f() { return a; } bool r;')).toEqual([
      ...['LOAD_GLOBAL 0', 'JMP_FALSE 4', 'CALL 2, 0', 'JMP 5', 'PUSH 0', 'STORE_GLOBAL 1'],
    ]);
    expect(statements('if (a || b) r = true;', 'int a; bool b, r;')).toEqual([
      ...['LOAD_GLOBAL 0', 'JMP_TRUE 4', 'LOAD_GLOBAL 1', 'JMP_FALSE 6', 'PUSH 1'],
      'STORE_GLOBAL 2',
    ]);
  });

  it('leaves no value of ++ behind that nobody wants', () => {
    expect(statements('a++;', 'int a;')).toEqual([
      'LOAD_GLOBAL 0',
      'PUSH 1',
      'ADD',
      'STORE_GLOBAL 0',
    ]);
    expect(statements('b = a--;', 'int a, b;')).toEqual([
      ...['LOAD_GLOBAL 0', 'LOAD_LOCAL 0', 'PUSH 1', 'SUB', 'STORE_GLOBAL 0', 'STORE_GLOBAL 1'],
    ]);
  });

  it('evaluates an index once and copies it', () => {
    expect(statements('a[f()] += 2;', 'int a[3]; int f() { return 1; }')).toEqual([
      ...['CALL 4, 0', 'LOAD_LOCAL 0', 'LOAD_ARRAY 0', 'PUSH 2', 'ADD', 'STORE_ARRAY 0'],
    ]);
    expect(statements('a[1] += 2;', 'int a[3];')).toEqual([
      ...['PUSH 1', 'PUSH 1', 'LOAD_ARRAY 0', 'PUSH 2', 'ADD', 'STORE_ARRAY 0'],
    ]);
  });

  it('cuts narrow types when they are stored, and only when needed', () => {
    expect(statements('b = a;', 'int a; byte b;')).toEqual([
      ...['LOAD_GLOBAL 0', 'PUSH 255', 'BITWISE_AND', 'STORE_GLOBAL 1'],
    ]);
    expect(statements('b = a;', 'int a; int16_t b;')).toEqual([
      ...['LOAD_GLOBAL 0', 'PUSH 16', 'SHIFT_LEFT', 'PUSH 16', 'SHIFT_RIGHT', 'STORE_GLOBAL 1'],
    ]);
    expect(statements('b = a;', 'byte a; int16_t b;')).toEqual(['LOAD_GLOBAL 0', 'STORE_GLOBAL 1']);
    expect(statements('b = a;', 'int a; bool b;')).toEqual([
      ...['LOAD_GLOBAL 0', 'PUSH 0', 'NE_SIGNED', 'STORE_GLOBAL 1'],
    ]);
  });
});

describe('statements', () => {
  it('if and else', () => {
    expect(statements('if (a) b = 1; else b = 2;', 'int a, b;')).toEqual([
      ...['LOAD_GLOBAL 0', 'JMP_FALSE 5', 'PUSH 1', 'STORE_GLOBAL 1', 'RET'],
      ...['PUSH 2', 'STORE_GLOBAL 1'],
    ]);
  });

  it('while with break and continue', () => {
    const source = 'while (a) { if (b) break; if (c) continue; a = 0; }';
    expect(statements(source, 'int a, b, c;')).toEqual([
      ...['LOAD_GLOBAL 0', 'JMP_FALSE 10', 'LOAD_GLOBAL 1', 'JMP_TRUE 10'],
      ...['LOAD_GLOBAL 2', 'JMP_TRUE 8', 'PUSH 0', 'STORE_GLOBAL 0'],
      ...['LOAD_GLOBAL 0', 'JMP_TRUE 2'],
    ]);
  });

  it('do', () => {
    expect(statements('do { a = 1; } while (a);', 'int a;')).toEqual([
      ...['PUSH 1', 'STORE_GLOBAL 0', 'LOAD_GLOBAL 0', 'JMP_TRUE 0'],
    ]);
  });

  it('for, with continue to the step', () => {
    const source = 'for (int i = 0; i < 3; i++) { if (a) continue; a = i; }';
    expect(statements(source, 'int a;')).toEqual([
      ...['PUSH 0', 'LOAD_GLOBAL 0', 'JMP_TRUE 5', 'LOAD_LOCAL 0', 'STORE_GLOBAL 0'],
      ...['PUSH 1', 'ADD', 'LOAD_LOCAL 0', 'PUSH 3', 'LT_SIGNED', 'JMP_TRUE 1'],
    ]);
  });

  it('switch compares in turn and falls through', () => {
    expect(
      statements(
        'switch (a) { case 1: b = 1; case -2: b = 2; break; default: b = 3; }',
        'int a, b;',
      ),
    ).toEqual([
      ...['LOAD_GLOBAL 0', 'PUSH 1', 'EQ_SIGNED', 'JMP_TRUE 9'],
      ...['LOAD_GLOBAL 0', 'PUSH.SIGNED -2', 'EQ_SIGNED', 'JMP_TRUE 11', 'JMP 14'],
      ...['PUSH 1', 'STORE_GLOBAL 1', 'PUSH 2', 'STORE_GLOBAL 1', 'RET'],
      ...['PUSH 3', 'STORE_GLOBAL 1'],
    ]);
  });

  it('switch keeps a subject that takes more than one instruction on the stack', () => {
    expect(
      statements('switch (a + 1) { case 0: b = 1; break; case 7: b = 2; } b = 3;', 'int a, b;'),
    ).toEqual([
      ...['LOAD_GLOBAL 0', 'PUSH 1', 'ADD', 'LOAD_LOCAL 0', 'JMP_FALSE 10'],
      ...['LOAD_LOCAL 0', 'PUSH 7', 'EQ_SIGNED', 'JMP_TRUE 13', 'JMP 15'],
      ...['PUSH 1', 'STORE_GLOBAL 1', 'JMP 15', 'PUSH 2', 'STORE_GLOBAL 1'],
      ...['POP', 'PUSH 3', 'STORE_GLOBAL 1'],
    ]);
  });

  it('drops what cannot run', () => {
    const source = 'int a; int f() { return 1; a = 2; while (a) a--; } void main() { }';
    expect(listing(source, 'f')).toEqual(['PUSH 1', 'RET.VALUE']);
  });
});

describe('functions', () => {
  it('keeps its locals on the stack, where their first values are left', () => {
    const source =
      'int f(int p) { int a = p; { int b = 1; a = b; } { int c = 2; a = c; } return a; }';
    expect(listing(`${source} void main() { }`, 'f')).toEqual([
      ...['LOAD_LOCAL 0', 'PUSH 1', 'STORE_LOCAL 1', 'PUSH 2', 'STORE_LOCAL 1', 'RET.VALUE'],
    ]);
  });

  it('pushes arguments from left to right and drops a result that nobody wants', () => {
    const source = 'int f(int a, byte b) { return a + b; } void main() { f(1, 2); }';
    expect(listing(source, 'main')).toEqual(['PUSH 1', 'PUSH 2', 'CALL 2, 2', 'RET']);
    const more = source.replace('f(1, 2);', 'f(1, 2); f(3, 4);');
    expect(listing(more, 'main')).toEqual([
      ...['PUSH 1', 'PUSH 2', 'CALL 2, 2', 'POP', 'PUSH 3', 'PUSH 4', 'CALL 2, 2', 'RET'],
    ]);
  });
});

describe('the beginning of a program', () => {
  it('creates arrays, stores initial values, calls setup, then loop for ever', () => {
    const source = `
      int a[4] = {0, 5};
      int x = 3;
      int y = f();
      const int known = 9;
      int f() { return x + known; }
      void setup() { }
      void loop() { }`;
    expect(listing(source)).toEqual([
      ...['PUSH 4', 'CREATE_ARRAY 0', 'PUSH 1', 'PUSH 5', 'STORE_ARRAY 0', 'PUSH 3'],
      ...['STORE_GLOBAL 0', 'CALL 12, 0', 'STORE_GLOBAL 1', 'CALL 16, 0', 'CALL 17, 0', 'JMP 10'],
    ]);
    expect(compiled(source).loop).toBe(10);
    expect(compiled(source).entry).toBe(0);
  });

  it('calls main and halts', () => {
    expect(listing('int main() { return 0; }')).toEqual(['CALL 3, 0', 'POP', 'HALT']);
    expect(listing('void main() { }')).toEqual(['CALL 2, 0', 'HALT']);
    expect(compiled('void main() { }').loop).toBeUndefined();
  });

  it('computes initial values that need temporaries', () => {
    const source =
      'int a[3] = {1, 2, 3}; int f() { return 1; } int x = a[f()]++; void main() { printf("%d %d", x, a[1]); }';
    expect(runProgram(compiled(source)).text).toBe('2 3');
  });
});

describe('texts', () => {
  it('are stored once', () => {
    const { strings } = compiled('void main() { printf("a"); printf("b"); printf("%s", "a"); }');
    expect(strings.map((bytes) => Buffer.from(bytes).toString())).toEqual(['a', 'b', '%s']);
  });
});
