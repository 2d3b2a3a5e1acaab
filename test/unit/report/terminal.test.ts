import { describe, expect, it } from 'vitest';
import { printable, seconds, summaryLines } from '../../../src/report/index.ts';
import { sampleProgram, sampleRecord } from '../../helpers/sample-record.ts';

const PLAIN = { color: false };
const SOURCE = { file: 'sketch.ino', line: 6, column: 11, text: '  total = total - less;' };

describe('printable', () => {
  it('takes the power over the terminal from a text', () => {
    expect(printable('a\u001b[2Jb\u0007c\u009bd\r')).toBe('a\ufffd[2Jb\ufffdc\ufffdd\ufffd');
    expect(printable('grün\tΩ')).toBe('grün\tΩ');
  });
});

describe('seconds', () => {
  it.each([
    [0, '0.0 s'],
    [1449, '1.4 s'],
    [123_456, '123 s'],
  ])('%i ms is %s', (ms, text) => {
    expect(seconds(ms)).toBe(text);
  });
});

describe('summaryLines', () => {
  it('of a run that passed', () => {
    expect(summaryLines(sampleRecord(), 'x/record.json', PLAIN)).toEqual([
      'PASSED  all agree',
      'steps   42 compared',
      'ran on  a process of this machine, not silicon',
      'time    1.5 s wall (run 1.3 s)',
      'report  x/record.json',
    ]);
  });

  it.each([
    ['steps', 'ended by the budget of steps'],
    ['loops', 'ended after 1 round of loop()'],
    ['halted', 'the program came to its end'],
  ] as const)('says what ended the run: %s', (stopReason, text) => {
    const programs = [sampleProgram({ stopReason })];
    expect(summaryLines(sampleRecord({ programs }), 'r', PLAIN)).toContain(
      `steps   42 compared, ${text}`,
    );
  });

  it('of a divergence: the step, the place, the instruction, both values, the wrong step marked', () => {
    const step = { pc: 4, instruction: 'SUB', source: SOURCE };
    const program = sampleProgram({
      divergence: {
        step: 9,
        source: SOURCE,
        instruction: 'SUB',
        expected: 'top of stack 33',
        actual: 'top of stack -33',
        fields: ['value'],
        lastSteps: [
          { ...step, step: 8, effect: 'stack empty' },
          { ...step, step: 9, effect: 'top of stack -33' },
        ],
      },
    });
    const verdict = { outcome: 'failed', causeClass: 'firmware', summary: 'they part' } as const;
    const lines = summaryLines(sampleRecord({ programs: [program], verdict }), 'r', PLAIN);
    expect(lines.slice(0, 10)).toEqual([
      'first wrong step: 9',
      '  sketch.ino:6:11',
      '    ' + SOURCE.text,
      '              ^',
      '  instruction  SUB',
      '  expected     top of stack 33  (reference model)',
      '  actual       top of stack -33  (board)',
      '  differs in   value',
      '  last 2 steps, as the board reported them:',
      '         8  pc    4  SUB                          stack empty  sketch.ino:6',
    ]);
    expect(lines[10]).toMatch(/^ {2}> {6}9 {2}pc {4}4 {2}SUB +top of stack -33/);
    expect(lines[11]).toBe('FAILED [firmware]  they part');
  });

  it('of several programs: a section for each', () => {
    const failed = { outcome: 'failed', causeClass: 'firmware', summary: 'state differs' } as const;
    const programs = [
      sampleProgram(),
      sampleProgram({
        vm: 1,
        vmName: 'AUDIO',
        verdict: failed,
        finalState: {
          wordsCompared: 1104,
          differences: [{ region: 'globals', index: 40, expected: 0, actual: 1234 }],
        },
      }),
    ];
    const lines = summaryLines(sampleRecord({ programs, verdict: failed }), 'r', PLAIN);
    expect(lines).toContain('SOS     PASSED  all agree');
    expect(lines).toContain('AUDIO   FAILED [firmware]  state differs');
    expect(lines).toContain('  globals[40]                            0        1234');
    expect(lines).toContain('steps   84 compared on 2 VMs');
  });

  it('of pins: what was measured beside what the program says', () => {
    const pinTiming = [{ pin: 13, level: 1, nominalMs: 100, measuredMs: 99.51 }] as const;
    const lines = summaryLines(sampleRecord({ pinTiming: [...pinTiming] }), 'r', PLAIN);
    expect(lines).toContain(
      '  pin 13 high     99.51 ms, program says   100 ms, deviation -0.49 ms',
    );
  });

  it('colours the verdict only when asked to, and never lets a text from the board do so', () => {
    const verdict = { outcome: 'passed', summary: '\u001b[31mred' } as const;
    const [plain] = summaryLines(sampleRecord({ verdict }), 'r', PLAIN);
    const [colored] = summaryLines(sampleRecord({ verdict }), 'r', { color: true });
    expect(plain).not.toContain('\u001b');
    expect(colored?.startsWith('\u001b[')).toBe(true);
    expect(colored).toContain('\ufffd[31mred');
  });
});
