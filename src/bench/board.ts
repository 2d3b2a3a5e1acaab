import { readdir } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { z } from 'zod';
import { HilError, nearest } from '../errors/index.ts';
import { readYamlFile } from './yaml-file.ts';

/** The project's folder of bench and board files. */
export const CONFIG_FOLDER = resolve(import.meta.dirname, '../../hil-config');

/** A port pin such as `PC13`. The G474 has ports A..G (RM0440 2.2, GPIOA at 0x48000000, 0x400 bytes each). */
const portPin = z
  .string()
  .regex(/^P[A-G](\d|1[0-5])$/, 'must be a port pin PA0..PG15')
  .transform((text) => ({
    text,
    /** 0 = GPIOA. */
    port: text.charCodeAt(1) - 'A'.charCodeAt(0),
    bit: Number(text.slice(2)),
  }));

const pinSchema = z.strictObject({
  /** The number a sketch uses. */
  pin: z.int().min(0).max(254),
  name: z.string().regex(/^\w+$/),
  at: portPin,
  /** TIMx_CHy and the alternate function number that connects it (AFRL/AFRH). */
  pwm: z
    .strictObject({
      timer: z.int().min(1).max(20),
      channel: z.int().min(1).max(4),
      af: z.int().min(0).max(15),
    })
    .optional(),
  adc: z.strictObject({ unit: z.int().min(1).max(5), channel: z.int().min(0).max(18) }).optional(),
  dac: z.strictObject({ unit: z.int().min(1).max(4), channel: z.int().min(1).max(2) }).optional(),
});

const buttonSchema = z.strictObject({
  id: z.int().min(0).max(254),
  name: z.string().regex(/^\w+$/),
  /** A logical pin. */
  pin: z.int(),
  /** The level while pressed. */
  active: z.enum(['high', 'low']),
  pull: z.enum(['none', 'up', 'down']),
});

/** What a board file may say. */
export const boardSchema = z
  .strictObject({
    id: z.string().regex(/^[a-z]\w*$/),
    name: z.string(),
    mcu: z.string(),
    /** Port pins with a job of their own, and that job; no sketch may have them. */
    reserved: z.record(z.string(), z.string()),
    pins: z.array(pinSchema).min(1),
    aliases: z.record(z.string(), z.int()),
    buttons: z.array(buttonSchema),
  })
  .superRefine((board, context) => {
    const refuse = (path: PropertyKey[], message: string) => {
      context.addIssue({ code: 'custom', path, message });
    };
    for (const clash of clashes(board)) refuse(clash.path, clash.message);
    const known = new Set(board.pins.map((pin) => pin.pin));
    for (const [name, pin] of Object.entries(board.aliases)) {
      if (!known.has(pin))
        refuse(['aliases', name], `${name} names pin ${pin}, which is not listed`);
    }
    for (const [index, button] of board.buttons.entries()) {
      if (known.has(button.pin)) continue;
      refuse(
        ['buttons', index, 'pin'],
        `button ${button.name} names pin ${button.pin}, which is not listed`,
      );
    }
  });

/** A board: its pins by logical number, names for them, and its buttons. */
export type Board = z.output<typeof boardSchema>;
export type BoardPin = Board['pins'][number];
export type BoardButton = Board['buttons'][number];

interface Clash {
  readonly path: PropertyKey[];
  readonly message: string;
}

/** Everything that two entries may not share, and numbers that leave a gap in a table indexed by them. */
function* clashes(board: z.output<typeof boardSchema>): Generator<Clash> {
  const owners = new Map<string, string>();
  for (const [port, job] of Object.entries(board.reserved)) owners.set(`port pin ${port}`, job);
  for (const [index, pin] of board.pins.entries()) {
    const claims: [string, string][] = [
      ['pin', `logical pin ${pin.pin}`],
      ['name', `name ${pin.name}`],
      ['at', `port pin ${pin.at.text}`],
    ];
    if (pin.pwm) claims.push(['pwm', `timer channel TIM${pin.pwm.timer}_CH${pin.pwm.channel}`]);
    for (const [field, claim] of claims) {
      const owner = owners.get(claim);
      if (owner !== undefined) {
        yield { path: ['pins', index, field], message: `${claim} is taken by ${owner}` };
      }
      owners.set(claim, pin.name);
    }
    if (pin.pin !== index) {
      yield {
        path: ['pins', index, 'pin'],
        message: `pin ${pin.pin} stands where ${index} belongs`,
      };
    }
  }
  for (const [index, button] of board.buttons.entries()) {
    if (button.id === index) continue;
    yield {
      path: ['buttons', index, 'id'],
      message: `id ${button.id} stands where ${index} belongs`,
    };
  }
}

/**
 * The file that a name or a path means. A name is looked up among a folder's `.yaml` files; anything with a slash or a
 * `.yaml` ending is a path.
 * @throws HilError (usage) listing what there is
 */
export async function configFile(
  what: string,
  nameOrPath: string,
  folder: string,
): Promise<string> {
  if (nameOrPath.includes('/') || nameOrPath.endsWith('.yaml')) return resolve(nameOrPath);
  const names = (await readdir(folder).catch(() => []))
    .filter((file) => file.endsWith('.yaml'))
    .map((file) => basename(file, '.yaml'))
    .sort();
  if (names.includes(nameOrPath)) return join(folder, `${nameOrPath}.yaml`);
  const near = nearest(nameOrPath, names);
  const hint = near === undefined ? '' : `; did you mean "${near}"?`;
  throw new HilError(
    'usage',
    `there is no ${what} "${nameOrPath}"${hint}`,
    `use one of: ${names.join(', ')}`,
  );
}

/**
 * Loads a board by id (`nucleo_g474re`) or by path.
 * @throws HilError (usage): no such board, or `file:line:` and what is wrong there
 */
export async function loadBoard(
  idOrPath: string,
  folder: string = join(CONFIG_FOLDER, 'boards'),
): Promise<Board> {
  return readYamlFile(await configFile('board', idOrPath, folder), boardSchema);
}
