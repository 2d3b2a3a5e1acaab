import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { compile } from '../../../src/compiler/index.ts';

const file = (...lines: string[]): string => lines.join('\n');
const sketch = (body: string): string => `void setup() {\n${body}\n}\nvoid loop() { }`;

/** The entries of mistakes.txt, whose beginning says what they are. */
const mistakes = readFileSync(new URL('mistakes.txt', import.meta.url), 'utf8')
  .split(/^=== /m)
  .slice(1)
  .map((entry) => {
    const [, title = '', source = '', message = '', hint] =
      /^(.*)\n([\s\S]*?)\n--> (.*)(?:\nhint: (.*))?\s*$/.exec(entry) ?? [];
    return { title, message, hint, source: title.endsWith('(in setup)') ? sketch(source) : source };
  });

/** Everything the compiler says about a text, and the hints. */
function said(source: string): { messages: string[]; hints: (string | undefined)[] } {
  const result = compile(source, 'test.ino');
  const list = result.ok ? result.warnings : result.diagnostics;
  const messages = list.map(
    ({ line, column, severity, message }) => `${line}:${column} ${severity}: ${message}`,
  );
  return { messages, hints: list.map(({ hint }) => hint) };
}

describe('a mistake is one message at the right place, with a hint', () => {
  it.each(mistakes)('$title', ({ source, message, hint }) => {
    expect(said(source)).toEqual({ messages: [message], hints: [hint] });
  });
});

describe('mistakes of a file', () => {
  it('are all reported, in the order of the source', () => {
    const source = file(
      '#define LIMIT 10;',
      'float ratio = 0.5;',
      'void setup() {',
      '  for (int i = 0; i < LIMIT; i++) {',
      '    delai(i);',
      '  }',
      '  if (x = 3 {',
      '    y = 1;',
      '  } esle {',
      '    printf("done);',
      '  }',
      '}',
      'void loop() {',
      '  unsigned long t = millis() % 7;',
      '  int a[2] = {1, 2, 3};',
      '  return 5;',
    );
    expect(said(source).messages).toEqual([
      "2:1 error: 'float' is not supported",
      "4:28 error: expected ')' before ';'",
      "5:5 error: there is no function 'delai'",
      "7:7 error: 'x' is not declared",
      "7:13 error: expected ')' before '{'",
      "8:5 error: 'y' is not declared",
      "9:5 error: 'esle' does not begin a statement",
      '10:12 error: this text is never closed',
      "14:30 error: an unsigned remainder is not possible: the VM's '%' is for signed 32-bit numbers",
      "15:7 error: 'a' has 2 elements, not 3",
      "16:3 error: 'loop' is void and returns no value",
      "16:12 error: expected '}' before the end of the file",
    ]);
  });

  it('a line with a lexical error has no other', () => {
    expect(said(sketch(' int x = @ 5 + ) * ;\n undefined1();')).messages).toEqual([
      '2:10 error: "@" is not part of the language',
      "3:2 error: there is no function 'undefined1'",
    ]);
  });
});
