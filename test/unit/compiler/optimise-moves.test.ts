import { describe, expect, it } from 'vitest';
import { listing, printed, statements } from './support.ts';

/** Calls without their targets. */
const plain = (code: readonly string[]): string[] =>
  code.map((text) => (text.startsWith('CALL') ? 'CALL' : text));

const A = 'LOAD_GLOBAL 0';
const STORE_A = 'STORE_GLOBAL 0';
const B = 'LOAD_GLOBAL 1';
const STORE_B = 'STORE_GLOBAL 1';
/** The first local. */
const I = 'LOAD_LOCAL 0';
const STORE_I = 'STORE_LOCAL 0';

/** Instructions of a change of `int i = a`, the variable on top of the stack, which is used afterwards. */
function change(statement: string): string[] {
  const outside = 'int a; int f() { return 2; } int x[4];';
  const code = plain(statements(`int i = a; ${statement} a = i; i = 1;`, outside));
  const [first, ...rest] = code;
  expect(first).toBe(A);
  expect(rest.slice(-4)).toEqual([I, STORE_A, 'PUSH 1', STORE_I]);
  return rest.slice(0, -4);
}

describe('the variable on top of the stack', () => {
  it.each([
    ['i++;', ['PUSH 1', 'ADD']],
    ['--i;', ['PUSH 1', 'SUB']],
    ['i = -5 + i;', ['PUSH.SIGNED -5', 'ADD']],
    ['i = ~i;', ['BITWISE_NOT']],
    ['i = (int8_t)i;', ['PUSH 24', 'SHIFT_LEFT', 'PUSH 24', 'SHIFT_RIGHT']],
    ['i = (i + a) ^ 3;', [A, 'ADD', 'PUSH 3', 'BITWISE_XOR']],
    ['i += f();', ['CALL', 'ADD']],
    ['i = i ? a : 7;', ['JMP_FALSE 4', A, 'JMP 5', 'PUSH 7']],
    ['i = x[i];', ['LOAD_ARRAY 0']],
  ])('is changed where it lies: %s', (statement, expected) => {
    expect(change(statement)).toEqual(expected);
  });

  it.each([
    // While it only waits as an operand, it can still be read.
    ['i = i * 2 + i;', [I, 'PUSH 2', 'MUL', 'ADD']],
    ['i = i + i;', [I, 'ADD']],
    ['i = (i + 1) * i;', [I, 'PUSH 1', 'ADD', 'MUL']],
    // A call cannot change it.
    ['i = f() + i;', ['CALL', 'ADD']],
    ['i = f() < i;', ['CALL', 'GT_SIGNED']],
  ])('is changed where it lies, other uses first: %s', (statement, expected) => {
    expect(change(statement)).toEqual(expected);
  });

  it.each([
    ['i = f() - i;', ['CALL', I, 'SUB', STORE_I]],
    ['i = (i + 1) * (i + 2);', [I, 'PUSH 1', 'ADD', I, 'PUSH 2', 'ADD', 'MUL', STORE_I]],
    ['i = i + (i = 3);', [I, 'PUSH 3', STORE_I, I, 'ADD', STORE_I]],
    ['i = i ? i : 7;', [I, 'JMP_FALSE 5', I, 'JMP 6', 'PUSH 7', STORE_I]],
    ['i = 5;', ['PUSH 5', STORE_I]],
    // The element may not exist: f() is called first.
    ['i = f() + x[i];', ['CALL', I, 'LOAD_ARRAY 0', 'ADD', STORE_I]],
  ])('is copied where it is needed again: %s', (statement, expected) => {
    expect(change(statement)).toEqual(expected);
  });

  it('is not the one under it', () => {
    expect(statements('int i = a; int k = a; i++; k++; a = i + k; k = i;', 'int a;')).toEqual([
      ...[A, A, I, 'PUSH 1', 'ADD', STORE_I, 'PUSH 1', 'ADD'],
      ...[I, 'LOAD_LOCAL 1', 'ADD', STORE_A, I, 'STORE_LOCAL 1'],
    ]);
  });

  it('that is assigned and wanted is copied behind', () => {
    expect(statements('int i = a; a = (i += 2); i = 1;', 'int a;')).toEqual([
      ...[A, 'PUSH 2', 'ADD', I, STORE_A, 'PUSH 1', STORE_I],
    ]);
  });
});

describe('the last use of a variable', () => {
  /** Instructions of a block that begins with `int t = a`, without that. */
  const block = (rest: string): string[] => {
    const outside = 'int a, b, x[4]; void g() { } void h(int p, int q) { a = p + q; }';
    const code = plain(statements(`{ int t = a; ${rest} } b = 2;`, outside));
    expect(code[0]).toBe(A);
    expect(code.slice(-2)).toEqual(['PUSH 2', STORE_B]);
    return code.slice(1, -2);
  };

  it.each([
    ['b = t;', [STORE_B]],
    ['a = b; b = t + 1;', [B, STORE_A, 'PUSH 1', 'ADD', STORE_B]],
    ['x[t] = t;', [I, 'STORE_ARRAY 0']],
    ['h(t, t);', [I, 'CALL']],
    ['printf("%d", t);', ['PRINTF 0, 1']],
    ['digitalWrite(t, 1);', ['PUSH 1', 'DIGITAL_WRITE']],
    ['if (t > 3) b = 1;', ['PUSH 3', 'GT_SIGNED', 'JMP_FALSE 6', 'PUSH 1', STORE_B]],
    ['if (t) g(); else b = 1;', ['JMP_FALSE 4', 'CALL', 'JMP 6', 'PUSH 1', STORE_B]],
    ['b = t && a;', [A, 'AND', STORE_B]],
    ['{ { b = t; } }', [STORE_B]],
    ['t / a;', [A, 'DIV', 'POP']],
  ])('uses it up: %s', (rest, expected) => {
    expect(block(rest)).toEqual(expected);
  });

  it.each([
    ['b = t; g();', [I, STORE_B, 'CALL', 'POP']],
    ['if (t > 3) b = t;', [I, 'PUSH 3', 'GT_SIGNED', 'JMP_FALSE 7', I, STORE_B, 'POP']],
    ['b = x[t] = 3;', [I, 'PUSH 3', 'STORE_ARRAY 0', I, 'LOAD_ARRAY 0', STORE_B, 'POP']],
    ['while (t) g();', [I, 'JMP_FALSE 6', 'CALL', I, 'JMP_TRUE 3', 'POP']],
    [
      'for (int i = 0; i < 2; i++) b = t;',
      [
        ...['PUSH 0', I, STORE_B, 'PUSH 1', 'ADD', 'LOAD_LOCAL 1', 'PUSH 2', 'LT_SIGNED'],
        ...['JMP_TRUE 2', 'POP', 'POP'],
      ],
    ],
    ['t; g();', ['CALL', 'POP']],
    ['b = a + t * 2;', [A, I, 'PUSH 2', 'MUL', 'ADD', STORE_B, 'POP']],
  ])('is not this one: %s', (rest, expected) => {
    expect(block(rest)).toEqual(expected);
  });

  it('of a function is its result', () => {
    const f = (source: string): string[] =>
      plain(listing(`${source} int g() { return 1; } void main() { }`, 'f'));
    expect(f('int f(int n) { return n; }')).toEqual(['RET.VALUE']);
    expect(f('int f(int n) { return n + 1; }')).toEqual(['PUSH 1', 'ADD', 'RET.VALUE']);
    expect(f('int f(int n, int m) { return n; }')).toEqual([I, 'RET.VALUE']);
    expect(f('int f(int n) { if (n) return n; return g(); }')).toEqual([
      ...[I, 'JMP_FALSE 3', 'RET.VALUE', 'CALL', 'RET.VALUE'],
    ]);
  });
});

describe('a variable without a first value', () => {
  it.each([
    ['int t; a = 1; t = b; a = t; t = 4;', ['PUSH 1', STORE_A, B, I, STORE_A, 'PUSH 4', STORE_I]],
    ['int t; a = t; t = 4;', ['PUSH 0', I, STORE_A, 'PUSH 4', STORE_I]],
    ['int t; t++; t = 4;', ['PUSH 0', 'PUSH 1', 'ADD', 'PUSH 4', STORE_I]],
    ['int t; a = 1;', ['PUSH 1', STORE_A]],
    [
      'int t, u; u = 3; t = u; a = t; t = 1;',
      ['PUSH 3', I, 'LOAD_LOCAL 1', STORE_A, 'PUSH 1', 'STORE_LOCAL 1'],
    ],
  ])('takes a place when it is first used: %s', (body, expected) => {
    expect(statements(body, 'int a, b;')).toEqual(expected);
  });

  it('has it before a branch or a loop that uses it', () => {
    expect(statements('int t; if (a) t = 1; a = t; t = 2;', 'int a;')).toEqual([
      ...['PUSH 0', A, 'JMP_FALSE 5', 'PUSH 1', STORE_I, I, STORE_A, 'PUSH 2', STORE_I],
    ]);
  });

  it('is 0, in every round of a loop', () => {
    expect(printed('for (int i = 0; i < 3; i++) { int t; printf("%d", t); t = i + 5; }')).toBe(
      '000',
    );
  });
});

describe('an element of an array', () => {
  const ARRAY = 'int a, b, x[4]; int f() { return a; }';
  it.each([
    [
      'b = x[f()]++;',
      [
        ...['CALL', I, 'LOAD_ARRAY 0', I, 'LOAD_LOCAL 1', 'PUSH 1', 'ADD', 'STORE_ARRAY 0'],
        ...[STORE_I, STORE_B],
      ],
    ],
    [
      'b = ++x[f()];',
      [
        ...['CALL', I, 'LOAD_ARRAY 0', 'PUSH 1', 'ADD', I, 'LOAD_LOCAL 1', 'STORE_ARRAY 0'],
        ...[STORE_I, STORE_B],
      ],
    ],
    ['b = x[f()] = 3;', ['CALL', 'PUSH 3', I, 'LOAD_LOCAL 1', 'STORE_ARRAY 0', STORE_I, STORE_B]],
    [
      'b = x[2]++;',
      ['PUSH 2', 'LOAD_ARRAY 0', 'PUSH 2', I, 'PUSH 1', 'ADD', 'STORE_ARRAY 0', STORE_B],
    ],
    ['b = x[a] = 3;', [A, 'PUSH 3', 'STORE_ARRAY 0', A, 'LOAD_ARRAY 0', STORE_B]],
    // The call may change a.
    ['b = x[a] = f();', [A, 'CALL', I, 'LOAD_LOCAL 1', 'STORE_ARRAY 0', STORE_I, STORE_B]],
    [
      'b = x[a] = a = 1;',
      [A, 'PUSH 1', STORE_A, A, I, 'LOAD_LOCAL 1', 'STORE_ARRAY 0', STORE_I, STORE_B],
    ],
  ])('is found once: %s', (statement, expected) => {
    expect(plain(statements(statement, ARRAY))).toEqual(expected);
  });
});
