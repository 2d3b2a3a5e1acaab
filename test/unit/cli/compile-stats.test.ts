import { describe, expect, it } from 'vitest';
import { statsLines } from '../../../src/cli/commands/compile-stats.ts';
import { compile } from '../../../src/compiler/index.ts';

function stats(source: string): string[] {
  const result = compile(source, 'stats.ino');
  if (!result.ok) throw new Error('the sketch does not compile');
  return statsLines(result.program);
}

describe('compile --stats', () => {
  it('shows sizes, the stack with its calls, and every function', () => {
    const source = `
      int total;
      int samples[8];
      byte flags[64];
      void wait(int ms) { delay(ms); }
      void blink(int pin, int ms) { digitalWrite(pin, HIGH); wait(ms + 1); }
      void unused() { printf("twelve bytes"); }
      void setup() { int a = 3; blink(13, a); }
      void loop() { total += samples[0] + flags[1]; printf("%d", total); }`;
    expect(stats(source)).toEqual([
      'instructions  34 of 65535',
      'strings       2, 14 bytes',
      'globals       1 of 64',
      'arrays        2 of 16, 72 words: samples[8], flags[64]',
      'stack         5 of 128 words: setup > blink',
      'frames        3 of 24: setup > blink > wait',
      '',
      'function  instructions       stack',
      '(start)              7           1',
      'wait                 2           1',
      'blink                7           4',
      'unused               2  not called',
      'setup                5           3',
      'loop                11           3',
    ]);
  });

  it('says that recursion has no bound', () => {
    const source = 'int f(int n) { return n ? f(n - 1) : 0; } int main() { f(3); }';
    expect(stats(source).slice(0, 6)).toEqual([
      'instructions  17 of 65535',
      'strings       0',
      'globals       0 of 64',
      'arrays        0 of 16',
      'stack         unbounded by the recursion f > f; without it 3 of 128 words: main > f',
      'frames        unbounded by the recursion f > f; without it 2 of 24: main > f',
    ]);
  });
});
