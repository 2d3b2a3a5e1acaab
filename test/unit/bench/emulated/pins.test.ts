import { expect, it } from 'vitest';
import { EmulatedPins, type GpioPin } from '../../../../src/bench/emulated/pins.ts';
import type { PinEdge } from '../../../../src/bench/pins.ts';

const LED = 13;
const BUTTON = 22;
const MAP = new Map<number, GpioPin>([
  [LED, { port: 'A', bit: 5 }],
  [BUTTON, { port: 'C', bit: 13 }],
]);

/** An emulator with a table of input data registers; it records what it is told. */
async function open(map: ReadonlyMap<number, GpioPin> = MAP) {
  const calls: string[] = [];
  const idr = new Map<number, number>();
  let report: (line: number, level: 0 | 1) => void = () => undefined;
  const pins = await EmulatedPins.open(
    {
      interceptInputs: (device) => {
        calls.push(`watch ${device}`);
        return Promise.resolve();
      },
      onIrq: (listener) => {
        report = listener;
        return () => undefined;
      },
      readValue: (address) => Promise.resolve(idr.get(address) ?? 0),
      setInput: (device, line, level) => {
        calls.push(`${device} ${line}=${level}`);
        return Promise.resolve();
      },
    },
    {
      execute: (command, args) => {
        calls.push(`${command} ${JSON.stringify(args)}`);
        return Promise.resolve(undefined);
      },
    },
    map,
  );
  const edges: PinEdge[] = [];
  const stop = pins.onEdge((edge) => edges.push(edge));
  return {
    pins,
    calls,
    idr,
    edges,
    stop,
    report: (line: number, level: 0 | 1) => {
      report(line, level);
    },
  };
}

it('reports changes of mapped pins by their logical number, until told not to', async () => {
  const { edges, stop, report } = await open();
  report(5, 1);
  report(2 * 16 + 13, 1);
  report(6, 1);
  expect(edges.map(({ pin, level }) => [pin, level])).toEqual([
    [LED, 1],
    [BUTTON, 1],
  ]);
  stop();
  report(5, 0);
  expect(edges).toHaveLength(2);
});

it('drives and releases pins of the right port', async () => {
  const { pins, calls } = await open();
  await pins.drive(BUTTON, 1);
  await pins.release(BUTTON);
  expect(calls.slice(1)).toEqual([
    '/machine/soc/gpioc 13=1',
    'qom-set {"path":"/machine/soc/gpioc","property":"disconnected-pins","value":8192}',
  ]);
});

it('reads the level at the input data register of the port', async () => {
  const { pins, idr } = await open();
  idr.set(0x4800_0810, 1 << 13);
  expect([await pins.read(BUTTON), await pins.read(LED)]).toEqual([1, 0]);
});

it('drives pins again after a reset, and reports outputs that fell', async () => {
  const { pins, calls, idr, report } = await open();
  await pins.drive(BUTTON, 1);
  report(2 * 16 + 13, 1);
  idr.set(0x4800_0810, 1 << 13);
  report(5, 1);
  calls.length = 0;
  await pins.afterReset();
  expect(calls).toEqual(['/machine/soc/gpioc 13=1', '/machine/soc 5=0']);
});

it('leaves released pins alone after a reset', async () => {
  const { pins, calls } = await open();
  await pins.drive(BUTTON, 1);
  await pins.release(BUTTON);
  calls.length = 0;
  await pins.afterReset();
  expect(calls).toEqual([]);
});

it('names a pin that the board does not have', async () => {
  const { pins } = await open();
  await expect(pins.drive(99, 1)).rejects.toThrow('no pin 99');
  await expect(open(new Map([[1, { port: 'A', bit: 16 }]]))).rejects.toThrow('bit 16');
});
