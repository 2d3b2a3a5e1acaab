import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { compileReportSchema } from '../../../src/compiler/index.ts';
import { cockpitHil } from '../../helpers/cli.ts';
import { temporaryFolder } from '../../helpers/folder.ts';

const GOOD =
  'int hits = 1;\nvoid setup() { printf("ready %d\\n", hits); }\nvoid loop() { delay(5); }\n';
const WRONG =
  'void setup() {\n\tprintf("é %d\\n", hitz);\n  int unused = 5 / 0;\n}\nvoid loop() { }\n';

/** Longest a command may take here: several start-ups of Node on a busy machine. */
const LIMIT_MS = 60_000;

async function folderWith(files: Record<string, string | Uint8Array>): Promise<string> {
  const folder = await temporaryFolder();
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content);
  return folder;
}

describe('compile', { timeout: LIMIT_MS }, () => {
  it('says what it made, and writes the image', async () => {
    const cwd = await folderWith({ 'good.ino': GOOD });
    const result = await cockpitHil(['compile', 'good.ino', '-o', 'good.cvbc'], { cwd });
    const lines = result.stdout.split('\n');
    expect(lines[0]).toMatch(
      /^good\.ino: setup\(\) and loop\(\), \d+ instructions, 1 string, 1 global, 0 arrays, \d+ bytes to upload$/,
    );
    expect(lines[1]).toMatch(/^good\.cvbc: \d+ bytes with debug information$/);
    expect([result.code, result.stderr]).toEqual([0, '']);
    const listing = await cockpitHil(['disasm', 'good.cvbc'], { cwd });
    expect(listing.stdout).toContain('; "ready %d\\n"');
  });

  it('counts errors alone', async () => {
    const cwd = await folderWith({ 'wrong.ino': WRONG });
    const result = await cockpitHil(['compile', 'wrong.ino'], { cwd });
    expect(result.code).toBe(2);
    expect(result.stdout).toBe('');
    expect(result.stderr.split('\n').slice(0, 3)).toEqual([
      "wrong.ino:2:19: error: 'hitz' is not declared",
      '\tprintf("é %d\\n", hitz);',
      '\t                 ^~~~',
    ]);
    expect(result.stderr).toContain('wrong.ino has 1 error, see above');
  });

  it('a file that is no text is one line', async () => {
    const bytes = Uint8Array.from({ length: 5000 }, (_, index) => (index * 7919) % 251);
    const cwd = await folderWith({ 'garbage.ino': bytes });
    const result = await cockpitHil(['compile', 'garbage.ino'], { cwd });
    expect(result.code).toBe(2);
    expect(result.stderr.split('\n')).toHaveLength(3);
    expect(result.stderr).toContain('garbage.ino:1:1: error: the file is no text');
  });

  it('takes deep nesting for an error, also when the host has optimised nothing yet', async () => {
    const cwd = await folderWith({
      'casts.ino': `int x = ${'(int)'.repeat(10_000)}1;`,
      'calls.ino': `int f(int a) { return a; }\nvoid main() { ${'f('.repeat(10_000)}1${')'.repeat(10_000)}; }`,
      'parentheses.ino': `int x = ${'('.repeat(10_000)}1${')'.repeat(10_000)};`,
    });
    for (const name of ['casts', 'calls', 'parentheses']) {
      const result = await cockpitHil(['compile', `${name}.ino`], { cwd });
      expect(result.stderr).toContain('error: this is nested too deeply');
      expect(result.code).toBe(2);
    }
  });
});

describe('compile --format json', { timeout: LIMIT_MS }, () => {
  it('is one document with places as editors count', async () => {
    const cwd = await folderWith({ 'wrong.ino': WRONG });
    const result = await cockpitHil(['compile', 'wrong.ino', '--format', 'json'], { cwd });
    expect([result.code, result.stderr]).toEqual([2, '']);
    const report = compileReportSchema.parse(JSON.parse(result.stdout));
    expect(report).toEqual({
      file: 'wrong.ino',
      ok: false,
      diagnostics: [
        {
          severity: 'error',
          message: "'hitz' is not declared",
          file: 'wrong.ino',
          ...{ line: 2, column: 19, endColumn: 23 },
        },
        {
          severity: 'warning',
          message: 'division by zero: the VM will stop here with error 6',
          file: 'wrong.ino',
          ...{ line: 3, column: 18, endColumn: 19 },
        },
      ],
    });
  });

  it('says what was made', async () => {
    const cwd = await folderWith({ 'good.ino': GOOD });
    const result = await cockpitHil(['compile', 'good.ino', '--format', 'json'], { cwd });
    const report = compileReportSchema.parse(JSON.parse(result.stdout));
    expect([result.code, result.stderr]).toEqual([0, '']);
    expect(report).toMatchObject({
      ...{ file: 'good.ino', ok: true, diagnostics: [] },
      program: { entry: 'sketch', strings: 1, globals: 1, arrays: 0 },
    });
  });

  it('is not printed when there is no file to read', async () => {
    const result = await cockpitHil(['compile', 'none.ino', '--format', 'json']);
    expect([result.code, result.stdout]).toEqual([2, '']);
    expect(result.stderr).toContain('no such file: none.ino');
  });
});

/** Does one thing after another, each when the output has come to hold what the one before leads to. */
function conversation(steps: readonly { until: string; act: () => Promise<void> }[]): {
  onOutput: (all: string) => void;
  failed: () => unknown;
} {
  let next = 0;
  let failure: unknown;
  const onOutput = (all: string): void => {
    const step = steps[next];
    if (step === undefined || !all.includes(step.until)) return;
    next += 1;
    step.act().catch((error: unknown) => (failure = error));
  };
  return { onOutput, failed: () => failure };
}

/** Puts a new file in the place of the old one, as most editors save: no one sees half of it. */
async function replace(path: string, content: string): Promise<void> {
  await writeFile(`${path}.new`, content);
  await rename(`${path}.new`, path);
}

describe('compile --watch', { timeout: LIMIT_MS }, () => {
  it('compiles on every save until Ctrl-C, and leaves nothing behind', async () => {
    const cwd = await folderWith({ 'live.ino': GOOD });
    const path = join(cwd, 'live.ino');
    const { onOutput, failed } = conversation([
      { until: 'bytes to upload', act: () => replace(path, WRONG) },
      { until: 'live.ino: 1 error', act: () => rm(path) },
      { until: 'waiting for it to come back', act: () => replace(path, 'void main() { }\n') },
    ]);
    const result = await cockpitHil(['compile', 'live.ino', '--watch', '-o', 'live.cvbc'], {
      cwd,
      onOutput,
      signalAt: { after: 'live.ino: main()', signal: 'SIGINT' },
    });
    expect(failed()).toBeUndefined();
    const headers = result.stdout.split('\n').filter((line) => line.startsWith('---'));
    expect(headers).toEqual([
      '--- 1: live.ino',
      '--- 2: live.ino',
      '--- live.ino is gone; waiting for it to come back',
      '--- 3: live.ino',
    ]);
    expect(result.stderr).toContain("live.ino:2:19: error: 'hitz' is not declared");
    expect([result.code, result.survivors]).toEqual([130, []]);
  });

  it('prints one document a line with --format json', async () => {
    const cwd = await folderWith({ 'live.ino': GOOD });
    const { onOutput, failed } = conversation([
      { until: '"ok":true', act: () => writeFile(join(cwd, 'live.ino'), WRONG) },
      { until: 'hitz', act: () => rm(join(cwd, 'live.ino')) },
    ]);
    const result = await cockpitHil(['compile', 'live.ino', '--watch', '--format', 'json'], {
      cwd,
      onOutput,
      signalAt: { after: 'the file is gone', signal: 'SIGTERM' },
    });
    expect(failed()).toBeUndefined();
    const reports = result.stdout
      .split('\n')
      .map((line) => compileReportSchema.parse(JSON.parse(line)));
    expect(reports[0]?.ok).toBe(true);
    // A file that is written in place may be seen half written before.
    const messages = reports.map(({ diagnostics }) => diagnostics[0]?.message);
    expect(messages.slice(-2)).toEqual(["'hitz' is not declared", 'the file is gone']);
    expect(result.survivors).toEqual([]);
  });

  it('ends when the folder goes away', async () => {
    const cwd = await temporaryFolder();
    const folder = join(cwd, 'sketches');
    await mkdir(folder);
    await writeFile(join(folder, 'live.ino'), GOOD);
    const { onOutput, failed } = conversation([
      { until: 'bytes to upload', act: () => rm(folder, { recursive: true }) },
    ]);
    const result = await cockpitHil(['compile', 'sketches/live.ino', '--watch'], { cwd, onOutput });
    expect(failed()).toBeUndefined();
    expect(result.code).toBe(2);
    expect(result.stderr).toMatch(/the folder .*sketches is gone/);
  });
});
