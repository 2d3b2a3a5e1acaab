import { readdir, readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { SerialPort } from 'serialport';
import { errorText, HilError } from '../errors/index.ts';
import { withDeadline } from '../process/index.ts';

async function list(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).sort();
  } catch {
    return [];
  }
}

/** Bounds the list: udevadm, which serialport asks, reads a few hundred files of /sys in about 50 ms. */
const LIST_TIMEOUT_MS = 3000;

/** A serial port of this machine. */
export interface PortInfo {
  readonly path: string;
  /** Vendor and product id in hexadecimal, `0483:374e`; undefined when it is no USB device. */
  readonly usb: string | undefined;
  readonly serialNumber: string | undefined;
}

/** The serial ports of this machine, pseudo-terminals left out. @throws when the machine can't list them */
export async function listPorts(): Promise<PortInfo[]> {
  const ports = await withDeadline(SerialPort.list(), LIST_TIMEOUT_MS, 'the list of serial ports');
  return ports.map(({ path, vendorId, productId, serialNumber }) => ({
    path,
    usb: vendorId && productId ? `${vendorId}:${productId}`.toLowerCase() : undefined,
    serialNumber,
  }));
}

/** Serial ports that a board may be behind. */
export async function portCandidates(): Promise<string[]> {
  try {
    return (await listPorts()).filter(({ usb }) => usb !== undefined).map(({ path }) => path);
  } catch {
    // A machine without udev, a container for instance.
    const names = await list('/dev');
    return names.filter((name) => /^tty(ACM|USB)\d+$/.test(name)).map((name) => `/dev/${name}`);
  }
}

/**
 * The path of the one serial port with a USB id.
 * @param usb vendor and product id in hexadecimal, such as `0483:374e` (the virtual port of an ST-LINK V3E)
 * @param serialNumber of that USB device; any when left out
 * @throws HilError (rig) when there is none, or more than one
 */
export async function findSerialPort(usb: string, serialNumber?: string): Promise<string> {
  let ports: PortInfo[];
  try {
    ports = await listPorts();
  } catch (error) {
    throw new HilError(
      'rig',
      `cannot look for serial port ${usb}: ${errorText(error)}`,
      'name the port itself in the bench file, such as /dev/ttyACM0',
      { cause: error },
    );
  }
  return oneOf(usb, ports, serialNumber).path;
}

/** The one port with that USB id, and serial number where one is given. */
export function oneOf(usb: string, ports: readonly PortInfo[], serialNumber?: string): PortInfo {
  const alike = ports.filter((port) => port.usb === usb.toLowerCase());
  const matches =
    serialNumber === undefined
      ? alike
      : alike.filter((port) => port.serialNumber?.toLowerCase() === serialNumber.toLowerCase());
  const [port] = matches;
  if (port === undefined && alike.length > 0) {
    const seen = alike.map(
      (other) => `${other.path} (${other.serialNumber ?? 'no serial number'})`,
    );
    throw new HilError(
      'rig',
      `no serial port belongs to the probe ${serialNumber ?? ''}; with the USB id ${usb}: ${seen.join(', ')}`,
      'correct the probe in the bench file, or name the port itself',
    );
  }
  if (port === undefined) {
    const others = ports.filter((other) => other.usb !== undefined);
    const seen = others.map((other) => `${other.path} (${other.usb ?? ''})`).join(', ');
    throw new HilError(
      'rig',
      `no serial port has the USB id ${usb}; present: ${seen === '' ? 'none' : seen}`,
      'connect the board, or name its port in the bench file',
    );
  }
  if (matches.length > 1) {
    const which = matches.map(
      ({ path, serialNumber }) => `${path} (${serialNumber ?? 'no serial number'})`,
    );
    throw new HilError(
      'rig',
      `${matches.length} serial ports have the USB id ${usb}: ${which.join(', ')}`,
      'name one of them in the bench file',
    );
  }
  return port;
}

/** The processes that have a device open, as "pid 12 (picocom)", as far as this user may see them (proc(5)). */
export async function portUsers(device: string): Promise<string[]> {
  const users: string[] = [];
  for (const pid of await list('/proc')) {
    if (!/^\d+$/.test(pid) || Number(pid) === process.pid) continue;
    if (await hasOpen(pid, device)) users.push(`pid ${pid} (${await commandOf(pid)})`);
  }
  return users;
}

async function hasOpen(pid: string, device: string): Promise<boolean> {
  const folder = join('/proc', pid, 'fd');
  for (const fd of await list(folder)) {
    try {
      if ((await readlink(join(folder, fd))) === device) return true;
    } catch {
      // Closed meanwhile.
    }
  }
  return false;
}

async function commandOf(pid: string): Promise<string> {
  try {
    return (await readFile(join('/proc', pid, 'comm'), 'utf8')).trim();
  } catch {
    return 'ended meanwhile';
  }
}
