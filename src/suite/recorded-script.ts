import { PORTS } from '../isa/index.ts';
import { HilError } from '../errors/index.ts';
import {
  readRunRecord,
  type InputScript,
  type PortScript,
  type RunRecord,
} from '../results/index.ts';
import { encodeInputScript, MOST_VALUES, readScript } from './input-script.ts';
import { SCRIPT_ROOM } from './input-server.ts';
import { missingInput, type Inputs } from './known-ports.ts';

/** A script that gives a program what it read in a recorded run, or why there is none. */
export type RecordedScript = { readonly script: InputScript } | { readonly why: string };

const isClock = (port: number): boolean => port === PORTS.MILLIS || port === PORTS.MICROS;

/** Without those at the end that are as the one before them: the last value stays. */
function shortened(values: readonly number[]): number[] {
  const changed = values.findLastIndex((value, index) => value !== values[index - 1]);
  return values.slice(0, changed + 1);
}

/** Makes the inputs of a recorded run a script; what was read of the clock is left out, since a board's clock is its own. */
export function scriptOfRecord({ programs, scripted }: RunRecord): RecordedScript {
  if (scripted !== undefined) return { script: scripted.script };
  const [only, other] = programs;
  if (only === undefined || other !== undefined)
    return { why: 'several programs ran, and there is one script for all of them' };
  const values = new Map<number, number[]>();
  for (const [, port, value] of only.inputs) {
    if (isClock(port)) continue;
    const all = values.get(port);
    if (all === undefined) values.set(port, [value]);
    else all.push(value);
  }
  if (values.size === 0) return { why: 'nothing was read but the clock' };
  const ports = [...values].map(([port, all]): PortScript => ({
    kind: 'values',
    port,
    values: shortened(all),
    then: 'last',
  }));
  for (const entry of ports) {
    if (entry.kind === 'values' && entry.values.length > MOST_VALUES)
      return {
        why: `one port was read ${entry.values.length} times before its last change, and a script holds ${MOST_VALUES}`,
      };
  }
  const { length } = encodeInputScript({ ports });
  if (length > SCRIPT_ROOM)
    return { why: `a script of it has ${length} bytes, and a board room for ${SCRIPT_ROOM}` };
  return { script: { ports } };
}

/**
 * Reads what `--inputs` names: `seed:N`, a file, or the run of `record:FILE`.
 * @param boards have every pin and button that the script names
 * @throws HilError (usage) saying what is wrong, and in which line
 */
export async function readInputScript(
  given: string,
  boards: readonly Inputs[],
): Promise<InputScript> {
  const path = /^record:(.+)$/.exec(given)?.[1];
  if (path === undefined) return readScript(given, boards);
  const found = scriptOfRecord(await readRunRecord(path));
  if ('why' in found)
    throw new HilError('usage', `${path} can't be made an input script: ${found.why}`);
  for (const { port } of found.script.ports) {
    const missing = missingInput(port & ~0xff, port & 0xff, boards);
    if (missing !== undefined)
      throw new HilError(
        'usage',
        `${path}: ${missing}`,
        'give the record of a run on such a board',
      );
  }
  return found.script;
}
