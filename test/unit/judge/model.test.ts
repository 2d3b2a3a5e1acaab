import { describe, expect, it } from 'vitest';
import { runOnModel, type ModelResult, type Sketch } from '../../../src/judge/index.ts';

const run = (source: string, own: Partial<Sketch> = {}): ModelResult =>
  runOnModel({ name: 'a.ino', source, rounds: 1, inputs: 0, ...own });

function eventsOf(result: ModelResult): readonly string[] {
  if (result.kind !== 'ran') throw new Error(JSON.stringify(result));
  return result.behaviour.events;
}

describe('a sketch on the reference model', () => {
  it('shows each request in order, outputs read back what was written', () => {
    const source = `void setup() {
      pinMode(4, OUTPUT); digitalWrite(4, 7); analogWrite(3, 200); delay(20);
      printf("%d", digitalRead(4)); printf("%d", digitalRead(5)); printf("%d", analogRead(A0));
    }
    void loop() { printf("%d", buttonPressed(0)); printf("%u", millis()); printf("%u", micros()); }`;
    expect(eventsOf(run(source, { rounds: 2 }))).toEqual([
      ...['pinMode 4 1', 'digitalWrite 4 1', 'analogWrite 3 200', 'delay 20'],
      ...['digitalRead 4 = 1', 'print 1', 'digitalRead 5 = 0', 'print 0'],
      ...['analogRead 16 = 0', 'print 0', 'button 0 = 0', 'print 0'],
      // Asking for the time takes 100 us in a quiet world.
      ...['millis = 20', 'print 20', 'micros = 20200', 'print 20200'],
      ...['button 0 = 0', 'print 0', 'millis = 20', 'print 20', 'micros = 20400', 'print 20400'],
    ]);
  });

  it('has inputs that follow from their number alone', () => {
    const source =
      'void main() { for (int i = 0; i < 50; i++) { digitalRead(2); analogRead(A1); } }';
    const first = eventsOf(run(source, { inputs: 5 }));
    expect(eventsOf(run(source, { inputs: 5 }))).toEqual(first);
    expect(eventsOf(run(source, { inputs: 6 }))).not.toEqual(first);
    expect(new Set(first).size).toBeGreaterThan(20);
  });

  it('ends as often as it is told', () => {
    const source = 'int n; void setup() { } void loop() { printf("%d", n++); }';
    expect(eventsOf(run(source, { rounds: 3 }))).toEqual(['print 0', 'print 1', 'print 2']);
  });

  it.each([
    {
      source: 'int zero; void main() {\n printf("%d", 5 / zero); }',
      end: 'stopped with error 6 (DIVISION_BY_ZERO) in line 2',
    },
    { source: 'void main() { for (;;) ; }', end: 'not ended after 400000 instructions' },
    { source: 'void main() { for (;;) delay(1); }', end: 'too many events' },
  ])('says what ended it: $end', ({ source, end }) => {
    expect(run(source)).toMatchObject({ kind: 'ran', behaviour: { end } });
  });

  it('counts the instructions that were executed', () => {
    const result = run('int yes = 1; void main() { if (yes) delay(1); else delay(2); }');
    if (result.kind !== 'ran') throw new Error('refused');
    expect(result.reached).toBeGreaterThan(3);
    expect(result.reached).toBeLessThan(result.size);
  });

  it('tells a wrong program from one that is too large', () => {
    expect(run('void main() { delay(x); }')).toEqual({
      kind: 'refused',
      messages: [expect.stringContaining("a.ino:1:21: error: 'x' is not declared")],
    });
    const arrays = Array.from({ length: 17 }, (_, at) => `int a${at}[2];`).join(' ');
    expect(run(`${arrays} void main() { }`)).toEqual({ kind: 'limit', what: 'more than N arrays' });
    expect(run(`${arrays} void main() { x; }`)).toMatchObject({ kind: 'refused' });
    const endless = 'int f(int n) { return n + f(n + 1); } void main() { printf("%d", f(0)); }';
    expect(run(endless)).toEqual({ kind: 'limit', what: 'stack overflow' });
  });
});
