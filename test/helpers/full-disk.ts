import { join } from 'node:path';
import { execa } from 'execa';
import { temporaryFolder } from './folder.ts';
import { repositoryPath } from './paths.ts';

/** The host's, as in the native builds. */
const COMPILER = 'gcc';
const WARNINGS = ['-Wall', '-Wextra', '-Werror'];

/** Runs a command whose disk is full for a folder. */
export interface FullDisk {
  /** The environment of the command. @param bytes what still fits into each file */
  readonly env: (folder: string, bytes: number) => Record<string, string>;
  /** Where the library notes what it has refused. */
  readonly log: string;
}

/** Builds the library that refuses what is written, test/helpers/full-disk.c. */
export async function buildFullDisk(): Promise<FullDisk> {
  const library = join(await temporaryFolder(), 'full-disk.so');
  const log = `${library}.log`;
  const source = repositoryPath('test', 'helpers', 'full-disk.c');
  await execa(COMPILER, ['-shared', '-fPIC', '-O1', ...WARNINGS, '-o', library, source]);
  return {
    env: (folder, bytes) => ({
      LD_PRELOAD: library,
      FULL_DISK_FOLDER: folder,
      FULL_DISK_BYTES: String(bytes),
      FULL_DISK_LOG: log,
    }),
    log,
  };
}
