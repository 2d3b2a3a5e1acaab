import { describe, expect, it } from 'vitest';
import { loadBoard } from '../../../src/bench/index.ts';
import { messages } from './support.ts';

describe('warnings', () => {
  const warnings = (body: string): string[] =>
    messages(`int v;\nvoid main() {\n${body}\n}`).map((text) => text.split('\n')[0] ?? '');

  it.each([
    ['byte b = 300;', 'test.ino:3:10: warning: 300 does not fit into byte and becomes 44'],
    ['v = v / 0;', 'test.ino:3:7: warning: division by zero: the VM will stop here with error 6'],
    ['if (v = 1) { }', 'test.ino:3:7: warning: an assignment as a condition'],
    ['v == 3;', 'test.ino:3:1: warning: this statement has no effect'],
    [
      'delay(-1);',
      'test.ino:3:7: warning: a delay cannot be negative: the VM will stop here with error 12',
    ],
    [
      'v = analogRead(13);',
      'test.ino:3:16: warning: pin 13 (D13) has no analog input: the VM will stop here with error 9',
    ],
    [
      'analogWrite(A0, 9);',
      'test.ino:3:13: warning: pin 16 (A0) has neither PWM nor DAC: the VM will stop here with error 9',
    ],
    ...['pinMode(23, OUTPUT);', 'digitalWrite(23, HIGH);', 'analogWrite(23, 1);'].map(
      (call): [string, string] => [
        call,
        `test.ino:3:${call.indexOf('(') + 2}: warning: there is no pin 23: the VM will stop here with error 12`,
      ],
    ),
    [
      'v = digitalRead(-1);',
      'test.ino:3:17: warning: there is no pin -1: the VM will stop here with error 12',
    ],
    [
      'v = buttonPressed(1);',
      'test.ino:3:19: warning: there is no button 1: the VM will stop here with error 12',
    ],
    ['v = analogRead(A5) + digitalRead(USER_BTN) + buttonReleased(0);', undefined],
    ['v = 13; analogWrite(A2, analogRead(v));', undefined],
    ['while (v = 2) { v--; }', 'test.ino:3:10: warning: an assignment as a condition'],
    ['v + 1, v * 2;', 'test.ino:3:1: warning: this statement has no effect'],
    ['v && v > 2;', 'test.ino:3:1: warning: this statement has no effect'],
    ['v ? v : 3;', 'test.ino:3:1: warning: this statement has no effect'],
    ['digitalRead(2);', 'test.ino:3:1: warning: the value of this call is not used'],
    ['for (;;) { break; v = 1; }', 'test.ino:3:19: warning: this is never reached'],
    ['if (v < 0) ; else v = 1;', "test.ino:3:12: warning: this ';' is all that the 'if' controls"],
    [
      'for (int i = 0; i < 3; i++);\n{ v = 1; }',
      "test.ino:3:28: warning: this ';' is all that the 'for' controls",
    ],
    ['if (millis() < 0) v = 1;', 'test.ino:3:14: warning: an unsigned value is never < 0'],
    ['bool b = v == 1 < 2;', undefined],
    ['if ((v = 2)) { v = 1; }', undefined],
    ['while ((v = v - 1) > 0) { }', undefined],
    ['while (digitalRead(1));\nv = 1;', undefined],
    ['for (;;) { return; ; }', undefined],
    ['switch (v) { case 1: return; break; case 2: v = 1; }', undefined],
    ['v++, v--;', undefined],
    ['v && (v = 3);', undefined],
  ])('%s', (body, expected) => {
    expect(warnings(body)).toEqual(expected === undefined ? [] : [expected]);
  });

  it('know of each pin what the board file says of it', async () => {
    const { pins, aliases } = await loadBoard('nucleo_g474re');
    for (const { pin, name, adc, pwm, dac } of pins) {
      expect(warnings(`v = analogRead(${pin});`), name).toHaveLength(adc === undefined ? 1 : 0);
      const drives = pwm !== undefined || dac !== undefined;
      expect(warnings(`analogWrite(${pin}, 1);`), name).toHaveLength(drives ? 0 : 1);
      expect(warnings(`pinMode(${pin}, OUTPUT);`), name).toEqual([]);
    }
    for (const [name, pin] of Object.entries({ ...aliases, A0: 16, A5: 21 })) {
      expect(warnings(`bool same[${name} == ${pin} ? 1 : -1];`), name).toEqual([]);
    }
  });

  it('tell what to write of another board’s numbers of analog inputs', () => {
    expect(messages('int v;\nvoid main() { v = analogRead(3); }')[0]).toContain('write A3');
    expect(messages('int v;\nvoid main() { v = analogRead(9); }')[0]).toContain(
      'the analog inputs: A0 A1 A2 A3 A4 A5',
    );
  });

  it('are limited in number, and do not hide errors', () => {
    const source = `int v;\nvoid main() {\n${'v;\n'.repeat(300)}oops();\n}`;
    const found = messages(source).map((text) => text.split('\n')[0] ?? '');
    expect(found).toHaveLength(102);
    expect(found[100]).toBe('test.ino:103:1: warning: more than 100 warnings');
    expect(found[101]).toBe("test.ino:303:1: error: there is no function 'oops'");
  });

  it('are left out on a line with an error, of which they may be a consequence', () => {
    expect(warnings('v; oops();')).toEqual(["test.ino:3:4: error: there is no function 'oops'"]);
  });

  it('names a function that may end without a result', () => {
    const found = messages('int f(int x) { if (x) return 1; }\nvoid main() { f(1); }');
    expect(found[0]).toContain("test.ino:1:33: warning: 'f' can end without returning a value");
    expect(
      messages('int f(int x) { if (x) return 1; else return 2; }\nvoid main() { f(1); }'),
    ).toEqual([]);
  });
});
