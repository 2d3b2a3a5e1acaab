import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Makes a folder and those above it. One by one, because Node's own way never ends where the kernel refuses, as below /proc. */
export async function makeFolder(folder: string): Promise<void> {
  const make = (): Promise<void> =>
    mkdir(folder).catch((error: unknown) => {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    });
  try {
    await make();
  } catch (error) {
    const above = dirname(folder);
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || above === folder) throw error;
    await makeFolder(above);
    await make();
  }
}

/** Writes a file whole or not at all, its folder included: what was there before stays until the new one is complete. */
export async function writeWhole(path: string, text: string): Promise<void> {
  const partial = `${path}.${process.pid}.partial`;
  await makeFolder(dirname(path));
  try {
    await writeFile(partial, text);
    await rename(partial, path);
  } catch (error) {
    // What a full disk took of it is of no use and takes room.
    await rm(partial, { force: true }).catch(() => undefined);
    throw error;
  }
}
