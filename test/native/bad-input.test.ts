import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { acquireLock, findExecutable } from '../../src/process/index.ts';
import { cockpitHil } from '../helpers/cli.ts';
import { repositoryPath } from '../helpers/paths.ts';
import { temporaryFolder } from '../helpers/folder.ts';

let folder: string;

beforeAll(async () => {
  folder = await temporaryFolder();
  await writeFile(join(folder, 'good.ino'), 'int main() { return 0; }\n');
  await symlink('/dev/zero', join(folder, 'device.ino'));
  await writeFile(
    join(folder, 'broken.ino'),
    'void setup() {\n  digitalWrit(13, HIGH);\n}\nvoid loop() {}\n',
  );
  await writeFile(
    join(folder, 'damaged.cvbc'),
    Buffer.from('CVBC\u0001 not an image, only its first bytes look like one..'),
  );
});

describe('a mistake of the user is one clear line and exit code 2', () => {
  it.each([
    ['a missing file', ['run', 'none.ino', '--bench', 'native'], 'no such file: none.ino'],
    ['a folder', ['run', 'good.ino/x.ino', '--bench', 'native'], 'cannot read good.ino/x.ino'],
    ['a device', ['compile', 'device.ino'], 'device.ino is no regular file'],
    [
      'another kind of file',
      ['run', 'a.txt', '--bench', 'native'],
      'a.txt is neither a sketch (.ino)',
    ],
    ['a damaged image', ['disasm', 'damaged.cvbc'], 'damaged.cvbc is no valid program image'],
    [
      'an unknown bench',
      ['run', 'good.ino', '--bench', 'nativ'],
      'there is no bench "nativ"; did you mean "native"?',
    ],
    ['a missing bench file', ['run', 'good.ino', '--bench', './b.yaml'], 'b.yaml'],
    ['no bench', ['run', 'good.ino'], "required option '--bench <name>' not specified"],
    [
      'an unknown option',
      ['run', 'good.ino', '--bench', 'native', '--lops', '3'],
      "unknown option '--lops'",
    ],
    ['zero loops', ['run', 'good.ino', '--bench', 'native', '--loops', '0'], 'whole number from 1'],
    [
      'a strange clock',
      ['run', 'good.ino', '--bench', 'native', '--clock', 'wall'],
      "give 'virtual' or 'real'",
    ],
    [
      'missing firmware',
      ['run', 'good.ino', '--bench', 'native', '--firmware', 'none.elf'],
      'none.elf',
    ],
    [
      'an unwritable output',
      ['compile', 'good.ino', '-o', 'no/such/folder.cvbc'],
      'cannot write no/such/folder.cvbc',
    ],
    ['a bench without flash', ['flash', '--bench', 'native'], 'bench native has no flash'],
    ['an unknown command', ['rnu'], "unknown command 'rnu'"],
  ])('%s', async (_, args, message) => {
    const result = await cockpitHil(args, { cwd: folder });
    expect(result.stderr).toContain(message);
    expect(result.stderr).not.toMatch(/^\s+at .*:\d+:\d+/m);
    expect(
      result.stderr
        .trim()
        .split('\n')
        .filter((line) => line.startsWith('error:')),
    ).toHaveLength(1);
    expect(result.code).toBe(2);
    expect(result.survivors).toEqual([]);
  });

  it('a broken program: its place, the line and a hint', async () => {
    const result = await cockpitHil(['run', 'broken.ino', '--bench', 'native'], { cwd: folder });
    expect(result.code).toBe(2);
    expect(result.stderr).toContain('broken.ino:2:3: error:');
    expect(result.stderr).toContain('  digitalWrit(13, HIGH);');
    expect(result.stderr).toContain('digitalWrite');
    expect(result.stderr).toContain('error: broken.ino has 1 error, see above');
  });

  it('no probe: OpenOCD finds no ST-LINK', async () => {
    const result = await cockpitHil(['run', 'good.ino', '--bench', 'nucleo'], { cwd: folder });
    expect(result.code).toBe(2);
    expect(result.stderr).toMatch(/^error: .*no ST-LINK.*\(fix: .+\)$/m);
    expect(result.survivors).toEqual([]);
  });

  it('a busy port: its holder is named', async () => {
    // Stands in for the probe, so that the run gets as far as the port.
    const fake = repositoryPath('test', 'unit', 'probe', 'fakes', 'fake-openocd.ts');
    const tools = join(folder, 'tools');
    await mkdir(tools, { recursive: true });
    const script = `#!/bin/sh\nexec "${process.execPath}" "${fake}" "$@"\n`;
    await writeFile(join(tools, 'openocd'), script, { mode: 0o755 });
    await using held = await acquireLock('/dev/null', 'another program');
    expect(held.path).toContain('null');
    const result = await cockpitHil(['run', 'good.ino', '--bench', 'nucleo'], {
      cwd: folder,
      env: { PATH: `${tools}:${process.env.PATH ?? ''}`, COCKPIT_SERIAL: '/dev/null' },
    });
    expect(result.stdout + result.stderr).toContain(`/dev/null is in use by pid ${process.pid}`);
    expect(result.code).toBe(2);
    expect(result.survivors).toEqual([]);
  });

  it.each([
    ['qemu-system-arm', ['openocd', 'setpriv', 'readelf', 'gdb-multiarch']],
    ['openocd', ['qemu-system-arm', 'setpriv', 'readelf', 'gdb-multiarch']],
  ])('a missing %s: the command that installs it', async (missing, present) => {
    const tools = await temporaryFolder();
    for (const tool of ['bash', 'dirname', 'readlink', 'basename', 'env', 'node', ...present]) {
      const found = tool === 'node' ? process.execPath : await findExecutable(tool);
      if (found !== undefined) await symlink(found, join(tools, tool));
    }
    const result = await cockpitHil(['run', 'good.ino', '--bench', 'emulated'], {
      cwd: folder,
      env: { PATH: tools },
    });
    expect(result.stderr).toContain(
      `error: ${missing} is not installed (fix: run ./scripts/setup)`,
    );
    expect(result.code).toBe(2);
    expect(result.survivors).toEqual([]);
  });
});
