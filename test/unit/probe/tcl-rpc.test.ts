import { expect, test } from 'vitest';
import {
  parseReply,
  ReplyFilter,
  TclSplitter,
  tclWord,
  wrapCommand,
} from '../../../src/probe/tcl-rpc.ts';

test('messages are the same wherever the stream is split', () => {
  const stream = Buffer.from('0\x1fé1\x1f\x1a\x1aabc\x1arest');
  for (let first = 0; first <= stream.length; first++) {
    for (let second = first; second <= stream.length; second++) {
      const splitter = new TclSplitter();
      const pieces = [
        [0, first],
        [first, second],
        [second, stream.length],
      ] as const;
      const messages = pieces.flatMap(([from, to]) => splitter.push(stream.subarray(from, to)));
      expect(messages, `${first}, ${second}`).toEqual(['0\x1fé1\x1f', '', 'abc']);
    }
  }
});

test.each([
  ['', '""'],
  ['/tmp/fw.elf', '/tmp/fw.elf'],
  ['a b', 'a\\ b'],
  ['{x}', '\\{x\\}'],
  ['[exit]', '\\[exit\\]'],
  ['$x;"#\\', '\\$x\\;\\"\\#\\\\'],
  ['two\nlines', 'two\\nlines'],
])('the Tcl word for %j is %s', (text, word) => {
  expect(tclWord(text)).toBe(word);
});

test('a command is run under catch, with value and output kept apart', () => {
  expect(wrapCommand('reset halt')).toBe(
    'set cockpit_value {}; ' +
      'set cockpit_status [catch {capture {set ::cockpit_value [reset halt]}} cockpit_output]; ' +
      'set cockpit_value "\\x02$cockpit_status\\x1f$cockpit_value\\x1f$cockpit_output\\x03"',
  );
  expect(parseReply('\x020\x1fhalted\n\x1fInfo : x\n\x03')).toEqual({
    ok: true,
    value: 'halted',
    output: 'Info : x',
  });
  expect(parseReply('\x02-4\x1f\x1fError: a\x1fb\x03')).toEqual({
    ok: false,
    value: '',
    output: 'Error: a\x1fb',
  });
});

test.each([
  '',
  'halted',
  '0\x1fa\x1fb',
  '\x020\x1fvalue\x03',
  '\x02x\x1f\x1f\x03',
  '\x02\x1f\x1f\x03',
])('the answer %j is refused', (answer) => {
  expect(() => parseReply(answer)).toThrow('OpenOCD answered');
});

test('answers are no log lines, be they one line or several', () => {
  const filter = new ReplyFilter();
  const lines = [
    'Info : a',
    '\x020\x1f5\x1f5\x03',
    'Info : b',
    '\x021\x1f\x1fError: x',
    'y',
    '\x03',
    'c',
  ];
  expect(lines.filter((line) => filter.isLog(line))).toEqual(['Info : a', 'Info : b', 'c']);
});
