import { describe, expect, it } from 'vitest';
import { printable, replayLines, seconds, summaryLines } from '../../../src/report/index.ts';
import type { RunRecord } from '../../../src/results/index.ts';
import { sampleBoard, sampleRun } from '../../helpers/sample-results.ts';
import {
  sampleDivergence,
  sampleProgram,
  sampleRecord,
  sampleTriage,
} from '../../helpers/sample-record.ts';

const PLAIN = { color: false };

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
  it('of a board that crashed: where the core is, and what its fault status says', () => {
    const seen = {
      core: 'running',
      flash: 'firmware' as const,
      fault: ['the core is in HardFault', 'HFSR FORCED: a fault became a HardFault'],
      registers: { pc: '0x800072c' },
      backtrace: ['#0 crash_stop at crash.c:35', '#1 <signal handler called>'],
      vms: [],
    };
    const lines = (change: object): string[] =>
      summaryLines(sampleRecord({ forensics: { ...seen, ...change } }), ['r.json'], PLAIN);
    expect(lines({}).slice(0, 6)).toEqual([
      'the debug probe found the core at:',
      '  #0 crash_stop at crash.c:35',
      '  #1 <signal handler called>',
      'its fault status:',
      '  the core is in HardFault',
      '  HFSR FORCED: a fault became a HardFault',
    ]);
    expect(lines({ fault: [] })).not.toContain('its fault status:');
    expect(lines({ core: 'halted' })[0]).toBe('the debug probe found the core, halted, at:');
    expect(lines({ core: 'unknown', flash: 'erased' })[0]).toBe(
      'the debug probe found the core, unknown, its flash erased, at:',
    );
    expect(lines({ flash: 'other' })[0]).toBe(
      'the debug probe found the core, another firmware in its flash, at:',
    );
  });

  it('of a run that passed', () => {
    expect(summaryLines(sampleRecord(), ['x/record.json'], PLAIN)).toEqual([
      'PASSED  all agree',
      'steps   42 compared',
      'ran on  a process of this machine, not silicon',
      'time    1.5 s wall (run 1.3 s)',
      'report  x/record.json',
    ]);
  });

  it('tells what the board said of itself, and of a crash before its start', () => {
    const lines = summaryLines(sampleRecord({ board: sampleBoard() }), ['r'], PLAIN);
    expect(lines.slice(3, 5)).toEqual([
      'board   reset by pin, software; 816 of 3072 bytes of C stack used at most; 2 received bytes lost',
      'crash   the run before crashed at pc 0x08000100: the core is in BusFault',
    ]);
  });

  it('says nothing of a board that was not asked, and only what one can tell', () => {
    const { board: silent } = sampleRun();
    if (silent === undefined) throw new Error('a run has a board');
    const told = (board: RunRecord['board'] & object): string[] =>
      summaryLines(sampleRecord({ board }), ['r'], PLAIN).filter((line) =>
        /^(?:board|crash) /.test(line),
      );
    expect(told({ ...silent, bytesLost: 1 })).toEqual([
      "board   can't tell why it was reset; 1 received byte lost",
    ]);
    expect(told(silent)).toEqual([]);
    expect(told(sampleBoard({ reset: [], crashBefore: '\u001b[2J' }))).toEqual([
      expect.stringMatching(/^board {3}reset by no known cause; /),
      'crash   \ufffd[2J',
    ]);
  });

  it.each([
    ['steps', 'ended by the budget of steps'],
    ['loops', 'ended after 1 round of loop()'],
    ['halted', 'the program came to its end'],
  ] as const)('says what ended the run: %s', (stopReason, text) => {
    const programs = [sampleProgram({ stopReason })];
    expect(summaryLines(sampleRecord({ programs }), ['r'], PLAIN)).toContain(
      `steps   42 compared, ${text}`,
    );
  });

  it('names every file that has the record', () => {
    const lines = summaryLines(sampleRecord(), ['runs/id.json', 'mine.json'], PLAIN);
    expect(lines.slice(-2)).toEqual(['report  runs/id.json', '        mine.json']);
  });

  it('names no file, and no replay of one, where none could be written', () => {
    const verdict = { outcome: 'failed', causeClass: 'firmware', summary: 'x' } as const;
    const lines = summaryLines(sampleRecord({ verdict }), [], PLAIN);
    expect(lines.at(-1)).toBe('again   cockpit-hil run sketch.ino --bench native');
    expect(lines.join('\n')).not.toMatch(/replay|^report/m);
  });

  it('of a failure: whose fault, what was built, and how to see it again', () => {
    const verdict = { outcome: 'failed', causeClass: 'toolchain', summary: 'they part' } as const;
    const program = sampleProgram({
      verdict,
      divergence: sampleDivergence(),
      triage: sampleTriage(),
    });
    const board = {
      board: 'nucleo_g474re',
      uid: '0'.repeat(24),
      firmware: '0123abcd-dirty',
      build: 'harness',
      defect: 'none',
      isa: '89abcdef',
      elf: 'fedcba9876543210'.padEnd(40, '0'),
      clockHz: 170_000_000,
    };
    const record = sampleRecord({ programs: [program], verdict, board });
    const lines = summaryLines(record, ['r.json'], PLAIN);
    expect(lines[0]).toBe('first wrong step: 9');
    expect(lines.slice(-13)).toEqual([
      'whose fault: toolchain',
      '    model      the same',
      '    native C   as the model',
      '    board      5 of 5',
      '    because    the reason',
      'FAILED [toolchain]  they part',
      'steps   42 compared',
      'ran on  a process of this machine, not silicon',
      'time    1.5 s wall (run 1.3 s)',
      'build   firmware 0123abcd-dirty, ELF fedcba987654, ISA 89abcdef, image 111111111111, harness 0.1.0',
      'again   cockpit-hil replay r.json',
      '        cockpit-hil run sketch.ino --bench native',
      'report  r.json',
    ]);
  });

  it.each([
    ['ring', "by the ring in the board's memory, "],
    ['reruns', 'by reruns of so many steps, '],
  ] as const)('of a board that died: the step, and that it is known by %s', (by, words) => {
    const verdict = { outcome: 'failed', causeClass: 'firmware', summary: 'silence' } as const;
    const lastSteps = { by, how: 'unended', step: 13, pc: 4, instruction: 'DELAY' } as const;
    const output = { output: '34\n', outputFrom: 'model' } as const;
    const programs = [sampleProgram({ verdict, lastSteps, triage: sampleTriage(), ...output })];
    const lines = summaryLines(sampleRecord({ verdict, programs }), ['r'], PLAIN);
    expect(lines[0]).toBe(`${words}every step before 13 is right, and step 13 never ended: DELAY`);
    expect(lines[1]).toMatch(/^whose fault: /);
    expect(lines).toContain(
      "note    the text that was printed is the model's: of it the board sent hashes alone, and they agree",
    );
  });

  it.each([
    ['ring', 0, "13 compared, afterwards by the ring in the board's memory"],
    ['reruns', 0, '13 compared, afterwards by reruns'],
    ['reruns', 5, '13 compared, 5 of them as it ran, the rest afterwards by reruns'],
    ['ring', 13, '13 compared'],
  ] as const)('of a board that died: steps known by the %s, %d as it ran', (by, ran, text) => {
    const verdict = { outcome: 'failed', causeClass: 'firmware', summary: 'silence' } as const;
    const lastSteps = { by, how: 'unended', step: 13, pc: 4, instruction: 'DELAY' } as const;
    const program = sampleProgram({ verdict, lastSteps, stepsCompared: ran });
    const one = sampleRecord({ verdict, programs: [program] });
    expect(summaryLines(one, ['r'], PLAIN)).toContain(`steps   ${text}`);
    const two = sampleRecord({ verdict, programs: [program, sampleProgram({ vm: 1 })] });
    expect(summaryLines(two, ['r'], PLAIN)).toContain('steps   55 compared on 2 VMs');
  });

  it('counts what followed a death as triage, and leaves out phases that took no time', () => {
    const phases = { run: 1300, triage: 20, release: 49, autopsy: 2100 };
    const timing = Object.entries(phases).map(([phase, ms]) => ({ phase, ms }));
    expect(summaryLines(sampleRecord({ timing }), ['r'], PLAIN)).toContain(
      'time    1.5 s wall (run 1.3 s, triage 2.1 s)',
    );
    expect(summaryLines(sampleRecord({ timing: [] }), ['r'], PLAIN)).toContain(
      'time    1.5 s wall',
    );
  });

  it.each([
    ['a traced run', { output: 'x', outputFrom: 'board' }],
    ['a program that printed nothing', { output: '' }],
  ] as const)('of %s says nothing about the text', (_, output) => {
    const verdict = { outcome: 'failed', causeClass: 'firmware', summary: 'silence' } as const;
    const programs = [sampleProgram({ verdict, ...output })];
    const lines = summaryLines(sampleRecord({ verdict, programs }), ['r'], PLAIN);
    expect(lines.join()).not.toContain('text');
  });

  it('of several programs: a section for each, and one verdict', () => {
    const failed = {
      outcome: 'failed',
      causeClass: 'toolchain',
      summary: 'state differs',
    } as const;
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
    const lines = summaryLines(sampleRecord({ programs, verdict: failed }), ['r'], PLAIN);
    expect(lines).toContain('SOS     passed  all agree');
    expect(lines).toContain('AUDIO, sketch.ino:');
    expect(lines).toContain('AUDIO   failed [toolchain]  state differs');
    expect(lines).toContain('  globals[40]                            0        1234');
    expect(lines).toContain('steps   84 compared on 2 VMs');
    expect(lines.filter((line) => line.includes('FAILED'))).toEqual([
      'FAILED [toolchain]  1 of 2 programs: AUDIO',
    ]);
  });

  it('of pins: what was measured beside what the program says', () => {
    const pinTiming = [{ pin: 13, level: 1, nominalMs: 100, measuredMs: 99.51 }] as const;
    const lines = summaryLines(sampleRecord({ pinTiming: [...pinTiming] }), ['r'], PLAIN);
    expect(lines).toContain(
      '  pin 13 high     99.51 ms, program says   100 ms, deviation -0.49 ms',
    );
    const pins = Array.from({ length: 14 }, (_, pin) => {
      return { name: `D${pin}`, adc: false, pwm: false, dac: false };
    });
    const known = sampleRecord({ pinTiming: [...pinTiming], world: { pins, buttons: 1 } });
    expect(summaryLines(known, ['r'], PLAIN)).toContain(
      '  pin 13 (D13) high     99.51 ms, program says   100 ms, deviation -0.49 ms',
    );
  });

  it('of pins that no table can be made of: says why', () => {
    const pinTimingNotes = ['pin 13: 2 programs drove it'];
    const lines = summaryLines(sampleRecord({ pinTimingNotes }), ['r'], PLAIN);
    expect(lines.slice(0, 2)).toEqual([
      'pin timing, watched from outside the board:',
      '  pin 13: 2 programs drove it',
    ]);
  });

  it('colours the verdict only when asked to, and never lets a text from the board do so', () => {
    const verdict = { outcome: 'passed', summary: '\u001b[31mred' } as const;
    const [plain] = summaryLines(sampleRecord({ verdict }), ['r'], PLAIN);
    const [colored] = summaryLines(sampleRecord({ verdict }), ['r'], { color: true });
    expect(plain).not.toContain('\u001b');
    expect(colored?.startsWith('\u001b[')).toBe(true);
    expect(colored).toContain('\ufffd[31mred');
  });
});

describe('replayLines', () => {
  const failed = { outcome: 'failed', causeClass: 'semantics', summary: 'they part' } as const;

  it('what the record says, what was seen, and the verdict', () => {
    const views = [{ vmName: 'SOS', verdict: failed, details: ['model   1', 'native  \u001b2'] }];
    expect(replayLines(sampleRecord(), views, PLAIN)).toEqual([
      'record  sample: passed: all agree',
      'model   1',
      'native  \ufffd2',
      'FAILED [semantics]  they part',
    ]);
  });

  it('names the VM where there are several', () => {
    const passed = { outcome: 'passed', summary: 'all agree' } as const;
    const views = [
      { vmName: 'SOS', verdict: passed, details: [] },
      { vmName: 'AUDIO', verdict: failed, details: [] },
    ];
    expect(replayLines(sampleRecord(), views, PLAIN).slice(1)).toEqual([
      'PASSED  SOS: all agree',
      'FAILED [semantics]  AUDIO: they part',
    ]);
  });
});
