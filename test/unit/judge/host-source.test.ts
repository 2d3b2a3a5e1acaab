import { describe, expect, it } from 'vitest';
import { hostSource } from '../../../src/judge/host-source.ts';

/** The part of the C++ that comes from the sketch, with single blanks. */
function translated(source: string): string {
  const text = hostSource([{ name: 'a.ino', source, rounds: 1, inputs: 7 }]);
  const from = text.indexOf('#line 1 "a.ino"\n') + '#line 1 "a.ino"\n'.length;
  return text.slice(from, text.indexOf('\n#line 1 "judge"')).replaceAll(/ +/g, ' ').trim();
}

const MAIN = 'void main() { }';

describe('the C++ of a sketch', () => {
  it.each([
    ['long a;', 'int a;'],
    ['unsigned long a;', 'unsigned int a;'],
    ['long int a;', 'int a;'],
    ['int long a;', 'int a;'],
    ['const long unsigned int a = 1;', 'const int unsigned a = 1;'],
    ['static signed long a;', 'static signed int a;'],
    ['short int a;', 'short int a;'],
    ['int longer;', 'int longer;'],
    ['// long\nint a;', '// long\nint a;'],
    ['int a = long(5);', 'int a = int(5);'],
  ])('has 32 bits where %j says long', (source, expected) => {
    expect(translated(`${source} ${MAIN}`)).toBe(`${expected} void main(); ${MAIN}`);
  });

  it.each([
    ['5L', '5'],
    ['5ul', '5u'],
    ['0x1FLU', '0x1FU'],
    ['0b1l', '0b1'],
    ['-2147483648', '-(-2147483647 - 1)'],
    ['-2147483648L', '-(-2147483647 - 1)'],
    ["'L'", "'L'"],
    ['0xFL + 0xAFu', '0xF + 0xAFu'],
  ])('has no 64-bit number for %s', (number, expected) => {
    const end = `void main(); ${MAIN}`;
    expect(translated(`int a = ${number}; ${MAIN}`)).toBe(`int a = ${expected}; ${end}`);
  });

  it('rewrites in macros too, and drops includes and the macros behind the sketch', () => {
    const source = `#include <Arduino.h>\n#define T unsigned long\n#define N 5L\n${MAIN}`;
    const text = hostSource([{ name: 'a.ino', source, rounds: 1, inputs: 7 }]);
    expect(text).toContain('#define T unsigned int\n#define N 5\n');
    expect(text).toContain('#undef T\n#undef N');
    expect(text).not.toContain('<Arduino.h>');
  });

  it('declares functions before the first one, and nothing else', () => {
    const source = [
      'int a[] = {1, 2};',
      'void setup() { if (a[0]) { f(1); } }',
      'int f(int x) { return x; }',
      'static byte g(void) { return 2; }',
      'void loop() {}',
    ].join(' ');
    const prototypes = 'void setup(); int f(int x); static byte g(void); void loop(); ';
    expect(translated(source)).toBe(source.replace('void setup()', `${prototypes}void setup()`));
  });

  it.each([
    ['a line comment', 'int f(int x) // doubled\n{ return x; }', 'int f(int x)'],
    ['comments of both kinds', 'int /* a */ f(int x, // one\nint y) { }', 'int f(int x, int y)'],
    ['a comment that goes on in the next line', 'int f() // to \\\nbe { \n{ }', 'int f()'],
    ['a line continuation', 'unsigned \\\n long f() { }', 'unsigned int f()'],
    ['one as Windows writes it', 'int \\\r\nf() { }', 'int f()'],
  ])('declares a function with %s in its head', (_, source, head) => {
    const text = hostSource([{ name: 'a.ino', source: `${source} ${MAIN}`, rounds: 1, inputs: 7 }]);
    expect(text).toContain(`#line 1 "a.ino"\n${head}; void main(); `);
  });

  it('keeps line continuations, so that lines keep their numbers', () => {
    const source = `#define TWO \\\n 2 // and \\\n on\nchar *c = "a\\\r\n{"; ${MAIN}`;
    const text = hostSource([{ name: 'a.ino', source, rounds: 1, inputs: 7 }]);
    expect(text).toContain(`#line 1 "a.ino"\n${source.replace(MAIN, `void main(); ${MAIN}`)}`);
  });

  it('has 32 bits also where comments stand within a type', () => {
    expect(translated(`unsigned /* a */ /* b */ long a; ${MAIN}`)).toBe(
      `unsigned /* a */ /* b */ int a; void main(); ${MAIN}`,
    );
  });

  it('leaves out the declaration of a function with a default value, which could not be repeated', () => {
    const source = `int f(int a = 3) { return a; } ${MAIN}`;
    expect(translated(source)).toBe(`void main(); ${source}`);
  });

  it('is not misled by braces in texts, characters, comments and macros', () => {
    const source = `#define OPEN {\nchar c = '{'; /* } */ void main() { printf("}"); }`;
    expect(translated(source)).toBe(source.replace('void main()', 'void main(); void main()'));
  });

  it('lets int main() end in a return, as C++ does for the real one', () => {
    expect(translated('int main() { if (1) { } }')).toBe(
      'int main(); int main() { if (1) { } return 0; }',
    );
  });

  it('calls setup() and loop() as often as asked, or main() once', () => {
    const sketches = [
      { name: 'a.ino', source: 'void setup() { } void loop() { }', rounds: 3, inputs: 7 },
      { name: 'b.ino', source: MAIN, rounds: 3, inputs: 0 },
    ];
    const text = hostSource(sketches);
    expect(text).toContain(
      'programs[] = {{sketch_0::judge_begin, sketch_0::judge_round, 3u}, {sketch_1::judge_begin, nullptr, 3u},};',
    );
    expect(text).toContain('judge_opened = judge::open_world(7u)');
    expect(text).toContain('program_count = 2;');
  });
});
