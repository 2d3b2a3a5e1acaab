import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openSerial } from '../../../src/link/index.ts';
import { openError } from '../../../src/link/serial.ts';

describe('a port that cannot be opened', () => {
  it('because it does not exist', async () => {
    await expect(openSerial({ path: '/dev/no-such-port', baud: 115_200 })).rejects.toMatchObject({
      causeClass: 'rig',
      message: 'no serial port /dev/no-such-port',
      fix: expect.stringMatching(/^(connect the board|use one of)/) as string,
    });
  });

  it('because it is a file', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'cockpit-serial-'));
    try {
      const path = join(folder, 'file');
      await writeFile(path, '');
      await expect(openSerial({ path, baud: 115_200 })).rejects.toMatchObject({
        causeClass: 'rig',
        message: `${path} is not a serial port`,
      });
      // The lock of the failed attempt is free again.
      await expect(openSerial({ path, baud: 115_200 })).rejects.toMatchObject({
        message: `${path} is not a serial port`,
      });
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it.each([
    [
      'Error: Permission denied, cannot open /dev/x',
      'no permission to open the serial port /dev/x',
      /dialout/,
    ],
    [
      'Error Resource temporarily unavailable Cannot lock port',
      'serial port /dev/x is in use by another program',
      /end/,
    ],
    [
      'Error: Is a directory, cannot open /dev/x',
      '/dev/x is not a serial port',
      /name a serial device/,
    ],
    [
      'Error: something new',
      'cannot open the serial port /dev/x at 115200 baud: something new',
      /^$/,
    ],
  ])('with "%s"', async (text, message, fix) => {
    const error = await openError('/dev/x', '/dev/x', 115_200, new Error(text));
    expect(error.causeClass).toBe('rig');
    expect(error.message).toBe(message);
    expect(error.fix).toMatch(fix);
  });
});
