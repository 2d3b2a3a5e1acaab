import { describe, expect, it } from 'vitest';
import { compile } from '../../../src/compiler/index.ts';
import { compilerLines, generatedSketch, measureCompiler } from '../../../src/measure/compiler.ts';

describe('the sketch for the benchmark of the compiler', () => {
  it('has the lines it is asked for and nothing to complain of', () => {
    const sketch = generatedSketch();
    expect(sketch.split('\n')).toHaveLength(1001);
    expect(compile(sketch, 'x.ino')).toMatchObject({ ok: true, warnings: [] });
    // Lines of padding would make it cheap.
    expect(sketch.split('\n').filter((line) => line === '// padding').length).toBeLessThan(20);
  });
});

describe('the measurement', () => {
  it('takes first, median and best from the clock that it is given', () => {
    // Reads come in pairs: 7 ms for the start-up, then runs of 100, 1, 2, 3 ... ms.
    const durations = [7, 100, ...Array.from({ length: 20 }, (_, index) => index + 1)];
    let now = 0;
    let reads = 0;
    const clock = (): number => {
      if (reads % 2 === 1) now += durations[(reads - 1) / 2] ?? 0;
      reads += 1;
      return now;
    };
    const speed = measureCompiler(clock);
    expect(speed).toMatchObject({ lines: 1000, startUp: 7, first: 100, best: 1, median: 11 });
    expect(speed.runs).toBe(21);
    const text = compilerLines(speed, 'a host').join('\n');
    expect(text).toContain('(a host)');
    expect(text).toContain('met    11.0 of at most 100 ms in the median');
  });

  it('says when the target is missed', () => {
    const figures = { lines: 1, instructions: 1, startUp: 1, first: 1, best: 1, runs: 1 };
    expect(compilerLines({ ...figures, median: 100.1 }, '').at(-1)).toContain('MISSED 100.1');
  });
});
