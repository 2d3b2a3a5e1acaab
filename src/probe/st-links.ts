import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Where Linux lists USB devices: a folder for each, with a file for each attribute (sysfs-bus-usb). */
const USB_DEVICES = '/sys/bus/usb/devices';

/**
 * ST-LINKs by USB product id, as OpenOCD's interface/stlink.cfg and stlink driver know them; all have vendor id 0483.
 */
const KINDS: Readonly<Record<string, string>> = {
  '3744': 'ST-LINK/V1',
  '3748': 'ST-LINK/V2',
  '374b': 'ST-LINK/V2-1',
  '374d': 'STLINK-V3 (loader)',
  '374e': 'STLINK-V3E',
  '374f': 'STLINK-V3S',
  '3752': 'ST-LINK/V2-1 without mass storage',
  '3753': 'STLINK-V3 with two serial ports',
  '3754': 'STLINK-V3 without mass storage',
};
const VENDOR = '0483';

/** An ST-LINK that is plugged in. */
export interface StLink {
  /** `STLINK-V3E`, by its USB id. */
  readonly kind: string;
  /** USB vendor and product id in hexadecimal, `0483:374e`. */
  readonly usb: string;
  /** USB serial number. */
  readonly serial: string | undefined;
  /** USB place: bus and ports, `1-4.2`. */
  readonly place: string;
  /** Device file that OpenOCD opens, `/dev/bus/usb/001/005`. */
  readonly device: string | undefined;
}

/**
 * The ST-LINKs that are plugged in, by place. Reads what every user may read.
 * @returns undefined on a machine that does not list its USB devices, a container for instance
 */
export async function listStLinks(folder = USB_DEVICES): Promise<StLink[] | undefined> {
  let places: string[];
  try {
    places = (await readdir(folder)).sort();
  } catch {
    return undefined;
  }
  const found: StLink[] = [];
  for (const place of places) {
    const read = async (name: string): Promise<string | undefined> => {
      const text = await readFile(join(folder, place, name), 'latin1').catch(() => undefined);
      return text?.trim();
    };
    const [vendor, product] = [await read('idVendor'), (await read('idProduct')) ?? ''];
    const kind = KINDS[product];
    if (vendor !== VENDOR || kind === undefined) continue;
    const [bus, number] = [await read('busnum'), await read('devnum')];
    const device =
      bus === undefined || number === undefined
        ? undefined
        : `/dev/bus/usb/${bus.padStart(3, '0')}/${number.padStart(3, '0')}`;
    found.push({ kind, usb: `${VENDOR}:${product}`, serial: await read('serial'), place, device });
  }
  return found;
}
