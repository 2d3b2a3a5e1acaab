import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { cockpitHil } from '../helpers/cli.ts';
import { temporaryFolder } from '../helpers/folder.ts';

let folder: string;

beforeAll(async () => {
  folder = await temporaryFolder();
  await writeFile(
    join(folder, 'slow.ino'),
    'void setup() {\n  printf("begun\\n");\n}\nvoid loop() {\n  delay(60000);\n}\n',
  );
});

describe('Ctrl-C on the native bench', () => {
  it.each([
    ['SIGINT', 130, 'bench '],
    ['SIGINT', 130, 'hello '],
    ['SIGTERM', 143, '| begun'],
    ['SIGHUP', 129, '| begun'],
  ] as const)(
    '%s ends with %i and leaves no process, sent at "%s"',
    async (signal, code, after) => {
      const args = ['run', 'slow.ino', '--bench', 'native', '--clock', 'real'];
      const result = await cockpitHil(args, { cwd: folder, signalAt: { after, signal } });
      expect(result.code).toBe(code);
      expect(result.stderr).toContain(`interrupted by ${signal}`);
      // What the signal tore down is no verdict.
      expect(result.stdout).not.toMatch(/PASSED|FAILED|ERRORED/);
      expect(result.survivors).toEqual([]);
    },
  );
});
