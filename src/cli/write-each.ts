import { HilError } from '../errors/index.ts';

/** What came of writing some files. */
export interface Written {
  /** Those that are there now. */
  readonly written: readonly string[];
  /** Why another is not; undefined when all are. */
  readonly failure: HilError | undefined;
}

/** Writes files one after another, and goes on when one can't be written: what is shown afterwards names those that are there. */
export async function writeEach(
  paths: readonly string[],
  write: (path: string) => Promise<void>,
): Promise<Written> {
  const written: string[] = [];
  let failure: HilError | undefined;
  for (const path of paths) {
    try {
      await write(path);
      written.push(path);
    } catch (error) {
      if (!(error instanceof HilError)) throw error;
      failure ??= error;
    }
  }
  return { written, failure };
}
