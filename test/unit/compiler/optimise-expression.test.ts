import { describe, expect, it } from 'vitest';
import { compiled, runProgram, statements } from './support.ts';

const GLOBALS = 'int a, b, r; unsigned u; byte n; bool t; int16_t s;';

/** Instructions of `r = expression;`, without the store. */
function value(expression: string): string[] {
  const code = statements(`r = ${expression};`, `${GLOBALS} int f() { return a; }`);
  expect(code.at(-1)).toBe('STORE_GLOBAL 2');
  return code.slice(0, -1);
}

const A = 'LOAD_GLOBAL 0';
const B = 'LOAD_GLOBAL 1';
const U = 'LOAD_GLOBAL 3';
const N = 'LOAD_GLOBAL 4';
const T = 'LOAD_GLOBAL 5';
const S = 'LOAD_GLOBAL 6';
const CALL_F = 'CALL 2, 0';

describe('an operation with a constant', () => {
  it.each([
    ['a + 0', [A]],
    ['0 + a', [A]],
    ['a - 0', [A]],
    ['a * 1', [A]],
    ['1 * a', [A]],
    ['a / 1', [A]],
    ['a & -1', [A]],
    ['a | 0', [A]],
    ['a ^ 0', [A]],
    ['a << 0', [A]],
    ['a >> 0', [A]],
  ])('%s is its operand', (expression, expected) => {
    expect(value(expression)).toEqual(expected);
  });

  it.each([
    ['a * 0', ['PUSH 0']],
    ['a & 0', ['PUSH 0']],
    ['a | -1', ['PUSH.SIGNED -1']],
    ['a % 1', ['PUSH 0']],
    ['a % -1', ['PUSH 0']],
  ])('%s is known', (expression, expected) => {
    expect(value(expression)).toEqual(expected);
  });

  it.each([
    ['f() * 0', [CALL_F, 'POP', 'PUSH 0']],
    ['f() & 0', [CALL_F, 'POP', 'PUSH 0']],
    ['a / b * 0', [A, B, 'DIV', 'POP', 'PUSH 0']],
    ['(a << b) % 1', [A, B, 'SHIFT_LEFT', 'POP', 'PUSH 0']],
  ])('%s is known, but what may have an effect or fault is evaluated', (expression, expected) => {
    expect(value(expression)).toEqual(expected);
  });

  it.each([
    ['a + 1 + 2', [A, 'PUSH 3', 'ADD']],
    ['a - 1 - 2', [A, 'PUSH.SIGNED -3', 'ADD']],
    ['a + 5 - 5', [A]],
    ['a + 2147483647 + 1', [A, 'PUSH 0', 'PUSH.WIDE 32768', 'ADD']],
    ['a * 3 * 5', [A, 'PUSH 15', 'MUL']],
    ['a & 12 & 10', [A, 'PUSH 8', 'BITWISE_AND']],
    ['a ^ 3 ^ 3', [A]],
  ])('%s is one with both constants joined', (expression, expected) => {
    expect(value(expression)).toEqual(expected);
  });

  it.each([
    ['a + -40000', [A, 'PUSH 40000', 'SUB']],
    ['a - -65535', [A, 'PUSH 65535', 'ADD']],
    ['a < 65536', [A, 'PUSH 65535', 'LE_SIGNED']],
    ['a >= 65536', [A, 'PUSH 65535', 'GT_SIGNED']],
    ['a > -32769', [A, 'PUSH.SIGNED -32768', 'GE_SIGNED']],
    ['u < 65536', [U, 'PUSH 65535', 'LE']],
    ['a <= 65536', [A, 'PUSH 0', 'PUSH.WIDE 1', 'LE_SIGNED']],
    ['u > 2147483647', [U, 'PUSH 65535', 'PUSH.WIDE 32767', 'GT']],
  ])('%s uses a constant of one instruction where there is one', (expression, expected) => {
    expect(value(expression)).toEqual(expected);
  });

  it.each([
    ['a ^ -1', [A, 'BITWISE_NOT']],
    ['~~a', [A]],
    ['-(-a)', [A]],
    ['a + -b', [A, B, 'SUB']],
    ['a - -b', [A, B, 'ADD']],
    ['5 * a', [A, 'PUSH 5', 'MUL']],
    ['3 < a', [A, 'PUSH 3', 'GT_SIGNED']],
    ['3 - a', ['PUSH 3', A, 'SUB']],
  ])('%s', (expression, expected) => {
    expect(value(expression)).toEqual(expected);
  });
});

describe('a comparison', () => {
  it.each([
    ['!(a < b)', [A, B, 'GE_SIGNED']],
    ['!(a == b)', [A, B, 'NE_SIGNED']],
    ['!(u > a)', [U, A, 'LE']],
    ['!!a', [A, 'PUSH 0', 'NE_SIGNED']],
    ['!!t', [T]],
    ['a == 0', [A, 'NOT']],
    ['t == true', [T]],
    ['t != false', [T]],
    ['t != 1', [T, 'NOT']],
    ['(a < b) == 0', [A, B, 'GE_SIGNED']],
    ['a - b == 0', [A, B, 'EQ_SIGNED']],
    ['(a ^ b) != 0', [A, B, 'NE_SIGNED']],
    ['a + 3 == 5', [A, 'PUSH 2', 'EQ_SIGNED']],
    ['a - 3 != 5', [A, 'PUSH 8', 'NE_SIGNED']],
    ['a + 3 < 5', [A, 'PUSH 3', 'ADD', 'PUSH 5', 'LT_SIGNED']],
  ])('%s', (expression, expected) => {
    expect(value(expression)).toEqual(expected);
  });

  it.each([
    ['n < 256', ['PUSH 1']],
    ['n >= 0', ['PUSH 1']],
    ['n == -1', ['PUSH 0']],
    ['s > 32767', ['PUSH 0']],
    ['u < 0u', ['PUSH 0']],
    ['0 <= u', ['PUSH 1']],
    ['(a & 7) <= 7', ['PUSH 1']],
    ['a % 10 < 10', ['PUSH 1']],
    ['analogRead(3) > 4095', ['PUSH 3', 'ANALOG_READ', 'POP', 'PUSH 0']],
  ])('%s is decided by what its operand can be', (expression, expected) => {
    expect(value(expression)).toEqual(expected);
  });

  it.each([
    ['a % 10 < 9', [A, 'PUSH 10', 'MOD', 'PUSH 9', 'LT_SIGNED']],
    ['s > 32766', [S, 'PUSH 32766', 'GT_SIGNED']],
    ['u < 0x80000000', [U, 'PUSH 0', 'PUSH.WIDE 32768', 'LT']],
    ['n == 255', [N, 'PUSH 255', 'EQ_SIGNED']],
  ])('%s is not', (expression, expected) => {
    expect(value(expression)).toEqual(expected);
  });

  it.each([
    ['a != 0', [A, 'JMP_FALSE 4']],
    ['a == 0', [A, 'JMP_TRUE 4']],
    ['!a', [A, 'JMP_TRUE 4']],
    ['!!a', [A, 'JMP_FALSE 4']],
    ['(bool)a', [A, 'JMP_FALSE 4']],
    ['n > 0', [N, 'JMP_FALSE 4']],
    ['n >= 1', [N, 'JMP_FALSE 4']],
    ['n < 1', [N, 'JMP_TRUE 4']],
    ['u > 0', [U, 'JMP_FALSE 4']],
    ['u <= 0', [U, 'JMP_TRUE 4']],
  ])('with zero, %s, needs no instruction before a jump', (condition, expected) => {
    expect(statements(`if (${condition}) r = 1;`, GLOBALS)).toEqual([
      ...expected,
      ...['PUSH 1', 'STORE_GLOBAL 2'],
    ]);
  });
});

describe('a cut to a narrow type', () => {
  it.each([
    ['n = a & 15;', [A, 'PUSH 15', 'BITWISE_AND', 'STORE_GLOBAL 4']],
    ['n = a % 10;', [A, 'PUSH 10', 'MOD', 'PUSH 255', 'BITWISE_AND', 'STORE_GLOBAL 4']],
    ['n = (n + 1) % 10;', [N, 'PUSH 1', 'ADD', 'PUSH 10', 'MOD', 'STORE_GLOBAL 4']],
    ['n = n >> 3;', [N, 'PUSH 3', 'SHIFT_RIGHT', 'STORE_GLOBAL 4']],
    ['n = a < b;', [A, B, 'LT_SIGNED', 'STORE_GLOBAL 4']],
    ['n = a ? 1 : 200;', [A, 'JMP_FALSE 4', 'PUSH 1', 'JMP 5', 'PUSH 200', 'STORE_GLOBAL 4']],
    ['s = analogRead(3);', ['PUSH 3', 'ANALOG_READ', 'STORE_GLOBAL 6']],
    [
      's = n * n;',
      [N, N, 'MUL', 'PUSH 16', 'SHIFT_LEFT', 'PUSH 16', 'SHIFT_RIGHT', 'STORE_GLOBAL 6'],
    ],
    ['t = a & 1;', [A, 'PUSH 1', 'BITWISE_AND', 'STORE_GLOBAL 5']],
  ])('%s is made only where it can change something', (statement, expected) => {
    expect(statements(statement, GLOBALS)).toEqual(expected);
  });
});

describe('?: && and ||', () => {
  it.each([
    ['a < b ? 1 : 0', [A, B, 'LT_SIGNED']],
    ['a < b ? 0 : 1', [A, B, 'GE_SIGNED']],
    ['a ? 1 : 0', [A, 'PUSH 0', 'NE_SIGNED']],
    ['a && 1', [A, 'PUSH 0', 'NE_SIGNED']],
    ['a && 0', ['PUSH 0']],
    ['f() && 0', [CALL_F, 'POP', 'PUSH 0']],
    ['a || 1', ['PUSH 1']],
    ['t || 0', [T]],
    ['a && t', [A, T, 'AND']],
    ['t || a', [T, A, 'OR']],
    ['(5, a)', [A]],
    ['(f(), a)', [CALL_F, 'POP', A]],
  ])('%s', (expression, expected) => {
    expect(value(expression)).toEqual(expected);
  });

  it('whose right side may fault or has an effect is evaluated only when C does', () => {
    expect(value('t && a / b')).toEqual([
      ...[T, 'JMP_FALSE 8', A, B, 'DIV', 'PUSH 0', 'NE_SIGNED', 'JMP 9', 'PUSH 0'],
    ]);
    expect(value('t && f()')).toContain('JMP_FALSE 6');
  });

  it('as conditions only jump', () => {
    expect(statements('if (a ? t : n) r = 1;', GLOBALS)).toEqual([
      ...[A, 'JMP_FALSE 5', T, 'JMP_FALSE 9', 'JMP 7', N, 'JMP_FALSE 9', 'PUSH 1'],
      'STORE_GLOBAL 2',
    ]);
    expect(statements('if ((a, t)) r = 1;', GLOBALS)).toEqual([
      ...[T, 'JMP_FALSE 4', 'PUSH 1', 'STORE_GLOBAL 2'],
    ]);
  });
});

describe('an assignment', () => {
  it.each([
    ['a = a;', []],
    ['a += 0;', []],
    ['a *= 1;', []],
    ['a = b = 2;', ['PUSH 2', 'STORE_GLOBAL 1', B, 'STORE_GLOBAL 0']],
    ['a += 1 + 1;', [A, 'PUSH 2', 'ADD', 'STORE_GLOBAL 0']],
    ['a + b;', []],
    ['a + f();', [CALL_F]],
    ['a / b; r = 1;', [A, B, 'DIV', 'POP', 'PUSH 1', 'STORE_GLOBAL 2']],
  ])('or other statement, %s', (statement, expected) => {
    expect(statements(statement, `${GLOBALS} int f() { return a; }`)).toEqual(expected);
  });
});

describe('faults that a program has', () => {
  it.each([
    ['r = a / b * 0;', 6],
    ['r = (a % b) & 0;', 6],
    ['a / b;', 6],
    ['a / 0;', 6],
    ['a % 0;', 6],
    ['r = a / 0 * 0;', 6],
    ['t = t && a / 0;', 0],
    ['t = a && a / 0;', 6],
    ['for (int i = 0; i < 0; i++) r = a / 0;', 0],
    ['while (b) { r = a / 0 + 70000; }', 0],
    ['r = 1 / 0;', 6],
    ['a /= 0;', 6],
    ['r = 5 % (a * 0);', 6],
    ['r = (a << c) * 0;', 12],
    ['a << c;', 12],
    ['1 >> c;', 12],
    ['x[c];', 7],
    ['x[c] = 1;', 7],
    ['x[c] += 0;', 7],
    ['x[c]++;', 7],
    ['r = x[c] * 0;', 7],
    ['r = 0 && x[c];', 0],
    ['r = x[c] && 0;', 7],
    ['r = x[c] == 9 ? 4 : 4;', 7],
    ['delay(-c);', 12],
    ['analogWrite(3, c * 10);', 12],
    ['digitalWrite(99, 1);', 12],
    ['t = digitalRead(99) < 2;', 12],
  ])('%s keeps', (statement, error) => {
    const outside = 'int a = 5, b, r; bool t; int x[4]; int c = 40;';
    const outcome = runProgram(compiled(`${outside} void main() { ${statement} }`));
    expect(outcome.error).toBe(error);
  });
});
