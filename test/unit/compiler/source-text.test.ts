import { describe, expect, it } from 'vitest';
import { compileFile, formatDiagnostic } from '../../../src/compiler/index.ts';
import { compiled, errors, messages, printed, runProgram } from './support.ts';

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Everything the compiler says about a file, formatted. */
function said(bytes: Uint8Array): string[] {
  const { source, result } = compileFile(bytes, 'x.ino');
  const list = result.ok ? result.warnings : result.diagnostics;
  return list.map((each) => formatDiagnostic(each, source));
}

describe('a file that is no text', () => {
  const SAVE = 'hint: save the sketch as plain text in UTF-8';

  it.each([
    ['NUL bytes', Uint8Array.from([0x69, 0x6e, 0x74, 0x0a, 0x78, 0, 0, 1, 2]), '2:2', 'U+0000'],
    ['a program', Uint8Array.from([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0, 0xff]), '1:1', 'U+007F'],
    ['an escape sequence', utf8('int x;\n// \u{1b}[31m'), '2:4', 'U+001B'],
  ])('%s: one line', (_, bytes, place, code) => {
    const message = `x.ino:${place}: error: the file is no text: it has the control character ${code} here`;
    expect(said(bytes)).toEqual([`${message}\n${SAVE}`]);
  });

  it('UTF-16 is named', () => {
    const bytes = Buffer.from('\u{feff}void setup() { }', 'utf16le');
    expect(said(bytes)).toEqual([`x.ino:1:1: error: the file is UTF-16\n${SAVE}`]);
  });

  it('Latin-1 is one error at the first letter that is not UTF-8', () => {
    const bytes = Buffer.from('void setup() { }\n// gr\u{fc}\u{df}e\nvoid loop() { }\n', 'latin1');
    const lines = [
      'x.ino:2:6: error: this is not UTF-8 text',
      '// gr\u{fffd}\u{fffd}e',
      '     ^',
      SAVE,
    ];
    expect(said(bytes)).toEqual([lines.join('\n')]);
  });

  it('CR alone ends no line', () => {
    const message = 'x.ino:1:17: error: a line ends in CR alone, which is no line end in C';
    const hint = 'hint: save the file with LF or CR LF at the ends of its lines';
    expect(said(utf8('void setup() { }\rvoid loop() { }'))).toEqual([`${message}\n${hint}`]);
  });
});

describe('a file that is text', () => {
  it('may begin with a byte order mark, which is no column', () => {
    expect(said(utf8('\u{feff}5 oops\n'))[0]).toContain(
      "x.ino:1:1: error: expected a type before '5'\n5 oops\n^",
    );
    expect(compileFile(utf8('\u{feff}void main() { }'), 'x.ino').result.ok).toBe(true);
    expect(errors('\u{feff}void main() { }')).toEqual([]);
    expect(errors('void main() { \u{feff} }')).toEqual([
      '1:15: a blank that is none in C (U+FEFF) stands in the program',
    ]);
  });

  it('may end without a line end, in a comment, or in CR LF', () => {
    for (const end of ['', '// end', '/* end */', '\r\n', '\n\n\n', '// end \\']) {
      expect(errors(`void main() { }${end}`)).toEqual([]);
    }
  });

  it('may be empty or a comment: then the functions are missing', () => {
    expect(errors('')).toEqual(["1:1: the program has no 'setup' function"]);
    expect(errors('\n // nothing\n')).toEqual(["1:1: the program has no 'setup' function"]);
  });

  it('keeps UTF-8 in texts and comments', () => {
    const source =
      '/* gr\u{f6}\u{df}e \u{1f600} */ void main() { printf("\u{b5}s \u{1f600}|%d", 1); }';
    expect(runProgram(compiled(source)).text).toBe('\u{b5}s \u{1f600}|1');
  });

  it('counts columns in UTF-16 code units', () => {
    expect(errors('void main() { printf("\u{1f600}\u{e9}"); oops(); }')).toEqual([
      "1:30: there is no function 'oops'",
    ]);
  });
});

describe('a backslash at the end of a line', () => {
  it('joins lines between words, in directives and in texts', () => {
    expect(printed('int x = 1 \\\n + \\\r\n 2; printf("%d a\\\nb\\  \nc", x);')).toBe('3 abc');
    expect(printed('printf("%d", N);', '#define N 1\\\n2 + \\\n 3\n')).toBe('15');
    expect(printed('printf("%d", f(1,\\\n2));', 'int f(int a, int b) { return a + b; }')).toBe('3');
  });

  it('also continues a comment, which is worth a warning', () => {
    const source = 'int x = 1;\nvoid main() {\n  // path C:\\\n  x = 2;\n  printf("%d", x);\n}\n';
    expect(runProgram(compiled(source)).text).toBe('1');
    expect(messages(source)).toEqual([
      "test.ino:3:3: warning: this comment goes on in the next line: its line ends in '\\'\n" +
        "  // path C:\\\n  ^~~~~~~~~~~\nhint: remove the '\\'",
    ]);
  });

  it.each([
    'in\\\nt x;',
    'int x = 1 +\\\n+2;',
    'int x = 1\\\n2;',
    'int x; void f() { x +\\\n= 1; }',
  ])('is refused within a word or a sign: %j', (text) => {
    const expected = 'a line continuation within a word or a sign is not supported';
    expect(
      errors(`${text}
void main() { }`)[0],
    ).toContain(expected);
  });
});

describe('conditional directives', () => {
  it('are one error each, and the first alternative is read', () => {
    const source = [
      ...[
        '#ifdef A',
        'int x = 1;',
        '#elif B',
        'int x = 2;',
        'oops',
        '#else',
        'int y = 3;',
        '#endif',
      ],
      ...['#if 0', 'this is = no C', '#else', 'int z = 4;', '#endif', 'void main() { x = z + y; }'],
    ].join('\n');
    expect(errors(source)).toEqual([
      "1:1: '#ifdef' is not supported",
      "9:1: '#if' is not supported",
    ]);
  });

  it('nest, and need their #if', () => {
    const source = '#if A\n#if 0\n#endif\n#else\n#if B\n#endif\n#endif\n#endif\nvoid main() { }';
    expect(errors(source)).toEqual([
      "1:1: '#if' is not supported",
      "2:1: '#if' is not supported",
      "8:1: '#endif' without '#if'",
    ]);
  });
});

describe('#include and #define', () => {
  it('nothing may stand behind the file but a comment', () => {
    expect(errors('#include <Arduino.h> /* base */ // of all\nvoid main() { }')).toEqual([]);
    expect(errors('#include <Arduino.h> int x;\nvoid main() { }')).toEqual([
      '1:1: cannot include <Arduino.h> int x;',
    ]);
  });

  it('an object-like macro may begin with a parenthesis behind a blank', () => {
    expect(printed('printf("%d", N);', '#define N (1 + 2)\n# /* nothing */\n#')).toBe('3');
  });

  it('a definition that is not used is not judged, one that is damaged is one error', () => {
    expect(errors('#define X + + ) oops\nvoid main() { }')).toEqual([]);
    expect(errors('#define X "abc\nvoid main() { printf(X); delay(X); }')).toEqual([
      '1:1: "\\"abc" cannot stand in a #define',
    ]);
  });
});
