import { describe, expect, test } from 'vitest';
import { checkChip, checkSameChip, readChip } from '../../../src/bench/chip.ts';
import { chooseProbe } from '../../../src/bench/choose-probe.ts';
import type { StLink } from '../../../src/probe/index.ts';

const UID = '0100010001454d5547343734';
const G474 = { idcode: 0x2001_6469, deviceId: 0x469, revisionId: 0x2001 };
const board = { id: 'nucleo_g474re', mcu: 'STM32G474RET6' };

const link = (serial: string | undefined, place = '1-4'): StLink => ({
  ...{ kind: 'STLINK-V3E', usb: '0483:374e', serial, place, device: undefined },
});

describe('which probe a bench means', () => {
  test('`any` is the only one, by its number', () => {
    expect(chooseProbe('any', [link('0031')])).toBe('0031');
  });

  test('two boards plugged in are refused, and both are named', () => {
    expect(() => chooseProbe('any', [link('0031', '1-4'), link('0032', '2-1')])).toThrow(
      "2 ST-LINKs are plugged in, and the bench file doesn't say which: 0031 (STLINK-V3E, USB 1-4), 0032 (STLINK-V3E, USB 2-1)",
    );
  });

  test('a named one is taken, however many there are, and missed when it is not there', () => {
    const links = [link('0031'), link('0032')];
    expect(chooseProbe('0032', links)).toBe('0032');
    expect(() => chooseProbe('0033', links)).toThrow(
      'no ST-LINK has the serial number 0033; plugged in: 0031 (STLINK-V3E, USB 1-4), 0032 (STLINK-V3E, USB 1-4)',
    );
  });

  test('none is plugged in', () => {
    expect(() => chooseProbe('any', [])).toThrow('no ST-LINK is plugged in');
    expect(() => chooseProbe('0031', [])).toThrow('no ST-LINK is plugged in');
  });

  test('a number that is no text, and a machine that does not tell, are left to OpenOCD', () => {
    expect(chooseProbe('any', [link('W\u00bf\u0012')])).toBeUndefined();
    expect(chooseProbe('any', [link(undefined)])).toBeUndefined();
    expect(chooseProbe('any', undefined)).toBeUndefined();
    expect(chooseProbe('0031', undefined)).toBe('0031');
  });
});

describe('which chip it is', () => {
  test('is read over SWD as the agent writes it', async () => {
    const reads: unknown[] = [];
    const chip = await readChip({
      mcuId: () => Promise.resolve(G474),
      readMemory: (address, length) => {
        reads.push([address, length]);
        return Promise.resolve(Buffer.from(UID, 'hex'));
      },
    });
    expect(chip).toEqual({ mcu: G474, uid: UID });
    // Three words at the address of RM0440 48.1.
    expect(reads).toEqual([[0x1fff_7590, 12]]);
  });

  test('the right chip passes, and any number when the bench names none', () => {
    expect(() => {
      checkChip({ mcu: G474, uid: UID }, { board, uid: undefined });
      checkChip({ mcu: G474, uid: UID }, { board, uid: UID });
    }).not.toThrow();
  });

  test('another family is refused before anything is flashed', () => {
    const f407 = { idcode: 0x1007_6413, deviceId: 0x413, revisionId: 0x1007 };
    const check = (): void => {
      checkChip({ mcu: f407, uid: UID }, { board, uid: undefined });
    };
    expect(check).toThrow(
      'the chip behind the probe has device id 0x413; board nucleo_g474re has an STM32G474RET6, 0x469',
    );
  });

  test('another board of the same kind is refused by its number', () => {
    const other = 'f'.repeat(24);
    const check = (): void => {
      checkChip({ mcu: G474, uid: UID }, { board, uid: other });
    };
    expect(check).toThrow(`has the unique number ${UID}; the bench file names ${other}`);
  });

  test('a line and a probe of two boards are found out', async () => {
    const probed = { uid: UID };
    await expect(checkSameChip(UID, () => Promise.resolve(probed))).resolves.toBeUndefined();
    await expect(checkSameChip('1'.repeat(24), () => Promise.resolve(probed))).rejects.toThrow(
      `the serial line leads to a board with the unique number ${'1'.repeat(24)}, the probe to one with ${UID}`,
    );
  });

  test('an agent on an emulated processor knows of no number', async () => {
    const never = () => Promise.reject(new Error('the probe was asked'));
    await expect(checkSameChip('0'.repeat(24), never)).resolves.toBeUndefined();
  });
});
