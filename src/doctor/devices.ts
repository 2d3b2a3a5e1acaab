import { chooseProbe, probeLock, type BenchFile } from '../bench/index.ts';
import { HilError } from '../errors/index.ts';
import { oneOf, type PortInfo } from '../link/index.ts';
import type { StLink } from '../probe/index.ts';
import { fail, ok, warn, type Check } from './check.ts';
import type { Machine } from './machine.ts';
import { checkGroups, checkUdevRule } from './rights.ts';

type NucleoBenchFile = Extract<BenchFile, { kind: 'nucleo' }>;

/** An error as a check that has failed. */
export function failed(name: string, error: unknown): Check {
  if (!(error instanceof HilError)) throw error;
  return fail(name, error.message, error.fix === '' ? 'see the log' : error.fix);
}

async function checkProbe(link: StLink, machine: Machine): Promise<Check[]> {
  const { kind, usb, serial, device, place } = link;
  const name = 'probe';
  const what = `${kind} ${serial ?? 'without serial number'} at USB ${place}`;
  const checks: Check[] = [];
  const barrier = device === undefined ? undefined : await machine.barrier(device);
  checks.push(
    barrier === undefined
      ? ok(name, what)
      : fail(
          name,
          `${what}: this user may not open ${device ?? ''} (${barrier})`,
          'see the udev rule and the group plugdev, then replug the board',
        ),
  );
  checks.push(await checkUdevRule(usb.slice(5), machine));
  const holder = serial === undefined ? undefined : await machine.lockHolder(probeLock(serial));
  if (holder !== undefined) {
    checks.push(
      fail(
        'probe lock',
        `pid ${holder.pid} (${holder.command}) has it since ${holder.since}`,
        `wait for that run to end, or kill ${holder.pid}`,
      ),
    );
  }
  return checks;
}

async function checkPort(path: string, machine: Machine): Promise<Check> {
  const name = 'serial port';
  const barrier = await machine.barrier(path);
  if (barrier === 'ENOENT') {
    return fail(name, `there is no ${path}`, 'plug the board in, or correct COCKPIT_SERIAL');
  }
  if (barrier !== undefined) {
    return fail(
      name,
      `this user may not open ${path} (${barrier})`,
      'sudo usermod -aG dialout "$USER", then log in again',
    );
  }
  const users = await machine.usersOf(path);
  if (users.length === 0) return ok(name, `${path}, and nobody has it open`);
  return fail(name, `${path} is open in ${users.join(', ')}`, 'end that program');
}

/** Which port the bench means, by its own word or by the probe it belongs to. */
function portOf(
  { serial: { port, usb } }: NucleoBenchFile,
  probe: string | undefined,
  ports: readonly PortInfo[] | undefined,
): string | undefined {
  if (port !== 'auto') return port;
  return ports === undefined ? undefined : oneOf(usb, ports, probe).path;
}

/** What a real board needs of the machine before anything is opened. */
export async function checkDevices(bench: NucleoBenchFile, machine: Machine): Promise<Check[]> {
  const checks = await checkGroups(machine);
  const links = await machine.stLinks();
  let serial: string | undefined;
  if (links === undefined) {
    checks.push(warn('probe', 'this machine does not list its USB devices, as in a container'));
  }
  try {
    serial = chooseProbe(bench.probe.serial, links);
    const link = links?.find((one) => one.serial === serial) ?? links?.[0];
    if (link !== undefined) checks.push(...(await checkProbe(link, machine)));
  } catch (error) {
    checks.push(failed('probe', error));
  }
  try {
    const path = portOf(bench, serial, await machine.serialPorts());
    checks.push(
      path === undefined
        ? warn(
            'serial port',
            'this machine does not list its serial ports, as in a container',
            'name the port: export COCKPIT_SERIAL=/dev/ttyACM0',
          )
        : await checkPort(path, machine),
    );
  } catch (error) {
    checks.push(failed('serial port', error));
  }
  return checks;
}
