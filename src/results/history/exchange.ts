import { once } from 'node:events';
import { createReadStream, createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { finished } from 'node:stream/promises';
import { z } from 'zod';
import { errorText, HilError } from '../../errors/index.ts';
import { parseAnyRecord } from '../result-view.ts';
import { costsDocument } from './costs.ts';
import type { History } from './history.ts';

/** The first line of an export. */
const head = z.object({ schema: z.literal('cockpit-hil/history'), version: z.literal(1) });

/** What an import did. */
export interface Imported {
  readonly added: number;
  /** Were in the history already. */
  readonly known: number;
}

/** The lines of an export, one at a time: all records at once may be too much for the memory. */
function* lines(history: History): Generator<string> {
  yield JSON.stringify({ schema: 'cockpit-hil/history', version: 1 });
  for (const document of history.documents()) yield JSON.stringify(document);
  for (const key of history.keys()) yield JSON.stringify(history.record({ key }));
}

/**
 * Writes the history as JSON, one document a line: a head, measurements, and the records as the runs wrote them.
 * @returns the number of records and measurements
 * @throws HilError (rig) when the file can't be written; it is whole or not there
 */
export async function exportHistory(history: History, path: string): Promise<number> {
  const partial = `${path}.${process.pid}.partial`;
  try {
    const out = createWriteStream(partial);
    const done = finished(out);
    // Whoever awaits it first hears of a failure; none is lost, and none comes without a listener.
    done.catch(() => undefined);
    let count = -1;
    for (const line of lines(history)) {
      count += 1;
      if (!out.write(`${line}\n`)) await Promise.race([once(out, 'drain'), done]);
    }
    out.end();
    await done;
    await rename(partial, path);
    return count;
  } catch (error) {
    await rm(partial, { force: true });
    if (error instanceof HilError) throw error;
    throw new HilError('rig', `cannot write ${path}: ${errorText(error)}`, 'name another file');
  }
}

function parseLine(text: string, where: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new HilError('usage', `${where} is not JSON`, 'give a file that history --export wrote');
  }
}

function take(history: History, json: unknown, where: string): boolean {
  const costs = costsDocument.safeParse(json);
  return costs.success ? history.addCosts(costs.data) : history.add(parseAnyRecord(json, where));
}

/**
 * Takes in what another history exported. What is there already stays as it is.
 * @throws HilError (usage) for a file that is no export, naming the line; what came before that line is in the history
 */
export async function importHistory(history: History, path: string): Promise<Imported> {
  const input = createReadStream(path, 'utf8');
  const counts = { added: 0, known: 0 };
  let number = 0;
  try {
    for await (const text of createInterface({ input, crlfDelay: Infinity })) {
      number += 1;
      const where = `line ${number} of ${path}`;
      const json = parseLine(text, where);
      if (number > 1) counts[take(history, json, where) ? 'added' : 'known'] += 1;
      else if (!head.safeParse(json).success) {
        const what = `${path} is no export of a history`;
        throw new HilError('usage', what, 'give a file that history --export wrote');
      }
    }
  } catch (error) {
    if (error instanceof HilError) throw error;
    throw new HilError('usage', `cannot read ${path}: ${errorText(error)}`, 'check the path');
  }
  if (number > 0) return counts;
  throw new HilError('usage', `${path} is empty`, 'give a file that history --export wrote');
}
