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
    // Reads come in pairs: 7 ms for the start-up, then runs of 100, 1, 2, 3 ... ms, of which the processor has half.
    const durations = [7, 100, ...Array.from({ length: 20 }, (_, index) => index + 1)];
    let now = 0;
    let reads = 0;
    const clock = (): { elapsed: number; processor: number } => {
      if (reads % 2 === 1) now += durations[(reads - 1) / 2] ?? 0;
      reads += 1;
      return { elapsed: now, processor: now / 2 };
    };
    const time = (elapsed: number) => ({ elapsed, processor: elapsed / 2 });
    const speed = measureCompiler(clock);
    expect(speed).toMatchObject({ lines: 1000, runs: 21, startUp: time(7), first: time(100) });
    expect(speed).toMatchObject({ best: time(1), median: time(11) });
    const text = compilerLines(speed, 'a host');
    expect(text[0]).toContain('(a host)');
    expect(text).toContain('median of 21 runs             11.0       5.5');
    expect(text.at(-1)).toBe('met    11.0 of at most 100 ms elapsed in the median');
  });

  it('says when the target is missed', () => {
    const quick = { elapsed: 1, processor: 1 };
    const median = { elapsed: 100.1, processor: 50 };
    const counts = { lines: 1, instructions: 1, runs: 1 };
    const lines = compilerLines(
      { ...counts, startUp: quick, first: quick, best: quick, median },
      '',
    );
    expect(lines.at(-1)).toContain('MISSED 100.1');
  });
});
