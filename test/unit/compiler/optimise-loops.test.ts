import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { compiled, listing, printed, runProgram, statements } from './support.ts';

const A = 'LOAD_GLOBAL 0';
const B = 'LOAD_GLOBAL 1';
const STORE_A = 'STORE_GLOBAL 0';
const STORE_B = 'STORE_GLOBAL 1';
const I = 'LOAD_LOCAL 0';

/** The loop's last instructions: step and condition of `for (int i = ...; i < bound; i++)`, i in slot 0. */
const next = (bound: string, start: number): string[] => [
  ...['PUSH 1', 'ADD', I, bound, 'LT_SIGNED', `JMP_TRUE ${start}`],
];

describe('a loop', () => {
  it('has its condition at the end, and a copy before it', () => {
    expect(statements('while (a < b) a = 1;', 'int a, b;')).toEqual([
      ...[A, B, 'LT_SIGNED', 'JMP_FALSE 10', 'PUSH 1', STORE_A, A, B, 'LT_SIGNED', 'JMP_TRUE 4'],
    ]);
  });

  it('is entered by a jump when the condition is long', () => {
    const condition = 'a + b * a - a / 2 > b';
    const code = [A, B, A, 'MUL', 'ADD', A, 'PUSH 2', 'DIV', 'SUB', B, 'GT_SIGNED'];
    expect(statements(`while (${condition}) a = 1;`, 'int a, b;')).toEqual([
      ...['JMP 3', 'PUSH 1', STORE_A, ...code, 'JMP_TRUE 1'],
    ]);
  });

  it('with an empty body tests once a round', () => {
    const once = ['PUSH 3', 'DIGITAL_READ', 'JMP_TRUE 0'];
    expect(statements('while (digitalRead(3)) { }')).toEqual(once);
    expect(statements('for (; digitalRead(3) == HIGH;);')).toEqual(once);
  });

  it('does not test at first what is known', () => {
    expect(statements('for (int i = 0; i < 9; i++) a = i;', 'int a;')).toEqual([
      ...['PUSH 0', I, STORE_A, ...next('PUSH 9', 1)],
    ]);
    expect(statements('int i = 0; a = 1; while (i < 9) i++;', 'int a;')).toEqual([
      ...['PUSH 0', 'PUSH 1', STORE_A, ...next('PUSH 9', 3)],
    ]);
  });

  it('tests at first what is not known', () => {
    const test = [I, 'PUSH 9', 'LT_SIGNED'];
    for (const before of ['int i = a;', 'int i = 0; if (a) i = 9;', 'int i = 0; a = i++ + f();']) {
      const code = statements(`${before} while (i < 9) i++;`, 'int a; int f() { return 1; }');
      expect(code.slice(-10, -7)).toEqual(test);
    }
  });

  it('that never runs is left out', () => {
    expect(statements('for (int i = 5; i < 3; i++) a = i; a = 1;', 'int a;')).toEqual([
      ...['PUSH 1', STORE_A],
    ]);
    expect(statements('while (0) a = 2; a = 1;', 'int a;')).toEqual(['PUSH 1', STORE_A]);
    expect(statements('while (a & 0) a = 2; a = 1;', 'int a;')).toEqual(['PUSH 1', STORE_A]);
    expect(statements('for (int i = 5; false; i++) a = i; a = 1;', 'int a;')).toEqual([
      ...['PUSH 1', STORE_A],
    ]);
  });

  it('without end has no condition, and nothing behind it', () => {
    const source = 'int a; void f() { for (;;) a = 1; a = 2; } void main() { }';
    expect(listing(source, 'f')).toEqual(['PUSH 1', STORE_A, 'JMP 0']);
    expect(listing(source.replace('for (;;)', 'while (true)'), 'f')).toEqual([
      ...['PUSH 1', STORE_A, 'JMP 0'],
    ]);
  });

  it('that is left or continued in a block drops the variables of the block', () => {
    const body = 'int t = a; if (t == 3) break; if (t) { continue; } a = b; b = t;';
    expect(statements(`for (int i = 0; i < 9; i++) { ${body} } b = 1;`, 'int a, b;')).toEqual([
      ...['PUSH 0', A, 'LOAD_LOCAL 1', 'PUSH 3', 'EQ_SIGNED', 'JMP_FALSE 8', 'POP', 'JMP 21'],
      ...['LOAD_LOCAL 1', 'JMP_FALSE 12', 'POP', 'JMP 15', B, STORE_A, STORE_B],
      ...[...next('PUSH 9', 1), 'POP', 'PUSH 1', STORE_B],
    ]);
  });
});

describe('what does not change in a loop', () => {
  const WIDE = ['PUSH 34464', 'PUSH.WIDE 1'];

  it('is computed before it when it takes more than one instruction', () => {
    expect(statements('for (int i = 0; i < 100000; i++) a = i;', 'int a;')).toEqual([
      ...[...WIDE, 'PUSH 0', 'LOAD_LOCAL 1', STORE_A],
      ...['PUSH 1', 'ADD', 'LOAD_LOCAL 1', I, 'LT_SIGNED', 'JMP_TRUE 3'],
    ]);
    expect(statements('int n = a; for (int i = 0; i < 63 - n; i++) a = i;', 'int a;')).toEqual([
      ...[A, 'PUSH 63', I, 'SUB', 'PUSH 0', 'LOAD_LOCAL 2', 'LOAD_LOCAL 1', 'LT_SIGNED'],
      ...['JMP_FALSE 17', 'LOAD_LOCAL 2', STORE_A],
      ...['PUSH 1', 'ADD', 'LOAD_LOCAL 2', 'LOAD_LOCAL 1', 'LT_SIGNED', 'JMP_TRUE 9'],
    ]);
  });

  it('of two loops is computed before the outer one', () => {
    const source = `
      for (int i = 0; i < 9; i++) {
        for (int k = 0; k < 9; k++) a = 100000;
      }`;
    expect(statements(source, 'int a;')).toEqual([
      ...[...WIDE, 'PUSH 0', 'PUSH 0', I, STORE_A],
      ...['PUSH 1', 'ADD', 'LOAD_LOCAL 2', 'PUSH 9', 'LT_SIGNED', 'JMP_TRUE 4', 'POP'],
      ...['PUSH 1', 'ADD', 'LOAD_LOCAL 1', 'PUSH 9', 'LT_SIGNED', 'JMP_TRUE 3'],
    ]);
  });

  it.each([
    ['changes', 'int n = a; for (int i = 0; i < n + 1; i++) n--;', ''],
    ['may be changed by a call', 'for (int i = 0; i < a + 1; i++) f();', ''],
    ['may fault', 'for (int i = 0; i < 10 / a; i++) b = i;', ''],
    ['reads an element that may not exist', 'for (int i = 0; i < x[a]; i++) b = i;', ''],
    ['is seldom needed', 'for (int i = 0; i < 2; i++) if (b) a = 100000;', ''],
    ['is one instruction', 'for (int i = 0; i < a; i++) b = 7;', ''],
    ['has an effect', 'for (int i = 0; i < digitalRead(3) + 5; i++) b = i;', ''],
  ])('is not kept when it %s', (_, body) => {
    const outside = 'int a, b, x[4]; void f() { a++; }';
    // Nothing is computed between the variables and the first value of i.
    const code = statements(body, outside);
    const first = body.startsWith('int n') ? 1 : 0;
    expect(code[first]).toBe('PUSH 0');
  });

  it('is kept in the loop around the calls when it is local', () => {
    const code = statements(
      'int n = a; for (int i = 0; i < n + 1; i++) f();',
      'int a; void f() { }',
    );
    expect(code.slice(0, 5)).toEqual([A, I, 'PUSH 1', 'ADD', 'PUSH 0']);
  });

  it('makes way for a variable on top that is changed more often', () => {
    const source = 'int f(int n) { while (n < 100000) n += 3; return n; } void main() { }';
    expect(listing(source, 'f')).toEqual([
      ...[I, ...WIDE, 'LT_SIGNED', 'JMP_FALSE 12'],
      ...['PUSH 3', 'ADD', I, ...WIDE, 'LT_SIGNED', 'JMP_TRUE 5', 'RET.VALUE'],
    ]);
  });

  it('is not kept in a program whose stack has no known depth', () => {
    const recursive = 'int f(int n) { return n ? f(n - 1) : 0; }';
    const code = statements('for (int i = 0; i < 100000; i++) f(i);', recursive);
    expect(code[0]).toBe('PUSH 0');
  });

  it('is not kept when the stack has no room for it', () => {
    const locals = Array.from({ length: 90 }, (_, k) => `int v${k} = a + ${k};`).join(' ');
    const sum = Array.from({ length: 90 }, (_, k) => `v${k}`).join(' + ');
    // 90 locals, i, 36 operands and i again: 128 words.
    const deep = `${Array.from({ length: 36 }, (_, k) => `(v${k} ^ `).join('')}i${')'.repeat(36)}`;
    const body = `${locals} for (int i = 0; i < 100000; i += 9999) b = ${deep}; a = ${sum};`;
    expect(printed(`${body} printf("%d", a);`, 'int a, b;')).toBe('4005');
    expect(statements(body, 'int a, b;')[1 + 89 * 3]).toBe('PUSH 0');
    const shallow = statements(body.replace('(v0 ^ ', '('), 'int a, b;');
    expect(shallow[1 + 89 * 3]).toBe('PUSH 34464');
  });
});

/** Instructions that a program executes. */
function steps(source: string): number {
  const outcome = runProgram(compiled(source));
  expect(outcome.end).toBe('halted');
  return outcome.executed;
}

describe('the benchmark programs', () => {
  const source = (name: string): string =>
    readFileSync(
      new URL(`../../../hil-config/programs/bench/${name}.ino`, import.meta.url),
      'utf8',
    );

  it('W2 takes 18 instructions a round', () => {
    const text = source('w2-arithmetic').replace('100000', 'ROUNDS');
    const rounds = (count: number): number => steps(text.replaceAll('ROUNDS', String(count)));
    // s: load, i * 7 % 13: 5, +, i & 3: 3, ^, store; i++: 2; i < n: 3, jump.
    expect(rounds(70_001) - rounds(70_000)).toBe(18);
  });

  it('W1 takes 14 instructions for a call that calls, 5 for one that does not', () => {
    const text = source('w1-fib').replaceAll('fib(20)', 'fib(N)');
    const calls = (n: number): number => steps(text.replaceAll('fib(N)', `fib(${n})`));
    // Around it: call of main; 1, call of fib, print, 0, return; drop, halt.
    expect(calls(1)).toBe(1 + 5 + 2 + 5);
    expect(calls(2) - calls(1)).toBe(14 + 5);
  });
});
