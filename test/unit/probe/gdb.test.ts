import { expect, test } from 'vitest';
import { startGdb, type Gdb } from '../../../src/probe/index.ts';
import { alive, failure, fakeProgram } from './fake-program.ts';

async function withGdb(
  use: (gdb: Gdb) => Promise<void>,
  port = 3333,
  more: { commandTimeoutMs?: number } = {},
): Promise<void> {
  const fake = await fakeProgram('fake-gdb');
  await using gdb = await startGdb({ elfPath: 'a "b".elf', port, program: fake, ...more });
  await use(gdb);
}

test('attaches stopped, and leaves no process', async () => {
  let pid: number | undefined;
  await withGdb(async (gdb) => {
    pid = gdb.pid;
    expect(gdb.stopped).toBe(true);
    expect(await gdb.variable('counter')).toEqual({ text: '7', number: 7 });
  });
  expect(alive(pid)).toBe(false);
});

test('answers find their command by token, in whatever order they come', async () => {
  await withGdb(async (gdb) => {
    const values = await Promise.all([gdb.evaluate('late'), gdb.evaluate('counter')]);
    expect(values).toEqual(['1', '7']);
  });
});

test('halt and resume follow the core', async () => {
  await withGdb(async (gdb) => {
    await gdb.resume();
    expect(gdb.stopped).toBe(false);
    expect((await failure(gdb.waitForStop(20))).message).toBe(
      'timed out after 20 ms waiting for the core to stop',
    );
    expect((await gdb.halt()).frame?.func).toBe('reset_handler');
  });
});

test('a GDB that is not installed names ./scripts/setup', async () => {
  const error = await failure(startGdb({ elfPath: 'x.elf', port: 1, program: 'gdb-not-there' }));
  expect(error.line).toBe('gdb-not-there is not installed (fix: run ./scripts/setup)');
});

test('a server that is not there', async () => {
  const error = await failure(withGdb(() => Promise.resolve(), 1));
  expect(error.message).toBe(
    'attaching to 127.0.0.1:1 failed: GDB: 127.0.0.1:1: Connection refused.',
  );
  expect(error.fix).toContain('OpenOCD');
});

test('a GDB that ends gives its last words, to this command and to the next', async () => {
  await withGdb(async (gdb) => {
    const error = await failure(gdb.evaluate('die'));
    expect(error.causeClass).toBe('rig');
    expect(error.message).toBe(
      'GDB ended with exit code 3; it said last: Fatal signal: Segmentation fault',
    );
    expect((await failure(gdb.backtrace())).message).toBe(error.message);
  });
});

test("values that GDB takes from the ELF file after the server went away are not the board's", async () => {
  await withGdb(async (gdb) => {
    expect((await failure(gdb.evaluate('lose_server'))).message).toContain(
      'Remote connection closed',
    );
    expect((await failure(gdb.evaluate('counter'))).causeClass).toBe('rig');
    expect(gdb.stopped).toBe(false);
  });
});

test('a request that GDB does not answer is bounded', async () => {
  await withGdb(
    async (gdb) => {
      const error = await failure(gdb.evaluate('hang'));
      expect(error.message).toBe('timed out after 1000 ms waiting for GDB, evaluating hang');
      expect(await gdb.evaluate('counter')).toBe('7');
    },
    3333,
    { commandTimeoutMs: 1000 },
  );
});

test('an abort ends the start', async () => {
  const abort = new AbortController();
  const program = await fakeProgram('fake-gdb');
  const started = startGdb({ elfPath: 'hang.elf', port: 3333, program, signal: abort.signal });
  const failed = failure(started);
  setImmediate(() => {
    abort.abort();
  });
  expect((await failed).message).toBe("GDB's start was ended");
});
