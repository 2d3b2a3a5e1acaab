import { describe, expect, it } from 'vitest';
import { divergenceLines, triageLines } from '../../../src/report/divergence.ts';
import type { CellView, StateView } from '../../../src/results/index.ts';
import { sampleDivergence, sampleTriage } from '../../helpers/sample-record.ts';

const PLAIN = { color: false };

/** What colour would be, taken away. */
const withoutColor = (line: string): string =>
  // eslint-disable-next-line no-control-regex -- escape sequences are what this is about
  line.replaceAll(/\u001b\[\d+m/g, '');

const cell = (name: string, model?: number, board?: number): CellView => ({
  name,
  ...(model === undefined ? {} : { model }),
  ...(board === undefined ? {} : { board }),
  differs: model !== board,
});

const EMPTY: StateView = {
  boardSide: 'as it stood',
  registers: [],
  stack: [],
  frames: [],
  locals: [],
  globals: [],
  arrays: [],
};

describe('divergenceLines', () => {
  it('of a wrong value: place, both sides, where the operands come from, the way there, the states', () => {
    expect(divergenceLines(sampleDivergence(), PLAIN)).toEqual([
      'first wrong step: 9',
      '  sketch.ino:6:11',
      '      total = total - less;',
      '              ^',
      '  instruction  SUB',
      '  expected     top of stack 33, stack depth 1   (reference model)',
      '  actual       top of stack -33, stack depth 1  (board)',
      '  differs in   value',
      '  worked on    a (stack slot 0)  = 40  step 7, sketch.ino:6: LOAD_GLOBAL 0  ; total, stored there by step 1, sketch.ino:6',
      '               b (stack slot 1)  = 7   never written since load',
      '  the last 2 steps on the board:',
      '      step  pc  instruction           what it did',
      '         8   3  LOAD_LOCAL 0  ; less  top of stack 7, stack depth 2    sketch.ino:6',
      '    >    9   4  SUB                   top of stack -33, stack depth 1  sketch.ino:6',
      '  the state after it; board: from a second run of 10 steps',
      '              model  board',
      '      pc          5      5',
      '    stack, with the locals',
      '    ! slot 0     33    -33',
      '    globals',
      '      total      40     40',
    ]);
  });

  it('of an effect that went by a wrong state: the step that had left it', () => {
    const since = {
      step: 3,
      source: { file: 'sketch.ino', line: 4, column: 1, text: 'x = a + b;' },
      instruction: 'ADD',
      expected: 'globals[63] (x) = 0 after it',
      actual: 'globals[63] (x) = 1 after it, though its effect is right',
    };
    const lines = divergenceLines({ ...sampleDivergence(), since }, PLAIN);
    expect(lines.slice(7, 11)).toEqual([
      '  differs in   value',
      '  state wrong  since step 3, sketch.ino:4: ADD',
      '    expected   globals[63] (x) = 0 after it',
      '    actual     globals[63] (x) = 1 after it, though its effect is right',
    ]);
  });

  it('of a state found by bisection: not that it is the first', () => {
    const since = {
      step: 3,
      located: 'bisected' as const,
      instruction: 'ADD',
      expected: 'x',
      actual: 'y',
    };
    const lines = divergenceLines({ ...sampleDivergence(), since, located: 'bisected' }, PLAIN);
    expect(lines[0]).toBe(
      'a wrong step (found by bisection; an earlier change may have been undone): 9',
    );
    expect(lines).toContain(
      '  state wrong  after step 3: ADD (found by bisection; an earlier change may have been undone)',
    );
    const [head] = divergenceLines({ ...sampleDivergence(), located: 'stepped' }, PLAIN);
    expect(head).toBe('first wrong step: 9');
  });

  it('marks by a character, and colours only when asked to', () => {
    const colored = divergenceLines(sampleDivergence(), { color: true });
    expect(colored.join('')).toContain('\u001b[');
    expect(colored.map(withoutColor)).toEqual(divergenceLines(sampleDivergence(), PLAIN));
  });

  it('names the epoch, what was read, and what could not be had', () => {
    const last = [1, 2, 3, 4, 5].map((step) => ({ step, port: 'pin 4', value: step % 2 }));
    const lines = divergenceLines(
      sampleDivergence({
        epoch: 3,
        inputs: { count: 9, last },
        missing: ["the board's state: no reply"],
      }),
      PLAIN,
    );
    expect(lines[0]).toBe('first wrong step: 9, in epoch 3');
    expect(lines).toContain(
      '  inputs read  the last 4 of 9: pin 4 = 0 at step 2, pin 4 = 1 at step 3, pin 4 = 0 at step 4, pin 4 = 1 at step 5',
    );
    expect(lines.at(-1)).toBe("  not known    the board's state: no reply");
  });

  it('of another instruction than expected: the step that decided', () => {
    const of = { step: 8, pc: 3, instruction: 'JMP_FALSE 9' };
    const list = [
      { what: 'c (stack slot 0)', value: 1, writer: { ...of, step: 7, pc: 2, instruction: 'NOT' } },
    ];
    const lines = divergenceLines(sampleDivergence({ operands: { of, list } }), PLAIN);
    expect(lines).toContain('  decided by   step 8: JMP_FALSE 9');
    expect(lines).toContain('  worked on    c (stack slot 0)  = 1  step 7: NOT');
  });

  it('of a long section only what differs, and how many don’t', () => {
    const globals = Array.from({ length: 13 }, (_, id) => cell(`g${id}`, id, id === 4 ? -1 : id));
    const state = { ...EMPTY, globals };
    const lines = divergenceLines(sampleDivergence({ state }), PLAIN);
    expect(lines.slice(-3)).toEqual([
      '    globals',
      '    ! g4      4     -1',
      '      12 more, equal',
    ]);
  });

  it('of arrays the lines of cells in which something differs', () => {
    const cells = Array.from({ length: 20 }, (_, index) =>
      cell(`[${index}]`, index * 10, index === 9 ? 91 : index * 10),
    );
    const arrays = [
      { name: 'same', length: cell('length', 2, 2), cells: [cell('[0]', 1, 1), cell('[1]', 2, 2)] },
      { name: 'samples', length: cell('length', 20, 20), cells },
      { name: 'gone', length: cell('length', 1), cells: [cell('[0]', 5, 5)] },
    ];
    const lines = divergenceLines(sampleDivergence({ state: { ...EMPTY, arrays } }), PLAIN);
    expect(lines.slice(-8)).toEqual([
      '    array same, length 2, equal',
      '    array samples, length 20',
      '             [8]  [9]  [10]  [11]  [12]  [13]  [14]  [15]',
      '      model   80   90   100   110   120   130   140   150',
      '    ! board   80  !91   100   110   120   130   140   150',
      '      12 more cells, equal',
      '    array gone, length 1 in the model, - on the board',
      '      1 more cell, equal',
    ]);
  });

  it('shows a call only when it differs', () => {
    const frames = [cell('call 1: return pc', 9, 9), cell('call 1: frame base', 0, 1)];
    const lines = divergenceLines(sampleDivergence({ state: { ...EMPTY, frames } }), PLAIN);
    expect(lines.slice(-3)).toEqual([
      '    calls',
      '      call 1: return pc       9      9',
      '    ! call 1: frame base      0      1',
    ]);
    const equal = [cell('call 1: return pc', 9, 9)];
    const quiet = divergenceLines(sampleDivergence({ state: { ...EMPTY, frames: equal } }), PLAIN);
    expect(quiet).not.toContain('    calls');
  });

  it('lets no text from a board steer the terminal', () => {
    const lines = divergenceLines(sampleDivergence({ actual: 'print "\u001b[2J"' }), PLAIN);
    expect(lines.join('')).not.toContain('\u001b');
  });
});

describe('triageLines', () => {
  it('the class, the three legs, and the reasons', () => {
    expect(triageLines(sampleTriage({ reasons: ['first', 'second'] }), PLAIN)).toEqual([
      'whose fault: toolchain',
      '    model      the same',
      '    native C   as the model',
      '    board      5 of 5',
      '    because    first',
      '    and        second',
    ]);
  });
});
