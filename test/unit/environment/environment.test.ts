import { chmod, mkdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, describe, expect, it, vi } from 'vitest';
import {
  commitOf,
  commitsOf,
  gitState,
  sourceHashes,
  toolVersions,
} from '../../../src/environment/index.ts';
import { temporaryFolder } from '../../helpers/folder.ts';

afterEach(() => {
  vi.unstubAllEnvs();
});

/** A folder with what the hashes are taken over. */
async function sources(): Promise<string> {
  const root = await temporaryFolder();
  for (const folder of ['src/isa', 'src/image', 'src/vm', 'src/compiler', 'firmware/vm']) {
    await mkdir(join(root, folder), { recursive: true });
    await writeFile(join(root, folder, 'a.ts'), folder);
  }
  return root;
}

describe('hashes of the sources', () => {
  it('change with the part whose file changed, and with no other', async () => {
    const root = await sources();
    const before = await sourceHashes(root);
    expect(before?.model).toMatch(/^[0-9a-f]{64}$/);
    expect(await sourceHashes(`${root}/`)).toEqual(before);
    await writeFile(join(root, 'firmware/vm/a.ts'), 'else');
    const after = await sourceHashes(root);
    expect(after).toEqual({ ...before, firmware: after?.firmware });
    expect(after?.firmware).not.toBe(before?.firmware);
    await writeFile(join(root, 'src/isa/a.ts'), 'else');
    const both = await sourceHashes(root);
    expect(both?.model).not.toBe(after?.model);
    expect(both?.compiler).not.toBe(after?.compiler);
    expect(both?.firmware).toBe(after?.firmware);
  });

  it('tell where a file ends and the next begins', async () => {
    const [one, other] = [await sources(), await sources()];
    await writeFile(join(one, 'firmware/vm/b'), 'xfirmware/vm/c\0y');
    await writeFile(join(other, 'firmware/vm/b'), 'x');
    await writeFile(join(other, 'firmware/vm/c'), 'y');
    expect((await sourceHashes(one))?.firmware).not.toBe((await sourceHashes(other))?.firmware);
  });

  it('are unknown where there are no sources', async () => {
    expect(await sourceHashes(await temporaryFolder())).toBeUndefined();
  });
});

/** git in a folder, as somebody. */
const gitIn =
  (root: string) =>
  (...args: string[]) =>
    execa('git', ['-C', root, '-c', 'user.name=x', '-c', 'user.email=x@localhost', ...args]);

describe('names of commits', () => {
  it('are what git takes them for, and nothing else', async () => {
    const root = await temporaryFolder();
    const git = gitIn(root);
    await git('init', '--quiet', '--initial-branch=main');
    for (const text of ['first', 'second'])
      await git('commit', '--quiet', '--allow-empty', '-m', text);
    const [second, first] = (await git('rev-list', 'main')).stdout.split('\n');
    expect(await commitOf(root, 'main')).toBe(second);
    expect(await commitOf(root, 'main~1')).toBe(first);
    expect(await commitOf(root, first?.slice(0, 8) ?? '')).toBe(first);
    expect(await commitOf(root, 'none')).toBeUndefined();
    expect(await commitOf(root, '--all')).toBeUndefined();
    expect(await commitsOf(root, 'main')).toEqual([second, first]);
    expect(await commitsOf(root, 'none')).toBeUndefined();
    expect(await commitOf(await temporaryFolder(), 'main')).toBeUndefined();
  });
});

describe('the commit', () => {
  it('is told with whether files differ from it', async () => {
    const root = await temporaryFolder();
    const git = gitIn(root);
    expect(await gitState(root)).toBeUndefined();
    await git('init', '--quiet');
    await writeFile(join(root, 'file'), 'text');
    await git('add', 'file');
    await git('commit', '--quiet', '-m', 'first');
    const { stdout: commit } = await git('rev-parse', 'HEAD');
    expect(await gitState(root)).toEqual({ commit, dirty: false });
    await writeFile(join(root, 'other'), 'text');
    expect(await gitState(root)).toEqual({ commit, dirty: true });
  });
});

describe('versions of tools', () => {
  it('are asked once for each file', async () => {
    const folder = await temporaryFolder();
    const tool = join(folder, 'openocd');
    const asked = join(folder, 'asked');
    const install = async (version: string): Promise<void> => {
      const script = `#!/bin/sh\necho x >>'${asked}'\necho 'Open On-Chip Debugger ${version}' >&2\n`;
      await writeFile(tool, script);
      await chmod(tool, 0o755);
    };
    const times = async () => (await readFile(asked, 'utf8')).length / 2;
    await install('0.12.0');
    vi.stubEnv('PATH', folder);
    const cache = join(folder, 'deeper', 'cache.json');
    expect(await toolVersions(cache)).toEqual({ openocd: '0.12.0' });
    expect(await toolVersions(cache)).toEqual({ openocd: '0.12.0' });
    expect(await times()).toBe(1);
    await install('0.13.0');
    await utimes(tool, 1, 1);
    expect(await toolVersions(cache)).toEqual({ openocd: '0.13.0' });
    expect(await times()).toBe(2);
    await writeFile(cache, 'damaged');
    expect(await toolVersions(cache)).toEqual({ openocd: '0.13.0' });
  });

  it('leave out what is not installed or says nothing', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'openocd'), '#!/bin/sh\nexit 1\n');
    await chmod(join(folder, 'openocd'), 0o755);
    vi.stubEnv('PATH', folder);
    expect(await toolVersions(join(folder, 'cache.json'))).toEqual({});
  });
});
