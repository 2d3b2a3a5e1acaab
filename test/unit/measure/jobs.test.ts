import { describe, expect, it } from 'vitest';
import { parseImage } from '../../../src/image/index.ts';
import { elfOf, encodeJobs, parseResults } from '../../../src/measure/jobs.ts';

const program = (immediate: number) => ({
  instructions: [
    { opcode: 1, flags: 0, immediate },
    { opcode: 0, flags: 0, immediate: 0 },
  ],
  strings: [],
  entry: 0,
  loop: undefined,
  debug: undefined,
});

describe('jobs for the bench firmware', () => {
  it('begin with magic and count, and say where each image is', () => {
    const bytes = encodeJobs([
      { program: program(7), before: 1, steps: 2 },
      { program: program(9), before: 3, steps: 0xffff_ffff },
    ]);
    const view = new DataView(bytes.buffer);
    const fields = Array.from({ length: 10 }, (_, index) => view.getUint32(4 * index, true));
    expect(Buffer.from(bytes.subarray(0, 4)).toString()).toBe('CVBJ');
    expect(fields[1]).toBe(2);
    expect([fields[4], fields[5], fields[8], fields[9]]).toEqual([1, 2, 3, 0xffff_ffff]);
    const second = parseImage(bytes.subarray(fields[6], (fields[6] ?? 0) + (fields[7] ?? 0)));
    expect(second.ok && second.program.instructions[0]?.immediate).toBe(9);
  });

  it('that do not fit the flash are refused', () => {
    const jobs = Array.from({ length: 2000 }, () => ({ program: program(1), before: 0, steps: 1 }));
    expect(() => encodeJobs(jobs)).toThrow(/131072 fit/);
  });

  it('are wrapped in an ELF file with one segment', () => {
    const file = elfOf(Uint8Array.of(1, 2, 3, 4, 5), 0x0802_0000);
    const view = new DataView(file.buffer);
    expect(Buffer.from(file.subarray(0, 4)).toString('latin1')).toBe('\x7fELF');
    expect(view.getUint16(18, true)).toBe(40);
    const header = view.getUint32(28, true);
    const field = (index: number): number => view.getUint32(header + 4 * index, true);
    expect([field(0), field(2), field(3), field(4)]).toEqual([1, 0x0802_0000, 0x0802_0000, 5]);
    expect([...file.subarray(field(1), field(1) + field(4))]).toEqual([1, 2, 3, 4, 5]);
  });
});

describe('results of the bench firmware', () => {
  const good =
    'compiler GCC 12.2.1\nflags -O2 -g3\nscale 1024000 1000000\nsize 5109\njob 0 2048 0 10 2 0 6765\nend\n';

  it('give instructions by the measured scale', () => {
    expect(parseResults(good, 1)).toEqual({
      results: [{ instructions: 2000, cycles: 0, steps: 10, end: 2, error: 0, printed: 6765 }],
      compiler: 'GCC 12.2.1',
      flags: '-O2 -g3',
      hotBytes: 0,
    });
  });

  it('tell the clock of a chip, and how much hot code there is', () => {
    const more = good.replace('scale', 'clock 170000000\nscale').replace('job', 'hot 7912\njob');
    expect(parseResults(more, 1)).toMatchObject({ clockHz: 170_000_000, hotBytes: 7912 });
  });

  it.each([
    ['without an end', good.replace('end\n', '')],
    ['without a compiler', good.replace('compiler', 'kompiler')],
    ['without a scale', good.replace('scale', 'skale')],
    ['with too few jobs', good.replace('job', 'jib')],
    ['that are empty', ''],
  ])('%s are refused', (_, text) => {
    expect(() => parseResults(text, 1)).toThrow(/results of 1/);
  });
});
