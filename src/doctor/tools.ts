import type { BenchFile } from '../bench/index.ts';
import { fail, ok, warn, type Check } from './check.ts';
import type { Machine } from './machine.ts';

type Kind = BenchFile['kind'];

/** A program that the harness starts, and from which version on it works. */
interface Tool {
  readonly program: string;
  /** Debian's package. */
  readonly debian: string;
  /** Major and minor. */
  readonly least: readonly [number, number];
  readonly neededBy: readonly Kind[];
}

const TOOLS: readonly Tool[] = [
  { program: 'openocd', debian: 'openocd', least: [0, 12], neededBy: ['nucleo', 'emulated'] },
  {
    program: 'gdb-multiarch',
    debian: 'gdb-multiarch',
    least: [9, 0],
    neededBy: ['nucleo', 'emulated'],
  },
  // The machine b-l475e-iot01a has its serial ports from 9.1 on.
  {
    program: 'qemu-system-arm',
    debian: 'qemu-system-arm',
    least: [9, 1],
    neededBy: ['emulated'],
  },
  {
    program: 'readelf',
    debian: 'binutils',
    least: [2, 0],
    neededBy: ['nucleo', 'emulated', 'native'],
  },
  {
    program: 'setpriv',
    debian: 'util-linux',
    least: [2, 0],
    neededBy: ['nucleo', 'emulated', 'native'],
  },
  // Only to build firmware.
  { program: 'arm-none-eabi-gcc', debian: 'gcc-arm-none-eabi', least: [8, 0], neededBy: [] },
];

/** Node runs the sources directly, and `await using`, from 24 on. */
const LEAST_NODE: readonly [number, number] = [24, 0];

/** The first `major.minor…` in what a program says of itself, as text and as numbers. */
export function readVersion(
  text: string,
): { readonly text: string; readonly numbers: readonly [number, number] } | undefined {
  const match = /(\d+)\.(\d+)[\w.]*/.exec(text);
  if (match === null) return undefined;
  return { text: match[0], numbers: [Number(match[1]), Number(match[2])] };
}

const atLeast = ([major, minor]: readonly [number, number], least: readonly [number, number]) =>
  major > least[0] || (major === least[0] && minor >= least[1]);

/** One tool. @param kind the bench in question; every kind when left out */
async function checkTool(tool: Tool, kind: Kind | undefined, machine: Machine): Promise<Check> {
  const { program, debian, least, neededBy } = tool;
  const needed = kind === undefined ? neededBy.length > 0 : neededBy.includes(kind);
  const trouble = needed ? fail : warn;
  const fix = `sudo apt-get install ${debian}, or ./scripts/setup`;
  const said = await machine.version(program);
  if (said === undefined) return trouble(program, 'is not installed', fix);
  const version = readVersion(said);
  if (version === undefined) return warn(program, 'does not tell its version', fix);
  if (atLeast(version.numbers, least)) return ok(program, version.text);
  return trouble(program, `${version.text}; ${least.join('.')} or newer is needed`, fix);
}

/** The programs that a bench needs and, as warnings, the others. */
export async function checkTools(
  kind: Kind | undefined,
  machine: Machine,
  node: string,
): Promise<Check[]> {
  const own = readVersion(node);
  const nodeCheck =
    own !== undefined && atLeast(own.numbers, LEAST_NODE)
      ? ok('node', own.text)
      : fail('node', `${node}; 24 or newer is needed`, './scripts/setup brings one');
  return [nodeCheck, ...(await Promise.all(TOOLS.map((tool) => checkTool(tool, kind, machine))))];
}
