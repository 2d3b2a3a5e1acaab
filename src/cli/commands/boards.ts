import { listBoards, THIS_MACHINE, type BoardsSeen, type PortSeen } from '../../doctor/index.ts';
import { printable } from '../../report/index.ts';
import type { CliContext } from '../context.ts';

function portText({ path, users }: PortSeen): string {
  return users.length === 0 ? path : `${path} (open in ${users.join(', ')})`;
}

/** What is plugged in, as text. */
export function boardLines({ usbListed, probes, otherPorts }: BoardsSeen): string[] {
  const lines = probes.flatMap(({ kind, usb, serial, place, ports, holder }) => [
    `${kind}, serial number ${serial ?? 'none'}, USB id ${usb}, USB place ${place}`,
    `  serial port ${ports.length === 0 ? 'none of its own' : ports.map(portText).join(', ')}`,
    ...(holder === undefined
      ? []
      : [`  in use by pid ${holder.pid} (${holder.command}) since ${holder.since}`]),
    ...(serial === undefined ? [] : [`  COCKPIT_PROBE=${serial} chooses it`]),
  ]);
  for (const port of otherPorts) {
    const { usb = 'no USB id', serial = 'none' } = port;
    lines.push(`serial port ${portText(port)}, USB id ${usb}, serial number ${serial}`);
  }
  if (!usbListed) {
    lines.push('this machine does not list its USB devices (is it a container?)');
  } else if (probes.length === 0) {
    lines.push('no ST-LINK is plugged in');
  }
  return lines.map(printable);
}

/** `boards`: lists the ST-LINKs and serial ports that are plugged in. */
export async function boardsCommand(
  context: CliContext,
  options: { json?: true },
): Promise<number> {
  const seen = await listBoards(THIS_MACHINE);
  if (options.json === true) context.out(JSON.stringify(seen, null, 2));
  else for (const line of boardLines(seen)) context.out(line);
  return 0;
}
