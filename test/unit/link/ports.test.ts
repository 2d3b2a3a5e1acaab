import { describe, expect, it } from 'vitest';
import { oneOf } from '../../../src/link/ports.ts';

const port = (path: string, usb?: string, serialNumber?: string) => ({ path, usb, serialNumber });

describe('the serial port with a USB id', () => {
  it('is found among others, in either case', () => {
    const ports = [
      port('/dev/ttyS0'),
      port('/dev/ttyACM0', '0483:374e'),
      port('/dev/ttyUSB0', '1a86:7523'),
    ];
    expect(oneOf('0483:374E', ports).path).toBe('/dev/ttyACM0');
  });

  it('is missed by name, with what is there', () => {
    expect(() =>
      oneOf('0483:374e', [port('/dev/ttyS0'), port('/dev/ttyUSB0', '1a86:7523')]),
    ).toThrow('no serial port has the USB id 0483:374e; present: /dev/ttyUSB0 (1a86:7523)');
    expect(() => oneOf('0483:374e', [])).toThrow('present: none');
  });

  it('is not guessed when there are two', () => {
    const ports = [port('/dev/ttyACM0', '0483:374e', '0027'), port('/dev/ttyACM1', '0483:374e')];
    expect(() => oneOf('0483:374e', ports)).toThrow(
      '2 serial ports have the USB id 0483:374e: /dev/ttyACM0 (0027), /dev/ttyACM1 (no serial number)',
    );
  });

  it('is the one that belongs to the probe, when its serial number is known', () => {
    const ports = [
      port('/dev/ttyACM0', '0483:374e', '0027'),
      port('/dev/ttyACM1', '0483:374e', '002A'),
    ];
    expect(oneOf('0483:374e', ports, '002a').path).toBe('/dev/ttyACM1');
    expect(() => oneOf('0483:374e', ports, '0033')).toThrow(
      'no serial port belongs to the probe 0033; with the USB id 0483:374e: /dev/ttyACM0 (0027), /dev/ttyACM1 (002A)',
    );
  });
});
