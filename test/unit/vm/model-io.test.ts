import { describe, expect, it, vi } from 'vitest';
import { HilError } from '../../../src/errors/index.ts';
import { createModelIo, type ModelIoOptions } from '../../../src/vm/index.ts';

const plain = { adc: false, pwm: false, dac: false };

/** Pins 0 plain, 1 PWM, 2 DAC, 3 ADC; 4 has no pin; 5 plain. One button. */
function setup(options: Partial<ModelIoOptions> = {}) {
  const outputs: [number, number][] = [];
  const inputs = vi.fn<(port: number) => number>(() => 1);
  const io = createModelIo({
    pins: [
      plain,
      { ...plain, pwm: true },
      { ...plain, dac: true },
      { ...plain, adc: true },
      undefined,
      plain,
    ],
    buttons: 1,
    clock: 'virtual',
    executed: () => 0,
    inputs,
    onOutput: (port, value) => outputs.push([port, value]),
    ...options,
  });
  return { io, inputs, outputs, out: { value: NaN } };
}

describe('pins of the model', () => {
  it('are those of the table', () => {
    const { io, out, outputs, inputs } = setup();
    for (const pin of [-1, 4, 6, 256, -2_147_483_648]) {
      expect(io.pinMode(pin, 1)).toBe(12);
      expect(io.digitalWrite(pin, 1)).toBe(12);
      expect(io.digitalRead(pin, out)).toBe(12);
      expect(io.analogWrite(pin, 1)).toBe(12);
      expect(io.analogRead(pin, out)).toBe(12);
    }
    expect(outputs).toEqual([]);
    expect(inputs).not.toHaveBeenCalled();
    expect(out.value).toBeNaN();
  });

  it('are written only as OUTPUT', () => {
    const { io, outputs } = setup();
    expect(io.digitalWrite(5, 1)).toBe(9);
    for (const mode of [0, 2, 3]) {
      io.pinMode(5, mode);
      expect(io.digitalWrite(5, 1)).toBe(9);
    }
    io.pinMode(5, 1);
    outputs.length = 0;
    expect(io.digitalWrite(5, 1)).toBe(0);
    expect(io.digitalWrite(0, 1)).toBe(9);
    expect(outputs).toEqual([[5, 1]]);
  });

  it('become INPUT when read unconfigured, and keep any other mode', () => {
    const { io, out, inputs } = setup();
    expect([io.digitalRead(5, out), out.value]).toEqual([0, 1]);
    expect(inputs).toHaveBeenCalledExactlyOnceWith(5);
    expect(io.modeOf(5)).toBe(0);
    for (const mode of [1, 2, 3]) {
      io.pinMode(5, mode);
      io.digitalRead(5, out);
      expect(io.modeOf(5)).toBe(mode);
    }
  });

  it('do analog what they can', () => {
    const { io, out, outputs, inputs } = setup();
    inputs.mockReturnValue(4095);
    expect([0, 1, 2, 3].map((pin) => io.analogWrite(pin, 200))).toEqual([9, 0, 0, 9]);
    expect([0, 1, 2, 3].map((pin) => io.analogRead(pin, out))).toEqual([9, 9, 9, 0]);
    expect(out.value).toBe(4095);
    expect(outputs).toEqual([
      [0x101, 200],
      [0x102, 200],
    ]);
    expect(inputs).toHaveBeenCalledExactlyOnceWith(0x103);
    expect([0, 1, 2, 3].map((pin) => io.modeOf(pin))).toEqual(Array(4).fill(undefined));
  });

  it('are unconfigured after a reset', () => {
    const { io } = setup();
    io.pinMode(5, 1);
    io.reset();
    expect([io.modeOf(5), io.digitalWrite(5, 1)]).toEqual([undefined, 9]);
  });
});

describe('buttons of the model', () => {
  it('are numbered from 0', () => {
    const { io, out, inputs } = setup();
    expect([io.button(0, out), out.value]).toEqual([0, 1]);
    expect(inputs).toHaveBeenCalledExactlyOnceWith(0x300);
    expect([io.button(1, out), io.button(-1, out)]).toEqual([12, 12]);
  });
});

describe('the virtual clock', () => {
  function clockAfter(executed: number, ...delays: number[]): [number, number] {
    const { io } = setup({ executed: () => executed });
    for (const ms of delays) expect(io.delay(ms)).toBe(0);
    const [millis, micros] = [{ value: NaN }, { value: NaN }];
    expect([io.millis(millis), io.micros(micros)]).toEqual([0, 0]);
    return [millis.value, micros.value];
  }

  it.each<[number, number[], number, number]>([
    [0, [], 0, 0],
    [999, [], 0, 999],
    [1000, [], 1, 1000],
    [7, [100, 0, 50], 150, 150_007],
    [1999, [5], 6, 6999],
    // micros wraps at 2^32 µs = 4,294,967,296: 4,294,967 ms + 296 µs.
    [296, [4_294_967], 4_294_967, 0],
    [295, [4_294_967], 4_294_967, 4_294_967_295],
    // millis wraps at 2^32 ms = 2 * 2,147,483,647 + 2.
    [1000, [2_147_483_647, 2_147_483_647, 1], 0, 0],
    [0, [2_147_483_647, 2_147_483_647, 1], 4_294_967_295, 4_294_966_296],
    // 2^33 instructions: 8,589,934 ms and 592 µs.
    [8_589_934_592, [], 8_589_934, 0],
  ])('after %i instructions and delays %j: %i ms, %i µs', (executed, delays, millis, micros) => {
    expect(clockAfter(executed, ...delays)).toEqual([millis, micros]);
  });

  it('asks for no input, starts again at reset, and tells the whole time', () => {
    const { io, inputs, out } = setup({ executed: () => 3 });
    io.delay(2_147_483_647);
    io.delay(2_147_483_647);
    io.delay(2_147_483_647);
    expect(io.elapsedUs()).toBe(6_442_450_941_003);
    io.reset();
    io.micros(out);
    expect([out.value, io.elapsedUs()]).toEqual([3, 3]);
    expect(inputs).not.toHaveBeenCalled();
  });
});

describe('the real clock', () => {
  it('takes the times it is given, as u32 or the same as int32', () => {
    const { io, inputs, out } = setup({ clock: 'real' });
    io.delay(1000);
    inputs.mockReturnValue(-1);
    expect([io.millis(out), out.value]).toEqual([0, 0xffff_ffff]);
    inputs.mockReturnValue(0x8000_0000);
    expect([io.micros(out), out.value]).toEqual([0, 0x8000_0000]);
    expect(inputs.mock.calls).toEqual([[0x401], [0x402]]);
  });
});

describe('what comes and goes', () => {
  it('is reported', () => {
    const texts: Uint8Array[] = [];
    const { io, outputs } = setup({ onPrint: (text) => texts.push(text) });
    io.pinMode(5, 1);
    io.delay(7);
    io.print(Uint8Array.of(1, 2));
    expect(outputs).toEqual([
      [0x205, 1],
      [0x400, 7],
    ]);
    expect(texts).toEqual([Uint8Array.of(1, 2)]);
  });

  it.each([2, -1, 0.5, NaN])(
    'an input of %d that no pin can have is an error of the harness',
    (value) => {
      const { io, inputs, out } = setup();
      inputs.mockReturnValue(value);
      expect(() => io.digitalRead(5, out)).toThrow(HilError);
      expect(() => io.button(0, out)).toThrow(HilError);
    },
  );

  it('an input beyond the ADC is an error of the harness', () => {
    const { io, inputs, out } = setup();
    inputs.mockReturnValue(4096);
    expect(() => io.analogRead(3, out)).toThrow(/4096/);
  });
});
