import { describe, expect, it } from 'vitest';
import { compile, pathText, stackUse, type StackUse } from '../../../src/compiler/index.ts';
import type { Program } from '../../../src/image/index.ts';
import { opcodeByName } from '../../../src/isa/index.ts';
import { testPrograms } from '../../helpers/programs.ts';
import { compiled, errors, runProgram } from './support.ts';

function use(program: Program): StackUse {
  const found = stackUse(program);
  if (found === undefined) throw new Error('not as the compiler makes it');
  return found;
}

const FUNCTIONS = `
void wait(int ms) { delay(ms); }
void blink(int pin, int ms) {
  digitalWrite(pin, HIGH);
  wait(ms + 1);
}
void unused() { }`;

describe('the stack that a program needs', () => {
  const found = use(
    compiled(`${FUNCTIONS} void setup() { int a = 3; blink(13, a); } void loop() { }`),
  );

  it('is the sum of what lies below each call', () => {
    // a; pin and ms; pin and 1 for DIGITAL_WRITE.
    expect(found.stack.need).toBe(5);
    expect(pathText(found.stack)).toBe('setup > blink');
    expect(found.frames.need).toBe(3);
    expect(pathText(found.frames)).toBe('setup > blink > wait');
    expect(found.fits).toBe(true);
    expect(found.recursion).toBeUndefined();
  });

  it('is known for each function that is called', () => {
    const rows = found.functions.map(({ name, words, instructions }) => [
      name,
      words,
      instructions,
    ]);
    expect(rows).toEqual([
      ['(start)', 0, 3],
      // The argument is used up by DELAY.
      ['wait', 1, 2],
      // Two parameters, pin and 1 for DIGITAL_WRITE. The call uses ms up.
      ['blink', 4, 7],
      // a; 13 and a for the call.
      ['setup', 3, 5],
      ['loop', 0, 1],
    ]);
  });

  it('counts a result on the stack of the caller', () => {
    const source = 'int f() { return 1; } int main() { printf("%d %d %d", f(), f(), f()); }';
    expect(use(compiled(source)).functions.map(({ words }) => words)).toEqual([1, 1, 3]);
  });

  it('has no bound with recursion', () => {
    const fib = use(
      compiled('int f(int n) { return n < 2 ? n : f(n - 1); } void main() { f(9); }'),
    );
    expect(fib.recursion?.map(({ name }) => name)).toEqual(['f', 'f']);
    expect(fib.fits).toBe(false);
    const ring = use(
      compiled(`
        int b(int n);
        int a(int n) { return n ? b(n - 1) : 0; }
        int b(int n) { return a(n); }
        void main() { a(1); }`),
    );
    expect(ring.recursion?.map(({ name }) => name)).toEqual(['a', 'b', 'a']);
    expect(pathText(ring.frames)).toBe('main > a > b');
  });

  it('of code before setup is named', () => {
    const source =
      'int f(int a) { return a * 3 + 1; } int x = f(2); void setup() { } void loop() { }';
    expect(pathText(use(compiled(source)).stack)).toBe('(start) > f');
  });

  it('is not known of instructions that leave it at several heights', () => {
    const code = (name: string, immediate = 0): Program['instructions'][number] => {
      return { opcode: opcodeByName(name)?.code ?? 0, flags: 0, immediate };
    };
    const program = (...instructions: Program['instructions']): Program => {
      return { instructions, strings: [], entry: 0, loop: undefined, debug: undefined };
    };
    expect(stackUse(program(code('PUSH', 1), code('JMP', 0)))).toBeUndefined();
    expect(stackUse(program(code('PUSH', 1), code('POP')))).toBeUndefined();
    expect(stackUse(program(code('CALL', 9), code('HALT')))).toBeUndefined();
    const good = stackUse(program(code('CALL', 2), code('HALT'), code('PUSH', 1), code('RET')));
    expect(good?.stack.need).toBe(1);
    expect(good?.functions.map(({ name }) => name)).toEqual(['function at 0', 'function at 2']);
  });
});

describe('what the model measures', () => {
  const programs = testPrograms().map(({ name, source, rounds }) => {
    const result = compile(source, name);
    if (!result.ok) throw new Error(`${name} does not compile`);
    const { maxSp } = runProgram(result.program, rounds);
    return { name, measured: maxSp, predicted: use(result.program) };
  });
  const bounded = programs.filter(({ predicted }) => predicted.recursion === undefined);

  it.each(bounded)('in $name is no more than predicted', ({ measured, predicted }) => {
    expect(measured).toBeLessThanOrEqual(predicted.stack.need);
  });

  it('is as much in most, and in none without recursion unknown', () => {
    const reached = bounded.filter(({ measured, predicted }) => measured === predicted.stack.need);
    expect(bounded.length).toBeGreaterThan(programs.length / 2);
    expect(reached.length).toBeGreaterThan(bounded.length / 2);
  });
});

/** `void c0() { }` and functions that call the one before. */
const chain = (length: number): string =>
  ['void c0() { }', ...Array.from({ length }, (_, n) => `void c${n + 1}() { c${n}(); }`)].join(
    '\n',
  );

/** A function with many locals that are all needed at the end, in one line. */
const wide = (name: string, locals: number, call = ''): string => {
  const names = Array.from({ length: locals }, (_, n) => `v${n}`);
  const declared = names.map((each, n) => `int ${each} = a * ${n};`).join(' ');
  return `int ${name}(int a) { ${declared} return ${call}${names.join(' + ')}; }`;
};

describe('a program that needs more than there is', () => {
  it('is refused for its frames at the call that has none', () => {
    // main, c23 to c0: 25 frames. main itself is the first.
    const source = `${chain(24)}\nvoid main() { c23(); }`;
    expect(errors(source)).toEqual([
      '2:13: main > c23 > c22 > ... > c2 > c1 > c0 needs 25 call frames: there are 24',
    ]);
    expect(errors(`${chain(24)}\nvoid main() { c22(); }`)).toEqual([]);
  });

  it('runs with as many frames as there are', () => {
    expect(runProgram(compiled(`${chain(22)}\nvoid main() { c22(); }`))).toMatchObject({
      end: 'halted',
    });
  });

  it('is refused for its stack at the deepest call', () => {
    const source = `${wide('f', 60)}\n${wide('g', 70, 'f(a) + ')}\nvoid main() { g(1); }`;
    // g: a and 70. f: a and 60, 2 to add, or a and its factor for the last local.
    const need = 71 + 61 + 2;
    const column = (source.split('\n')[1]?.indexOf('f(a)') ?? 0) + 1;
    expect(errors(source)).toEqual([
      `2:${column}: main > g > f needs ${need} words of stack: there are 128`,
    ]);
  });

  it('is not refused for functions that nothing calls', () => {
    expect(errors(`${chain(30)}\nvoid main() { }`)).toEqual([]);
  });

  it('is not refused for recursion, which faults when it goes too deep', () => {
    const source =
      'int f(int n) { return n ? 1 + f(n - 1) : 0; } void main() { printf("%d", f(N)); }';
    expect(runProgram(compiled(source.replace('N', '20'))).text).toBe('20');
    expect(runProgram(compiled(source.replace('N', '200'))).error).toBe(1);
  });

  it('is refused for what it needs besides recursion', () => {
    const source = `${chain(25)}\nint f(int n) { return n ? f(n - 1) : 0; } void main() { f(3); c25(); }`;
    expect(errors(source)).toHaveLength(1);
  });
});
