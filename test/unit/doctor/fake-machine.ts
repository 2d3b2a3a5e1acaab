import type { Machine } from '../../../src/doctor/index.ts';

const VERSIONS: Readonly<Record<string, string>> = {
  openocd: 'Open On-Chip Debugger 0.12.0',
  'gdb-multiarch': 'GNU gdb (Debian 13.1-3) 13.1',
  'qemu-system-arm': 'QEMU emulator version 10.0.2 (Debian 1:10.0.2)',
  readelf: 'GNU readelf (GNU Binutils for Debian) 2.40',
  setpriv: 'setpriv from util-linux 2.38.1',
  'arm-none-eabi-gcc': 'arm-none-eabi-gcc (15:12.2.rel1-1) 12.2.1 20221205',
};

/** A machine with everything that a run on a real board needs, and an ordinary user. */
export function fakeMachine(change: Partial<Machine> = {}): Machine {
  return {
    version: (program) => Promise.resolve(VERSIONS[program]),
    stLinks: () =>
      Promise.resolve([
        {
          ...{ kind: 'STLINK-V3E', usb: '0483:374e', serial: '0031', place: '1-4' },
          device: '/dev/bus/usb/001/012',
        },
      ]),
    serialPorts: () =>
      Promise.resolve([
        { path: '/dev/ttyUSB0', usb: '1a86:7523', serialNumber: undefined },
        { path: '/dev/ttyACM0', usb: '0483:374e', serialNumber: '0031' },
      ]),
    barrier: () => Promise.resolve(undefined),
    usersOf: () => Promise.resolve([]),
    lockHolder: () => Promise.resolve(undefined),
    groups: () => Promise.resolve({ names: ['user', 'plugdev', 'dialout'], root: false }),
    text: (path) =>
      Promise.resolve(
        path === '/usr/lib/udev/rules.d/60-openocd.rules'
          ? '# "0483"\nATTRS{idVendor}=="0483", ATTRS{idProduct}=="374e", GROUP="plugdev"\n'
          : undefined,
      ),
    freeBytes: () => Promise.resolve(50 * 1024 ** 3),
    temporary: '/tmp',
    ...change,
  };
}
