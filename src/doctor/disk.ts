import { errorText } from '../errors/index.ts';
import { fail, ok, warn, type Check } from './check.ts';
import type { Machine } from './machine.ts';

const MIB = 1024 * 1024;
/** A nightly of some hundred cases writes records, logs and reports of some 10 MiB; ten of them. */
const ENOUGH = 100 * MIB;
/** One. */
const LEAST = 10 * MIB;

async function checkFolder(name: string, folder: string, machine: Machine): Promise<Check> {
  const fix = `free some space in the file system of ${folder}`;
  try {
    const free = await machine.freeBytes(folder);
    const found = `${Math.floor(free / MIB)} MiB free in ${folder}`;
    if (free < LEAST) return fail(name, found, fix);
    if (free < ENOUGH) return warn(name, found, fix);
    const barrier = await machine.barrier(folder);
    if (barrier === undefined) return ok(name, found);
    return fail(name, `cannot write to ${folder}: ${barrier}`, 'run in a folder of your own');
  } catch (error) {
    return fail(name, `cannot look at ${folder}: ${errorText(error)}`, 'check the folder');
  }
}

/** Space for what runs leave behind, and for their temporary files. @param folder where results go */
export async function checkDisk(folder: string, machine: Machine): Promise<Check[]> {
  return [
    await checkFolder('disk, results', folder, machine),
    await checkFolder('disk, temporary', machine.temporary, machine),
  ];
}
