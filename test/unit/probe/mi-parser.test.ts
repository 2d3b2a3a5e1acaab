import { expect, test } from 'vitest';
import { MiSyntaxError, miQuote, parseMiLine } from '../../../src/probe/mi-parser.ts';

/** All lines are output of GDB 13.1 attached to a Cortex-M4. */
test.each([
  ['(gdb) ', { kind: 'prompt' }],
  ['1^done', { kind: 'result', token: 1, class: 'done', values: {} }],
  ['21^exit', { kind: 'result', token: 21, class: 'exit', values: {} }],
  ['*running,thread-id="all"', { kind: 'exec', class: 'running', values: { 'thread-id': 'all' } }],
  [
    '=thread-group-added,id="i1"',
    { kind: 'notify', class: 'thread-group-added', values: { id: 'i1' } },
  ],
  [
    '~"reset_handler () at tiny.c:5\\n"',
    { kind: 'console', text: 'reset_handler () at tiny.c:5\n' },
  ],
  ['~"5\\tvoid reset_handler(void)"', { kind: 'console', text: '5\tvoid reset_handler(void)' }],
  [
    '@"unknown command: \'resume\'\\r\\n"',
    { kind: 'target', text: "unknown command: 'resume'\r\n" },
  ],
  [
    '&"\\"monitor\\" command not supported"',
    { kind: 'log', text: '"monitor" command not supported' },
  ],
  [
    '17^error,msg="Undefined MI command: foo",code="undefined-command"',
    {
      kind: 'result',
      token: 17,
      class: 'error',
      values: { msg: 'Undefined MI command: foo', code: 'undefined-command' },
    },
  ],
  [
    '133^error,msg="Cannot execute this command while the target is running.\\nUse the \\"interrupt\\" command to stop the target\\nand then try again."',
    {
      kind: 'result',
      token: 133,
      class: 'error',
      values: {
        msg: 'Cannot execute this command while the target is running.\nUse the "interrupt" command to stop the target\nand then try again.',
      },
    },
  ],
  [
    '7^done,stack=[frame={level="0",addr="0x08000040",func="inner",line="3"},frame={level="1",addr="0x08000058",func="outer",line="4"}]',
    {
      kind: 'result',
      token: 7,
      class: 'done',
      values: {
        stack: [
          { level: '0', addr: '0x08000040', func: 'inner', line: '3' },
          { level: '1', addr: '0x08000058', func: 'outer', line: '4' },
        ],
      },
    },
  ],
  [
    '*stopped,reason="breakpoint-hit",bkptno="1",frame={addr="0x08000040",args=[{name="depth",value="4"},{name="depth@entry",value="4"}]},stopped-threads="all"',
    {
      kind: 'exec',
      class: 'stopped',
      values: {
        reason: 'breakpoint-hit',
        bkptno: '1',
        frame: {
          addr: '0x08000040',
          args: [
            { name: 'depth', value: '4' },
            { name: 'depth@entry', value: '4' },
          ],
        },
        'stopped-threads': 'all',
      },
    },
  ],
  [
    '8^done,register-names=["r0","","xpsr"]',
    { kind: 'result', token: 8, class: 'done', values: { 'register-names': ['r0', '', 'xpsr'] } },
  ],
  ['19^done,threads=[]', { kind: 'result', token: 19, class: 'done', values: { threads: [] } }],
  [
    '10^done,value="{a = 0, s = \\"\\\\000\\\\000\\"}"',
    { kind: 'result', token: 10, class: 'done', values: { value: '{a = 0, s = "\\000\\000"}' } },
  ],
])('%s', (line, record) => {
  expect(parseMiLine(line)).toMatchObject(record);
});

test('octal escapes are bytes of UTF-8 text, and end after three digits', () => {
  expect(parseMiLine('~"h\\303\\2441\\0112"')).toEqual({ kind: 'console', text: 'hä1\t2' });
  expect(parseMiLine('~"ä \\\\ \\" \\e[0m"')).toEqual({ kind: 'console', text: 'ä \\ " \x1b[0m' });
});

test.each([
  '',
  'printf from the program',
  '5',
  '^',
  '1^done,',
  '1^done,value',
  '1^done,value=',
  '1^done,value="a',
  '1^done,value="a\\',
  '1^done,value="a"x',
  '1^done,stack=[frame={level="0"}',
  '1^done,stack=["a" "b"]',
  '1^done,t={a="1",}',
  '~"a"b',
  '~text',
])('%j is no MI record', (line) => {
  expect(() => parseMiLine(line)).toThrow(MiSyntaxError);
});

test('a record cut short anywhere is refused, never half read', () => {
  const line = '7^done,stack=[frame={level="0",args=[{name="k",value="\\"3\\""}]}]';
  for (let length = '7^done,'.length; length < line.length; length++) {
    expect(() => parseMiLine(line.slice(0, length)), String(length)).toThrow(MiSyntaxError);
  }
});

test('quoting for a command', () => {
  expect(miQuote('a "b"\\c\n')).toBe('"a \\"b\\"\\\\c\\n"');
});
