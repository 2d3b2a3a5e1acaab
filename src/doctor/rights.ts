import { fail, ok, warn, type Check } from './check.ts';
import type { Machine } from './machine.ts';

/** Rules that let a user open an ST-LINK: OpenOCD's own, or those of this project. */
const RULES = [
  '/etc/udev/rules.d/60-cockpit-hil.rules',
  '/etc/udev/rules.d/60-openocd.rules',
  '/usr/lib/udev/rules.d/60-openocd.rules',
  '/lib/udev/rules.d/60-openocd.rules',
];
/** What both groups are for. */
const GROUPS = { plugdev: 'the debug probe', dialout: 'the serial line' } as const;

const INSTALL_RULES =
  'sudo cp scripts/60-cockpit-hil.rules /etc/udev/rules.d/ && sudo udevadm control --reload-rules, then replug the board';

/** Whether a rule matches a product, alone or as one of several: `"374e"`, `"374b|374e"`. Comments don't count. */
function names(rules: string, product: string): boolean {
  const lines = rules.split('\n').filter((line) => !line.trimStart().startsWith('#'));
  return lines.some((line) => new RegExp(`["|]${product}["|]`, 'i').test(line));
}

/** Whether a udev rule names a USB product, so that plugging it in gives it to a group. */
export async function checkUdevRule(product: string, machine: Machine): Promise<Check> {
  for (const file of RULES) {
    const text = await machine.text(file);
    if (text !== undefined && names(text, product)) return ok('udev rule', file);
  }
  return fail('udev rule', `no rule names the ST-LINK 0483:${product}`, INSTALL_RULES);
}

/** Whether this user is in the groups that devices are given to. */
export async function checkGroups(machine: Machine): Promise<Check[]> {
  const { names, root } = await machine.groups();
  return Object.entries(GROUPS).map(([group, what]) => {
    if (names.includes(group)) return ok(`group ${group}`, `this user is in it: ${what}`);
    if (root) {
      return warn(`group ${group}`, 'not needed by root', 'run as an ordinary user of that group');
    }
    return fail(
      `group ${group}`,
      `this user is not in it, which ${what} needs`,
      `sudo usermod -aG ${group} "$USER", then log in again`,
    );
  });
}
