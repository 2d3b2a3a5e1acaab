import { describe, expect, it } from 'vitest';
import { formatDiagnostic } from '../../../src/compiler/index.ts';
import { errors, messages } from './support.ts';

const lines = (...text: string[]): string => text.join('\n');

/** A sketch with statements in setup(), which begins in line 1. */
const inSetup = (body: string): string => `void setup() {\n${body}\n}\nvoid loop() { }\n`;

describe('exact messages', () => {
  it.each([
    [
      'a misspelt function',
      inSetup('  digitalwrite(13, HIGH);'),
      lines(
        "test.ino:2:3: error: there is no function 'digitalwrite'",
        '  digitalwrite(13, HIGH);',
        '  ^~~~~~~~~~~~',
        "hint: did you mean 'digitalWrite'?",
      ),
    ],
    [
      'a misspelt variable',
      inSetup('  int counter = 1;\n  printf("%d", countr + 1);'),
      lines(
        "test.ino:3:16: error: 'countr' is not declared",
        '  printf("%d", countr + 1);',
        '               ^~~~~~',
        "hint: did you mean 'counter'?",
      ),
    ],
    [
      'a missing semicolon',
      inSetup('  int x = 5\n  delay(x);'),
      lines(
        "test.ino:2:12: error: expected ';'",
        '  int x = 5',
        '           ^',
        "hint: add ';' after '5'",
      ),
    ],
    [
      'unsigned division',
      inSetup('  unsigned long t = millis();\n  printf("%u", t / 1000);'),
      lines(
        "test.ino:3:18: error: unsigned division is not possible: the VM's '/' is for signed 32-bit numbers",
        '  printf("%u", t / 1000);',
        '                 ^',
        'hint: cast to int when the value is below 2147483648: (int)x / 1000',
      ),
    ],
    [
      'a missing closing brace',
      'void setup() {\n  delay(1);\n',
      lines(
        "test.ino:2:12: error: expected '}' before the end of the file",
        '  delay(1);',
        '           ^',
        'hint: the block that begins in line 1 is not closed',
      ),
    ],
    [
      'floating point',
      inSetup('\tfloat volts = 3.3;'),
      lines(
        "test.ino:2:2: error: 'float' is not supported",
        '\tfloat volts = 3.3;',
        '\t^~~~~',
        'hint: the VM computes with 32-bit integers: scale the value, e.g. millivolts instead of volts',
      ),
    ],
    [
      'too few values for printf',
      inSetup('  printf("%d and %d\\n", 1);'),
      lines(
        "test.ino:2:3: error: printf's text has 2 conversions for 1 value",
        '  printf("%d and %d\\n", 1);',
        '  ^~~~~~',
        'hint: write one % conversion for each value',
      ),
    ],
    [
      'a conversion that printf has not',
      inSetup('  printf("%lu\\n", millis());'),
      lines(
        "test.ino:2:10: error: printf has no conversion '%lu'",
        '  printf("%lu\\n", millis());',
        '         ^~~~~~~',
        'hint: int and long both have 32 bits: drop the letter before it',
      ),
    ],
    [
      'a wrong number of arguments',
      inSetup('  digitalWrite(13);'),
      lines(
        "test.ino:2:3: error: 'digitalWrite' takes 2 arguments, not 1",
        '  digitalWrite(13);',
        '  ^~~~~~~~~~~~',
        'hint: call digitalWrite(pin, value)',
      ),
    ],
    [
      'an element that does not exist',
      `int a[4];\n${inSetup('  a[4] = 1;')}`,
      lines(
        "test.ino:3:3: error: 'a' has no element 4",
        '  a[4] = 1;',
        '  ^~~~',
        'hint: its elements are 0 to 3',
      ),
    ],
    [
      'a misspelt type',
      'imt x = 3;\nvoid setup() { }\nvoid loop() { }',
      lines(
        "test.ino:1:1: error: 'imt' is not a type",
        'imt x = 3;',
        '^~~',
        "hint: did you mean 'int'?",
      ),
    ],
    [
      'a program without loop()',
      'void setup() { }',
      lines(
        "test.ino:1:17: error: the program has no 'loop' function",
        'void setup() { }',
        '                ^',
        'hint: add void loop() { }',
      ),
    ],
    [
      'an unknown header',
      `#include <Servo.h>\n${inSetup('')}`,
      lines(
        'test.ino:1:1: error: cannot include <Servo.h>',
        '#include <Servo.h>',
        '^~~~~~~~~~~~~~~~~~',
        'hint: only #include <Arduino.h> is known; put everything else into this file',
      ),
    ],
    [
      'a text that is never closed',
      inSetup('  printf("hello);'),
      lines(
        'test.ino:2:10: error: this text is never closed',
        '  printf("hello);',
        '         ^~~~~~~~',
        `hint: add '"' before the end of the line`,
      ),
    ],
    [
      'a local array in a function that calls itself',
      `int f(int n) { int a[2]; a[0] = n; return n ? f(n - 1) : a[0]; }\n${inSetup('  f(3);')}`,
      lines(
        "test.ino:1:20: error: 'f' calls itself and cannot have the local array 'a'",
        'int f(int n) { int a[2]; a[0] = n; return n ? f(n - 1) : a[0]; }',
        '                   ^',
        'hint: make the array global or static',
      ),
    ],
  ])('%s', (_, source, expected) => {
    expect(messages(source)[0]).toBe(expected);
  });
});

describe('all errors of a file', () => {
  it('are reported together, in the order of the source, without errors that follow from others', () => {
    const source = lines(
      'int total = ;',
      'void setup() {',
      '  int x = 1 2;',
      '  x = undeclared;',
      '  if (x > 1 {',
      '    total = x + unknown;',
      '  }',
      '  for (int i = 0 i < 3; i++) { bad(); }',
      '  retrun;',
      '  String name = "x";',
      '}',
      'void helper(int a b) { a = 1; }',
      'void loop() {',
      '  helper(1);',
      '  total++;',
      '  break;',
      '}',
    );
    expect(errors(source)).toEqual([
      "1:13: expected an expression before ';'",
      "3:13: expected ';' before '2'",
      "4:7: 'undeclared' is not declared",
      "5:13: expected ')' before '{'",
      "6:17: 'unknown' is not declared",
      "8:18: expected ';' before 'i'",
      "8:32: there is no function 'bad'",
      "9:3: 'retrun' is not declared",
      "10:3: 'String' is not a type",
      "12:19: expected ')' before 'b'",
      "16:3: 'break' stands outside a loop",
    ]);
  });

  it('a mistake before a closing brace does not swallow the brace', () => {
    const source = lines(
      'int v;',
      'void helper() {',
      '  if (v) { v = ( }',
      '  bad();',
      '}',
      'void main() { worse(); int a[] = {1, 2 3}; v = a[5]; terrible(); }',
    );
    expect(errors(source)).toEqual([
      "3:18: expected an expression before '}'",
      "4:3: there is no function 'bad'",
      "6:15: there is no function 'worse'",
      "6:40: expected ',' or '}' before '3'",
      "6:54: there is no function 'terrible'",
    ]);
  });

  it('are limited in number', () => {
    const wrong = Array.from({ length: 300 }, (_, n) => `\n  x${n}();`);
    const found = errors(`void main() {${wrong.join('')}\n}`);
    expect(found).toHaveLength(101);
    expect(found[100]).toBe('102:3: more than 100 errors');
  });
});

describe('refusals', () => {
  const statement = (text: string): string[] =>
    errors(`int a[3];\nint v;\nvoid main() {\n${text}\n}`);

  it.each([
    ['int 5;', "4:5: expected a name before '5'"],
    ['int *p;', '4:5: pointers are not supported'],
    ['v = *a;', "4:5: '*' before an operand is not supported"],
    ['v = (int *)3;', '4:10: pointers are not supported'],
    ['double d;', "4:1: 'double' is not supported"],
    ['v = 1.5;', "4:5: '1.5': floating point is not supported"],
    ['goto end;', "4:1: 'goto' is not supported"],
    ['v = sizeof(a);', "4:5: 'sizeof' is not supported"],
    ['struct s { int x; };', "4:1: 'struct' is not supported"],
    ['int b[2][3];', '4:9: arrays of several dimensions are not supported'],
    ['v = a[1][2];', '4:9: arrays of several dimensions are not supported'],
    ['int b[65];', "4:5: 'b' has 65 elements: an array has 1 to 64"],
    ['int b[0];', "4:5: 'b' has 0 elements: an array has 1 to 64"],
    ['int b[2] = {1, 2, 3};', "4:5: 'b' has 2 elements, not 3"],
    ['int b[];', "4:5: the array 'b' has no length"],
    ['int n = 3; int b[n];', "4:18: an array's length must be constant"],
    ['char s[] = "text";', "4:12: the array 's' needs a list"],
    ['v = a;', "4:5: 'a' is an array"],
    ['a = 3;', "4:1: 'a' is an array"],
    ['v[0] = 3;', "4:1: 'v' is not an array"],
    ['v();', "4:1: 'v' is not a function"],
    ['v = main;', "4:5: 'main' is a function"],
    ['v + 1 = 2;', '4:7: this cannot be assigned to'],
    ['5++;', '4:2: this cannot be assigned to'],
    ['const int c = 1; c = 2;', "4:20: 'c' is constant and cannot change"],
    ['HIGH = 2;', "4:6: 'HIGH' is constant and cannot change"],
    ['const int c;', "4:11: the constant 'c' has no value"],
    ['int v = v;', "4:9: 'v' is used in its own initializer"],
    ['int x; int x;', "4:12: 'x' is already declared in line 4"],
    ['int delay;', "4:5: 'delay' is a built-in function"],
    ['void x;', "4:6: the variable 'x' cannot be void"],
    ['v = delay(1);', '4:5: this has no value'],
    ['v = "text";', '4:5: a text is not a number'],
    ['return 1;', "4:1: 'main' is void and returns no value"],
    ['continue;', "4:1: 'continue' stands outside a loop"],
    ['case 1: v = 2;', "4:1: 'case' stands outside a switch"],
    ['switch (v) { case 1: case 1: ; }', "4:22: 'case 1' stands already in line 4"],
    ['switch (v) { case v: ; }', "4:19: the value of a 'case' must be constant"],
    [
      'v = millis() % 7;',
      "4:14: an unsigned remainder is not possible: the VM's '%' is for signed 32-bit numbers",
    ],
    [
      'v = 3u >> v;',
      "4:8: an unsigned right shift is not possible: the VM's '>>' is for signed 32-bit numbers",
    ],
    [
      'uint32_t u = 9; u /= 3;',
      "4:19: unsigned division is not possible: the VM's '/' is for signed 32-bit numbers",
    ],
    ['v = 1 << 32;', '4:7: a shift by 32 is not defined'],
    ['v = 4000000000;', '4:5: 4000000000 does not fit into an int'],
    ['v = 0x1ffffffff;', '4:5: 0x1ffffffff does not fit into 32 bits'],
    ['v = 09;', "4:5: '09' is not a number: it begins with 0 and is octal"],
    ['v = 5LL;', "4:5: '5LL' needs more than 32 bits"],
    ['long long w;', "4:1: 'long long' is not a type"],
    ["v = 'ab';", "4:5: 'ab' is more than one byte"],
    ["v = '';", '4:5: a character literal needs a character'],
    [String.raw`printf("\q");`, String.raw`4:8: '\q' is not an escape`],
    [String.raw`printf("a\0b");`, String.raw`4:8: '\0' would end the text`],
    ['printf(v);', '4:8: printf needs a text in "quotes" first'],
    ['printf("%s", v);', "4:14: '%s' needs a text"],
    ['printf("%d", "x");', "4:14: '%d' needs a number"],
    ['printf("%f", v);', "4:8: printf has no conversion '%f'"],
    ['printf("50%");', "4:8: printf has no conversion '%'"],
    ['printf("%05s", "x");', "4:8: printf has no conversion '%05s'"],
    ['printf("%123d", v);', "4:8: printf has no conversion '%123d'"],
    [`printf("${'x'.repeat(256)}");`, '4:8: a text of 256 bytes is too long: at most 255'],
    ['printf("%d%d%d%d%d%d%d%d%d", 1,2,3,4,5,6,7,8,9);', '4:1: printf takes at most 8 values'],
    ['Serial.print(v, 2);', '4:17: only the bases DEC and HEX are supported'],
    ['Serial.read();', "4:1: there is no function 'Serial.read'"],
    ['v = v ? "a" : 1;', "4:7: the two alternatives of '?:' are not of one kind"],
    ['int (v);', '4:5: the declaration of a name in parentheses is not supported'],
    ['for (int(v); v; ) { }', '4:9: the declaration of a name in parentheses is not supported'],
    ['unsigned int (v);', "4:14: expected a name before '('"],
    ['v = byte(1, 2);', "4:11: expected ')' before ','"],
    ['v @ 3;', '4:3: "@" is not part of the language'],
    ['/* open', '4:1: this comment is never closed'],
    ['v = 1; #define X 2', "4:8: '#' must be the first sign of its line"],
    ['else v = 1;', "4:1: 'else' without an 'if'"],
    [' void inner() { }', '4:7: a function cannot be declared inside another'],
  ])('%s', (text, expected) => {
    expect(statement(text)).toContain(expected);
  });

  it.each([
    [
      '#define TWICE(x) ((x) * 2)',
      "1:1: the macro 'TWICE' takes arguments, which is not supported",
    ],
    ['#ifdef X', "1:1: '#ifdef' is not supported"],
    ['#define', "1:1: '#define' needs a name"],
    ['#define int long', "1:1: 'int' is a keyword and cannot be defined"],
    ['#define A 1\n#define A 2', "2:1: 'A' is already defined as something else"],
    ['void f(int a[]) { }', '1:13: an array cannot be a parameter'],
    ['void f(int *a) { }', '1:12: pointers are not supported'],
    ['void f(int a = 3) { }', '1:14: a parameter cannot have a default value'],
    ['void f(int a, int a) { }', "1:19: 'a' is already declared in line 1"],
    ['void f(static int a) { }', '1:8: a parameter cannot be static'],
    ['void f(int) { }', '1:8: a parameter needs a name'],
    ['int f();\nvoid f() { }', "2:6: 'f' is declared differently in line 1"],
    ['void f() { }\nvoid f() { }', "2:6: 'f' is already defined in line 1"],
    ['int f();\nint v = f();', "2:9: 'f' is declared but never defined"],
    ['int f() { return; }', "1:11: 'f' must return a value"],
    ['int f;\nvoid f() { }', "1:5: 'f' is already declared in line 2"],
    ['digitalWrite(13, HIGH);', '1:1: a statement cannot stand outside a function'],
    ['}', "1:1: unexpected '}'"],
    [
      'void setup() { }',
      "1:6: a program has either 'main' or 'setup' and 'loop', not 'setup' and 'main'",
    ],
    [
      `int ${Array.from({ length: 65 }, (_, n) => `v${n}`).join(', ')};`,
      '1:315: more than 64 global and static variables',
    ],
    [
      `int ${Array.from({ length: 17 }, (_, n) => `v${n}[1]`).join(', ')};`,
      '1:123: more than 16 arrays',
    ],
  ])('%s', (outside, expected) => {
    expect(errors(`${outside}\nvoid main() { }`)).toContain(expected);
  });
});

describe('formatDiagnostic', () => {
  const base = { severity: 'error', file: 'x.ino', message: 'm', hint: undefined } as const;

  it('keeps tabs before the caret and never runs past the end of the line', () => {
    const diagnostic = { ...base, line: 1, column: 3, length: 50 };
    expect(formatDiagnostic(diagnostic, '\tab')).toBe('x.ino:1:3: error: m\n\tab\n\t ^');
  });

  it('shows the surroundings of a place far to the right', () => {
    const source = `${'a'.repeat(500)}b${'c'.repeat(500)}`;
    const text = formatDiagnostic({ ...base, line: 1, column: 501, length: 1 }, source).split('\n');
    expect(text[1]?.[text[2]?.indexOf('^') ?? 0]).toBe('b');
    expect(text[1]?.length).toBeLessThanOrEqual(240);
  });

  it('accepts a place behind the end of the text', () => {
    expect(formatDiagnostic({ ...base, line: 9, column: 1, length: 1 }, 'a')).toBe(
      'x.ino:9:1: error: m\n\n^',
    );
  });
});
