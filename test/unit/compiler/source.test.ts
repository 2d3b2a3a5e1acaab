import { describe, expect, it } from 'vitest';
import { compiled, errors, printed, runProgram } from './support.ts';

describe('literals', () => {
  it.each([
    ['0b101', '5'],
    ['0XfF', '255'],
    ['010', '8'],
    ['10L', '10'],
    ["'\\''", '39'],
    ["'\\\\'", '92'],
    ["'\\101'", '65'],
    ["'\\x41'", '65'],
    ["'\\0'", '0'],
  ])('%s is %s', (literal, value) => {
    expect(printed(`printf("%d", ${literal});`)).toBe(value);
  });

  it('knows the types of numbers: what does not fit into int is unsigned only when it is not decimal', () => {
    expect(printed('printf("%d", 0xffffffff > 1);')).toBe('1');
    expect(printed('printf("%d", -1 < 1);')).toBe('1');
    expect(printed('printf("%d", -1 < 1u);')).toBe('0');
  });

  it('joins texts that stand side by side and keeps UTF-8', () => {
    expect(printed('printf("a" "b"\n"c");')).toBe('abc');
    expect(printed(String.raw`printf("\x41\102 \"é\" \\ %%");`)).toBe('AB "é" \\ %');
  });
});

describe('comments and blanks', () => {
  it('may stand anywhere', () => {
    const source =
      'int/* a */x // b\n=/**/1;\r\n\tvoid main(){/* "x */ printf("%d /* no */ // no", x);}';
    expect(errors(source)).toEqual([]);
    expect(printed('/* one\n two */ printf("%d /**/ //", 1); // end\n')).toBe('1 /**/ //');
  });

  it('lines may end in CR LF', () => {
    expect(errors('void main() {\r\n  x = 1;\r\n}\r\n')).toEqual(["2:3: 'x' is not declared"]);
  });
});

describe('#define', () => {
  it('replaces names, not texts or parts of names', () => {
    expect(printed('printf("N %d %d", N, NN);', '#define N 3\nint NN = 4;')).toBe('N 3 4');
  });

  it('replaces by tokens, as C does', () => {
    expect(printed('printf("%d", SUM * 2);', '#define SUM 1 + 2')).toBe('5');
  });

  it('may continue on the next line and carry comments', () => {
    expect(printed('printf("%d", N);', '#define N 1 + \\\n 2 // three /*\n')).toBe('3');
    expect(printed('printf("%d", N);', '# define N /* a\nb */ 7')).toBe('7');
  });

  it('may shadow a built-in constant and hold statements or nothing', () => {
    expect(printed('printf("%d", LED_BUILTIN);', '#define LED_BUILTIN 5')).toBe('5');
    expect(
      printed('STEP NOTHING printf("%d", x);', '#define STEP x++;\n#define NOTHING\nint x;'),
    ).toBe('1');
  });

  it('may be repeated with the same meaning', () => {
    expect(errors('#define A (1)\n#define A  ( 1 )\nvoid main() { }')).toEqual([]);
  });

  it('places errors where the name was used', () => {
    expect(errors('#define BAD oops + 1\nvoid main() {\n  delay(BAD);\n}')).toEqual([
      "3:9: 'oops' is not declared",
    ]);
  });
});

describe('#include', () => {
  it.each(['#include <Arduino.h>', '#include "Arduino.h"', '#  include <Arduino.h> // base'])(
    'ignores %s',
    (line) => {
      expect(errors(`${line}\nvoid main() { }`)).toEqual([]);
    },
  );
});

describe('types', () => {
  it.each([
    'int long short char bool byte boolean',
    'int8_t int16_t int32_t uint8_t uint16_t uint32_t',
  ])('%s', (types) => {
    for (const type of types.split(' ')) {
      expect(printed('printf("%d", x);', `${type} x = 1;`)).toBe('1');
    }
  });

  it.each([
    'unsigned',
    'unsigned int',
    'int unsigned',
    'long int',
    'unsigned long int',
    'signed char',
    'short unsigned int',
    'const volatile int',
    'static long',
  ])('%s', (type) => {
    expect(printed('printf("%d", x);', `${type} x = 1;`)).toBe('1');
  });

  it.each([
    'int int',
    'unsigned signed',
    'short long',
    'unsigned bool',
    'byte int',
    'long char',
    'const',
  ])('%s is none', (type) => {
    expect(errors(`${type} x = 1;\nvoid main() { }`)[0]).toBe(`1:1: '${type}' is not a type`);
  });

  it('converts by both forms of cast', () => {
    expect(printed('printf("%d %d %d", (byte)x, byte(x), -(char)x);', 'int x = 511;')).toBe(
      '255 255 1',
    );
  });
});

describe('declarations', () => {
  it('may come before the function that an initial value calls, and know only names above them', () => {
    expect(printed('printf("%d", x);', 'int f(); int x = f() + 1; int f() { return 4; }')).toBe(
      '5',
    );
    expect(errors('int a = b;\nint b = 1;\nvoid main() { }')).toEqual([
      "1:9: 'b' is not declared yet",
    ]);
  });

  it('run constant initial values before those that must be computed', () => {
    expect(
      printed('printf("%d", x);', 'int f(); int x = f(); int y = 7; int f() { return y; }'),
    ).toBe('7');
  });

  it('call functions that are defined further down', () => {
    const source = 'void main() { printf("%d", later(2)); } int later(int x) { return x * 21; }';
    expect(runProgram(compiled(source)).text).toBe('42');
  });

  it('clear a local array with a list each time', () => {
    const body =
      'for (int i = 0; i < 2; i++) { int a[3] = {5}; a[2] += 7; printf("%d %d ", a[0], a[2]); }';
    expect(printed(body)).toBe('5 7 5 7 ');
  });
});
