import { probeLock } from '../bench/index.ts';
import type { LockHolder } from '../process/index.ts';
import type { Machine } from './machine.ts';

/** A serial port, and who has it. */
export interface PortSeen {
  readonly path: string;
  readonly usb?: string;
  readonly serial?: string;
  /** `pid 12 (picocom)`. */
  readonly users: readonly string[];
}

/** An ST-LINK and the serial port that belongs to it. */
export interface ProbeSeen {
  readonly kind: string;
  readonly usb: string;
  readonly serial?: string;
  /** USB bus and ports. */
  readonly place: string;
  readonly ports: readonly PortSeen[];
  /** Who uses it by this harness. */
  readonly holder?: LockHolder;
}

/** What is plugged in. */
export interface BoardsSeen {
  /** Whether this machine lists its USB devices; a container may not. */
  readonly usbListed: boolean;
  readonly probes: readonly ProbeSeen[];
  /** Serial ports that belong to no ST-LINK. */
  readonly otherPorts: readonly PortSeen[];
}

/** Lists ST-LINKs and serial ports. */
export async function listBoards(machine: Machine): Promise<BoardsSeen> {
  const links = await machine.stLinks();
  const ports: PortSeen[] = [];
  for (const { path, usb, serialNumber } of (await machine.serialPorts()) ?? []) {
    ports.push({
      path,
      ...(usb === undefined ? {} : { usb }),
      ...(serialNumber === undefined ? {} : { serial: serialNumber }),
      users: await machine.usersOf(path),
    });
  }
  const probes: ProbeSeen[] = [];
  for (const { kind, usb, serial, place } of links ?? []) {
    const holder = serial === undefined ? undefined : await machine.lockHolder(probeLock(serial));
    probes.push({
      ...{ kind, usb, place },
      ...(serial === undefined ? {} : { serial }),
      ports: serial === undefined ? [] : ports.filter((port) => port.serial === serial),
      ...(holder === undefined ? {} : { holder }),
    });
  }
  const taken = new Set(probes.flatMap((probe) => probe.ports.map(({ path }) => path)));
  const otherPorts = ports.filter(({ path }) => !taken.has(path));
  return { usbListed: links !== undefined, probes, otherPorts };
}
