import { describe, expect, it } from 'vitest';
import { vcdText } from '../../../src/report/index.ts';
import type { ProgramTimeline, RunRecord } from '../../../src/results/index.ts';
import { readVcd } from '../../helpers/read-vcd.ts';
import { sampleRun } from '../../helpers/sample-results.ts';

function timeline(change: Partial<ProgramTimeline> = {}): ProgramTimeline {
  return {
    vmName: 'SOS',
    file: 'blink.ino',
    pins: [
      [100, 13, 1],
      [500_100, 13, 0],
      [500_200, 2, 1],
    ],
    rounds: [50, 500_150],
    prints: [{ timeUs: 60, text: 'a b\n' }],
    steps: [
      [50, 5],
      [60, 7],
      [100, 9],
      [500_100, 20],
      [500_150, 25],
      [500_200, 30],
    ],
    endUs: 600_000,
    omitted: 0,
    stepsOmitted: 0,
    ...change,
  };
}

const edges = (...list: [number, number, 0 | 1][]): Partial<RunRecord> => ({
  pinEdges: list.map(([timeUs, pin, level]) => ({ timeUs, pin, level })),
});

const read = (record: RunRecord, ...timelines: ProgramTimeline[]) =>
  readVcd(vcdText(record, timelines));

const changes = (vcd: ReturnType<typeof readVcd>, name: string) => vcd.signals.get(name)?.changes;

describe('a run as a Value Change Dump', () => {
  it('has the changes of pins and what happened in the VM, in microseconds', () => {
    const vcd = read(sampleRun(), timeline());
    expect(vcd.timescale).toBe('1 us');
    expect(changes(vcd, 'model_SOS.pin13')).toEqual([
      [0, '0'],
      [100, '1'],
      [500_100, '0'],
    ]);
    expect(changes(vcd, 'model_SOS.round')).toEqual([
      [0, '0'],
      [50, '1'],
      [500_150, '2'],
    ]);
    expect(changes(vcd, 'model_SOS.step')?.at(3)).toEqual([100, '9']);
    expect(changes(vcd, 'model_SOS.millis')?.at(-1)).toEqual([500_200, '500']);
    expect(changes(vcd, 'model_SOS.printed')).toEqual([[60, 'a b\n']]);
    expect(vcd.end).toBe(600_001);
  });

  it('puts the edges of the board beside the model: with the virtual clock by their order', () => {
    const seen = edges([7_000_000, 13, 1], [7_000_050, 13, 0], [7_000_060, 2, 1]);
    const vcd = read(sampleRun({ ...seen, clock: 'virtual' }), timeline());
    expect(changes(vcd, 'board.pin13')).toEqual(changes(vcd, 'model_SOS.pin13'));
    expect(changes(vcd, 'board.pin2')).toEqual(changes(vcd, 'model_SOS.pin2'));
    expect(vcd.comments.join('\n')).toContain('virtual clock');
  });

  it('leaves out what follows no change of the model, and says so', () => {
    const wrong = edges([1, 13, 1], [2, 13, 0], [3, 13, 1], [4, 7, 1]);
    const vcd = read(sampleRun({ ...wrong, clock: 'virtual' }), timeline());
    expect(changes(vcd, 'board.pin13')).toHaveLength(3);
    expect(vcd.comments).toContain('pin 13: 1 edge without a change of the model before it');
    expect(vcd.comments).toContain(
      "pin 7: 1 edge of a pin that no program drives, for instance at the board's reset",
    );
    expect(changes(vcd, 'board.pin7')).toBeUndefined();
  });

  it('says nothing of edges that may follow changes which are not kept', () => {
    const more = edges([1, 13, 1], [2, 13, 0], [3, 13, 1], [4, 7, 1]);
    const vcd = read(sampleRun({ ...more, clock: 'virtual' }), timeline({ omitted: 5 }));
    const notes = vcd.comments.filter((text) => text.startsWith('pin '));
    expect(notes).toEqual([
      "pin 7: 1 edge of a pin that no program drives, for instance at the board's reset",
    ]);
    expect(vcd.comments).toContain('5 later events are left out');
    const cut = read(sampleRun(), timeline({ stepsOmitted: 7 }));
    expect(cut.comments).toContain('what happened in 7 later steps is left out');
  });

  it('keeps the distances of edges that were seen in real time', () => {
    const seen = edges([7_000_000, 13, 1], [7_503_000, 13, 0]);
    const vcd = read(sampleRun({ ...seen, clock: 'real' }), timeline());
    expect(changes(vcd, 'board.pin13')).toEqual([
      [0, '0'],
      [100, '1'],
      [503_100, '0'],
    ]);
  });

  it('takes what was before the program for the level that a pin begins with', () => {
    const early = edges(
      [1_000_000, 5, 1],
      [1_000_001, 2, 1],
      [1_000_002, 2, 0],
      [1_000_003, 2, 1],
      [7_000_000, 13, 1],
      [7_100_000, 6, 1],
      [7_500_000, 13, 0],
    );
    const vcd = read(sampleRun({ ...early, clock: 'real' }), timeline());
    expect(changes(vcd, 'board.pin2')).toEqual([
      [0, '0'],
      [0, '1'],
    ]);
    // No program drives it, and it did nothing since.
    expect(changes(vcd, 'board.pin5')).toBeUndefined();
    expect(changes(vcd, 'board.pin6')).toEqual([
      [0, '0'],
      [100_100, '1'],
    ]);
  });

  it('shows a pin that the board never moved, flat', () => {
    const vcd = read(sampleRun(), timeline());
    expect(changes(vcd, 'board.pin13')).toEqual([[0, '0']]);
  });

  it('marks a fault and the wrong step', () => {
    const bad = timeline({ fault: { timeUs: 70, name: 'STACK UNDERFLOW' }, divergedUs: 65 });
    const vcd = read(sampleRun(), bad);
    expect(changes(vcd, 'model_SOS.fault')).toEqual([[70, 'STACK UNDERFLOW']]);
    expect(changes(vcd, 'model_SOS.diverged')).toEqual([
      [0, '0'],
      [65, '1'],
    ]);
  });

  it('keeps several programs apart', () => {
    const vcd = read(sampleRun(), timeline(), timeline({ vmName: 'AUDIO', pins: [[5, 9, 1]] }));
    expect(changes(vcd, 'model_AUDIO.pin9')).toEqual([
      [0, '0'],
      [5, '1'],
    ]);
    expect([...vcd.signals.keys()].filter((name) => name.startsWith('board.'))).toEqual([
      'board.pin2',
      'board.pin9',
      'board.pin13',
    ]);
  });

  it('has codes for more signals than there are characters', () => {
    const pins = Array.from({ length: 300 }, (_, pin) => [pin + 1, pin, 1] as const);
    const vcd = read(sampleRun(), timeline({ pins }));
    expect(vcd.signals.size).toBe(300 + 7 + 300);
    expect(changes(vcd, 'model_SOS.pin299')).toEqual([
      [0, '0'],
      [300, '1'],
    ]);
  });

  it('cannot be broken by what a program prints or is called', () => {
    const evil = '$end $upscope $end\n#5 0! \u0000 ü \\ "';
    const vcd = read(
      sampleRun({ id: '$end' }),
      timeline({ file: `a$end b.ino`, prints: [{ timeUs: 60, text: evil }] }),
    );
    expect(changes(vcd, 'model_SOS.printed')).toEqual([[60, evil]]);
    expect(vcd.comments[0]).toContain('run _end');
  });
});
