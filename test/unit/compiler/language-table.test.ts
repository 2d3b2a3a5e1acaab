import { describe, expect, it } from 'vitest';
import { compile } from '../../../src/compiler/index.ts';

/**
 * The table of docs/language.md, item by item. A piece of a sketch stands in main() unless it begins with `file:`. What is refused has
 * its name, or what it is called, in the message; what is supported has no errors and no warnings.
 */
const wrap = (piece: string): string =>
  piece.startsWith('file:')
    ? `${piece.slice(5)}\nvoid main() { }`
    : `int v, a[4];\nvoid main() {\n${piece}\n}`;

const TYPES =
  'int,long,int32_t,unsigned,unsigned int,unsigned long,uint32_t,short,int16_t,uint16_t,int8_t,byte,uint8_t,unsigned char,char,bool,boolean,const int,volatile int,static int';

const SUPPORTED: readonly (readonly [item: string, ...pieces: string[]])[] = [
  ['types', ...TYPES.split(',').map((type) => `${type} x = 1; v = x;`), 'file:void f(void) { }'],
  [
    'variables',
    'file:int x = 1;',
    '{ int y = v + 1; v = y; }',
    'static int n = 3; v = n;',
    'int x = 1, y = x; v = y;',
    'const int c = millis() & 7; v = c;',
  ],
  [
    'arrays',
    'file:int b[64];',
    'int b[] = {1, v, 3}; v = b[0];',
    'static int b[2]; v = b[1];',
    'int b[3] = {}; v = b[2];',
    'int b[2] = {1, 2,}; v = b[0];',
    'file:const int N = 4; int b[N + 1];',
    'a[a[v & 3] & 3]++;',
  ],
  [
    'functions',
    'file:int f(int x, byte y) { return x + y; }',
    'file:int f(int); int g(int n) { return f(n - 1); } int f(int x) { return x > 0 ? g(x) : 0; }',
    'file:int f(int);',
    'file:int f(int n) { while (true) { if (n > 3) return n; n++; } }',
    'file:static int f() { return 1; }',
  ],
  [
    'statements',
    'if (v) v = 1; else if (v > 2) { v = 2; } else v = 3;',
    'while (v < 3) v++;',
    'do { v++; } while (v < 3);',
    'for (int i = 0, j = 9; i < j; i++, j--) v += i;',
    'for (;;) break;',
    'switch (v) { case 1: v = 2; case 2: v = 3; break; default: v = 0; }',
    'for (;;) { if (v) break; else continue; }',
    'return;',
    '{ { } }',
    ';',
  ],
  [
    'arithmetic',
    ...['+', '-', '*', '/', '%', '&', '|', '^', '<<', '>>'].flatMap((op) => [
      `v = v ${op} 3;`,
      `v ${op}= 3;`,
    ]),
  ],
  [
    'comparison and logic',
    ...['==', '!=', '<', '>', '<=', '>=', '&&', '||'].map((op) => `v = v ${op} 3;`),
    'v = !v;',
    'v = ~v;',
    'v = -v;',
    'v = +v;',
    'v = v ? 1 : 2;',
  ],
  [
    'steps, comma, casts',
    'v++;',
    '++v;',
    'v--;',
    '--v;',
    'v = (v++, 3);',
    'v = (byte)v;',
    'v = byte(v);',
    'v = (unsigned int)v;',
  ],
  [
    'unsigned',
    ...['+', '-', '*', '&', '|', '^', '<<', '==', '<', '>='].map(
      (op) => `unsigned x = 9; v = x ${op} 3u;`,
    ),
    'v = 100u / 7u;',
    'v = (int)millis() / 1000;',
  ],
  ['numbers', 'v = 10;', 'v = 0x1F;', 'v = 0b101;', 'v = 017;', 'v = 5u;', 'v = 5UL;', 'v = 5L;'],
  [
    'characters',
    "v = 'a';",
    String.raw`v = '\n';`,
    String.raw`v = '\x41';`,
    String.raw`v = '\101';`,
    String.raw`v = '\0';`,
  ],
  [
    'texts',
    String.raw`printf("a\t\"b\"\\ \x41\n");`,
    'printf("a" "b");',
    'printf("%s", v ? "on" : "off");',
    'Serial.print("50%");',
  ],
  [
    'preprocessor',
    'file:#define N 3',
    'file:#define EMPTY',
    'file:#include <Arduino.h>',
    'file:#include "Arduino.h"',
    'file:#',
  ],
  [
    'input and output',
    'pinMode(13, OUTPUT);',
    'digitalWrite(13, HIGH);',
    'v = digitalRead(2);',
    'analogWrite(9, 100);',
    'v = analogRead(A0);',
    'delay(5);',
    'v = millis();',
    'v = micros();',
    'v = buttonPressed(0);',
    'v = buttonReleased(0);',
  ],
  [
    'printing',
    'printf("%d %i %u %x %X %c %s %%\\n", v, v, v, v, v, v, "t");',
    'printf("%-5d|%05d|%2s", v, v, "t");',
    'Serial.begin(9600);',
    'Serial.print(v);',
    'Serial.print(v, HEX);',
    'Serial.println(v, DEC);',
    'Serial.println();',
    'Serial.println("x");',
  ],
  [
    'constants',
    ...'HIGH LOW INPUT OUTPUT INPUT_PULLUP INPUT_PULLDOWN LED_BUILTIN USER_BTN A0 A1 A2 A3 A4 A5 true false DEC HEX'
      .split(' ')
      .map((name) => `v = ${name};`),
  ],
];

const REFUSED: readonly (readonly [piece: string, message: string])[] = [
  ['float x = 1;', "'float' is not supported"],
  ['double x = 1;', "'double' is not supported"],
  ['v = (float)v;', "'float' is not supported"],
  ['long long x = 1;', "'long long' is not a type"],
  ['int64_t x = 1;', "'int64_t' is not supported"],
  ['uint64_t x = 1;', "'uint64_t' is not supported"],
  ['String s = "x";', "'String' is not a type"],
  ['word w = 1;', "'word' is not a type"],
  ['size_t n = 1;', "'size_t' is not supported"],
  ['auto x = 1;', "'auto' is not supported"],
  ['int *p;', 'pointers are not supported'],
  ['file:void (*f)(void);', 'pointers are not supported'],
  ['int &r = v;', 'references are not supported'],
  ['struct s { int x; };', "'struct' is not supported"],
  ['union u { int x; };', "'union' is not supported"],
  ['enum e { A, B };', "'enum' is not supported"],
  ['file:class C { };', "'class' is not supported"],
  ['typedef int number;', "'typedef' is not supported"],
  ['file:template <typename T> T f(T x) { return x; }', "'template' is not supported"],
  ['file:namespace n { }', "'namespace' is not supported"],
  ['file:using namespace std;', "'using' is not supported"],
  ['file:extern int x;', "'extern' is not supported"],
  ['register int x = 1;', "'register' is not supported"],
  ['constexpr int x = 1;', "'constexpr' is not supported"],
  [
    `file:int ${Array.from({ length: 65 }, (_, n) => `v${n}`).join(', ')};`,
    'more than 64 global and static variables',
  ],
  [
    `int ${Array.from({ length: 97 }, (_, n) => `v${n} = 1`).join(', ')};`,
    "'main' has more than 96 parameters and locals at a time",
  ],
  ['int x(5);', 'an initial value in parentheses is not supported'],
  ['int(v);', 'the declaration of a name in parentheses is not supported'],
  ['int x{5};', 'an initial value in braces is not supported'],
  ['static int x = v;', 'the initial value of a static variable must be constant'],
  ['int g[2][2];', 'arrays of several dimensions are not supported'],
  ['v = a[1][1];', 'arrays of several dimensions are not supported'],
  ['int b[65];', "'b' has 65 elements: an array has 1 to 64"],
  ['int b[v];', "an array's length must be constant"],
  ['char s[] = "x";', "the array 's' needs a list"],
  ['int b[2] = {[1] = 5};', 'values for named elements are not supported'],
  ['int b[2] = {{1}, {2}};', 'lists within lists are not supported'],
  [
    `file:int ${Array.from({ length: 17 }, (_, n) => `b${n}[1]`).join(', ')};`,
    'more than 16 arrays',
  ],
  [
    'file:int f(int n) { int b[2] = {n}; return n ? f(n - 1) : b[0]; }',
    "'f' calls itself and cannot have the local array 'b'",
  ],
  ['file:void f(int b[]) { }', 'an array cannot be a parameter'],
  ['file:void f(int n = 1) { }', 'a parameter cannot have a default value'],
  ['file:void f(int n, ...) { }', "'...' is not supported"],
  [
    'file:int f(int n) { return n; } int f() { return 1; }',
    "'f' is already defined in line 1, and overloading is not supported",
  ],
  ['  int f() { return 1; }', 'a function cannot be declared inside another'],
  ['file:inline int f() { return 1; }', "'inline' is not supported"],
  ['v = [](int x) { return x; }(1);', 'lambdas are not supported'],
  ['goto end;', "'goto' is not supported"],
  ['end: v = 1;', 'labels are not supported'],
  ['switch (v) { case 1: { case 2: v = 1; } }', "'case' stands outside a switch"],
  ['switch (v) { case 1 ... 3: v = 1; }', "'...' is not supported"],
  ['for (int x : a) v = x;', "a 'for' over the elements of an array is not supported"],
  ['try { v = 1; } catch (int e) { }', "'try' is not supported"],
  ['throw 1;', "'throw' is not supported"],
  ['asm("nop");', "'asm' is not supported"],
  ['v = sizeof(a);', "'sizeof' is not supported"],
  ['v = *a;', "'*' before an operand is not supported"],
  ['v = &v;', "'&' before an operand is not supported"],
  ['v = v->x;', "'->' is not supported"],
  ['v = std::max(1, 2);', "'::' is not supported"],
  ['v = static_cast<int>(v);', "'static_cast' is not supported"],
  ['v = new int;', "'new' is not supported"],
  ['delete v;', "'delete' is not supported"],
  ['v = NULL;', "'NULL' is not supported"],
  ['v = nullptr;', "'nullptr' is not supported"],
  ...['and', 'or', 'xor', 'bitand', 'bitor', 'not_eq'].map(
    (word) => [`v = v ${word} 1;`, `'${word}' is not supported`] as const,
  ),
  ...['not', 'compl'].map((word) => [`v = ${word} v;`, `'${word}' is not supported`] as const),
  ...['and_eq', 'or_eq', 'xor_eq'].map(
    (word) => [`v ${word} 1;`, `'${word}' is not supported`] as const,
  ),
  ['Serial.print("v = " + v);', "texts cannot be joined with '+'"],
  [
    'v = 9u / (unsigned)v;',
    "unsigned division is not possible: the VM's '/' is for signed 32-bit numbers",
  ],
  [
    'v = millis() % 7;',
    "an unsigned remainder is not possible: the VM's '%' is for signed 32-bit numbers",
  ],
  [
    'v = micros() >> 3;',
    "an unsigned right shift is not possible: the VM's '>>' is for signed 32-bit numbers",
  ],
  ['v = 1.5;', "'1.5': floating point is not supported"],
  ['v = 1e3;', "'1e3': floating point is not supported"],
  ['v = 5LL;', "'5LL' needs more than 32 bits"],
  ['v = 4294967296;', '4294967296 does not fit into 32 bits'],
  ['v = 2147483648;', '2147483648 does not fit into an int'],
  ["v = 1'000;", "'1'000': marks between digits are not supported"],
  ['v = B101;', "'B101' is not declared"],
  ["v = 'ab';", "'ab' is more than one byte"],
  [String.raw`printf("a\0");`, String.raw`'\0' would end the text`],
  ['printf(R"(x)");', "'R' before a text is not supported"],
  ['printf(F("x"));', "there is no function 'F'"],
  ['v = "x";', 'a text is not a number'],
  ['file:#define F(x) x', "the macro 'F' takes arguments, which is not supported"],
  ...[
    'if 1',
    'ifdef X',
    'ifndef X',
    'undef X',
    'pragma once',
    'error no',
    'warning no',
    'line 5',
  ].map((text) => [`file:#${text}`, `'#${text.split(' ')[0] ?? ''}' is not supported`] as const),
  ['file:#include <stdio.h>', 'cannot include <stdio.h>'],
  ['v = __LINE__;', "'__LINE__' is not declared"],
  ['const int b[2] PROGMEM = {1, 2};', "'PROGMEM' is not supported"],
  ['printf("%f", v);', "printf has no conversion '%f'"],
  ['printf("%d%d%d%d%d%d%d%d%d", v, v, v, v, v, v, v, v, v);', 'printf takes at most 8 values'],
  [`printf("${'x'.repeat(256)}");`, 'a text of 256 bytes is too long: at most 255'],
  ['Serial.print(v, BIN);', "'BIN' is not declared"],
  ['Serial.read();', "there is no function 'Serial.read'"],
  ['Serial.printf("x");', "there is no function 'Serial.printf'"],
  ['while (!Serial) v = 1;', "'Serial' is not declared"],
  ...'delayMicroseconds abs min max constrain map random tone pulseIn shiftOut attachInterrupt interrupts sprintf strlen sqrt malloc bitRead exit'
    .split(' ')
    .map((name) => [`v = ${name}(1);`, `there is no function '${name}'`] as const),
  ['int delay = 5;', "'delay' is a built-in function"],
  ['int HIGH = 5;', "'HIGH' is a built-in constant"],
];

describe('supported', () => {
  const items = SUPPORTED.flatMap(([item, ...pieces]) => pieces.map((piece) => ({ item, piece })));

  it.each(items)('$item: $piece', ({ piece }) => {
    const result = compile(wrap(piece), 'x.ino');
    const list = result.ok ? result.warnings : result.diagnostics;
    expect({ ok: result.ok, messages: list.map(({ message }) => message) }).toEqual({
      ok: true,
      messages: [],
    });
  });
});

describe('refused by name, once, and with a hint', () => {
  it.each(REFUSED)('%s', (piece, message) => {
    const result = compile(wrap(piece), 'x.ino');
    const list = result.ok ? [] : result.diagnostics.filter(({ severity }) => severity === 'error');
    expect(list.map((each) => each.message)).toEqual([message]);
    expect(list[0]?.hint).toBeTypeOf('string');
  });
});
