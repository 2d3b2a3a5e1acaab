import { capture } from '../process/index.ts';

/** Time for one question to git: about 10 ms in this repository, more when the disk is cold. */
const GIT_MS = 5000;

async function ask(folder: string, ...args: string[]): Promise<string | undefined> {
  try {
    const { code, stdout } = await capture('git', ['-C', folder, ...args], GIT_MS);
    return code === 0 ? stdout.trim() : undefined;
  } catch {
    return undefined;
  }
}

/** The commit that is checked out in a folder, and whether files differ from it; undefined without git or a checkout. */
export async function gitState(
  folder: string,
): Promise<{ commit: string; dirty: boolean } | undefined> {
  const [commit, changes] = await Promise.all([
    ask(folder, 'rev-parse', 'HEAD'),
    ask(folder, '--no-optional-locks', 'status', '--porcelain'),
  ]);
  if (commit === undefined || changes === undefined) return undefined;
  return { commit, dirty: changes !== '' };
}

/** The commit that a branch, tag or other name stands for; undefined when it stands for none. */
export function commitOf(folder: string, name: string): Promise<string | undefined> {
  // What begins with a dash would be an option.
  if (name.startsWith('-')) return Promise.resolve(undefined);
  return ask(folder, 'rev-parse', '--verify', '--quiet', `${name}^{commit}`);
}

/** Commits looked at for the last run on a branch that passed: more than anybody has runs of. */
const COMMITS = 5000;

/** The newest commits of a branch, newest first; undefined when there is no such branch. */
export async function commitsOf(folder: string, branch: string): Promise<string[] | undefined> {
  const commit = await commitOf(folder, branch);
  if (commit === undefined) return undefined;
  return (await ask(folder, 'rev-list', `--max-count=${COMMITS}`, commit))?.split('\n');
}
