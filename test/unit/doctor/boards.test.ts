import { describe, expect, test } from 'vitest';
import { boardLines } from '../../../src/cli/commands/boards.ts';
import { listBoards } from '../../../src/doctor/index.ts';
import { fakeMachine } from './fake-machine.ts';

describe('what is plugged in', () => {
  test('an ST-LINK with its serial port, who uses them, and a port of something else', async () => {
    const holder = { pid: 7, started: '1', command: 'bench nucleo', since: '03:00' };
    const seen = await listBoards(
      fakeMachine({
        lockHolder: () => Promise.resolve(holder),
        usersOf: (path) => Promise.resolve(path === '/dev/ttyACM0' ? ['pid 12 (picocom)'] : []),
      }),
    );
    expect(boardLines(seen)).toEqual([
      'STLINK-V3E, serial number 0031, USB id 0483:374e, USB place 1-4',
      '  serial port /dev/ttyACM0 (open in pid 12 (picocom))',
      '  in use by pid 7 (bench nucleo) since 03:00',
      '  COCKPIT_PROBE=0031 chooses it',
      'serial port /dev/ttyUSB0, USB id 1a86:7523, serial number none',
    ]);
  });

  test('nothing, and a machine that does not tell', async () => {
    const none = { stLinks: () => Promise.resolve([]), serialPorts: () => Promise.resolve([]) };
    expect(boardLines(await listBoards(fakeMachine(none)))).toEqual(['no ST-LINK is plugged in']);
    const mute = {
      stLinks: () => Promise.resolve(undefined),
      serialPorts: () => Promise.resolve(undefined),
    };
    expect(boardLines(await listBoards(fakeMachine(mute)))).toEqual([
      'this machine does not list its USB devices (is it a container?)',
    ]);
  });
});
