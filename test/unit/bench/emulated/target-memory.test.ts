import { beforeEach, expect, it } from 'vitest';
import { wordAt, wordBytes } from '../../../../src/bench/emulated/bytes.ts';
import { FlashController } from '../../../../src/bench/emulated/flash-controller.ts';
import { FlashStore } from '../../../../src/bench/emulated/flash-store.ts';
import { TargetMemory } from '../../../../src/bench/emulated/target-memory.ts';

/** What reached the emulator's bus and the core's registers. */
let calls: string[];
let memory: TargetMemory;

beforeEach(() => {
  calls = [];
  const note = <T>(text: string, value: T): Promise<T> => {
    calls.push(text);
    return Promise.resolve(value);
  };
  const store = new FlashStore({
    read: (_, length) => Promise.resolve(new Uint8Array(length).fill(0xff)),
    write: (address, bytes) => note(`flash ${address.toString(16)} ${bytes.length}`, undefined),
  });
  memory = new TargetMemory({
    qtest: {
      readMemory: (address, length) =>
        note(`memory ${address.toString(16)} ${length}`, new Uint8Array(length)),
      writeMemory: (address, bytes) =>
        note(`write ${address.toString(16)} ${bytes.length}`, undefined),
      readValue: (address, size) => note(`value ${address.toString(16)} ${size}`, 0x12),
      writeValue: (address, size, value) =>
        note(`set ${address.toString(16)} ${size} ${value.toString(16)}`, undefined),
    },
    core: {
      readWord: (address) => note(`core ${address.toString(16)}`, 0x99),
      writeWord: (address, value) =>
        note(`core ${address.toString(16)} ${value.toString(16)}`, undefined),
    },
    flash: new FlashController(store),
    store,
  });
});

it.each([
  ['SRAM', 0x2000_0000, 'memory 20000000 8'],
  ['the end of SRAM', 0x2001_7ff8, 'memory 20017ff8 8'],
  ['CCM SRAM', 0x1000_0000, 'memory 10000000 8'],
  ['CCM SRAM by its alias', 0x2001_8000, 'memory 10000000 8'],
  ['flash', 0x0800_0000, 'memory 8000000 8'],
  ['the end of flash', 0x0807_fff8, 'memory 807fff8 8'],
  ['flash by its alias', 0x0000_0000, 'memory 0 8'],
])('reads %s', async (_, address, call) => {
  expect(await memory.read(address, 8, 4)).toHaveLength(8);
  expect(calls).toEqual([call]);
});

it.each([
  ['behind flash', 0x0808_0000],
  ['across the end of flash', 0x0807_fffc],
  ['behind SRAM', 0x2002_0000],
  ['behind CCM SRAM', 0x1000_8000],
  ['between the regions', 0x3000_0000],
  ['external memory', 0x6000_0000],
  ['the top of the address space', 0xffff_fff8],
])('is a bus fault %s', async (_, address) => {
  expect(await memory.read(address, 8, 4)).toBe('fault');
  expect(await memory.write(address, new Uint8Array(8), 4)).toBe('fault');
  expect(calls).toEqual([]);
});

it('accesses peripherals with the size asked for', async () => {
  expect(await memory.read(0x4800_0010, 4, 2)).toEqual(Uint8Array.of(0x12, 0, 0x12, 0));
  expect(await memory.write(0x4800_0018, Uint8Array.of(1, 2, 3, 4), 4)).toBe('ok');
  expect(calls).toEqual(['value 48000010 2', 'value 48000012 2', 'set 48000018 4 4030201']);
});

it('gives debug registers to the core and other system registers to the emulator', async () => {
  await memory.read(0xe000_edf0, 4, 4);
  await memory.read(0xe000_ed00, 4, 4);
  await memory.write(0xe000_2008, wordBytes(5), 4);
  expect(calls).toEqual(['core e000edf0', 'value e000ed00 4', 'core e0002008 5']);
});

it('knows what ST programs at the factory', async () => {
  const size = await memory.read(0x1fff_75e0, 2, 2);
  expect(size).toEqual(Uint8Array.of(0x00, 0x02));
  const uid = await memory.read(0x1fff_7590, 12, 4);
  expect(uid === 'fault' ? 0 : wordAt(uid, 0)).not.toBe(0);
  expect(await memory.read(0x1fff_7000, 4, 4)).toEqual(Uint8Array.of(255, 255, 255, 255));
});

it('has the flash controller at its place, and keeps the emulator out of it', async () => {
  const control = await memory.read(0x4002_2014, 4, 4);
  expect(control === 'fault' ? 0 : wordAt(control, 0)).toBe(0xc000_0000);
  expect(await memory.write(0x4002_2008, wordBytes(0xbad), 4)).toBe('fault');
  expect(calls).toEqual([]);
});

it('brings programmed words into the emulator before flash is read', async () => {
  await memory.write(0x4002_2008, wordBytes(0x4567_0123), 4);
  await memory.write(0x4002_2008, wordBytes(0xcdef_89ab), 4);
  await memory.write(0x4002_2014, wordBytes(1), 4);
  await memory.write(0x0800_0100, wordBytes(1, 2), 4);
  expect(calls).toEqual([]);
  await memory.read(0x0800_0100, 8, 4);
  expect(calls).toEqual(['flash 8000100 8', 'memory 8000100 8']);
});
