import { readFile, realpath } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { HilError } from '../../src/errors/index.ts';
import { flashIfDifferent } from '../../src/probe/index.ts';
import {
  childrenNamed,
  HARMLESS,
  leftBehind,
  openAccidentBench,
  type AccidentBench,
} from '../helpers/accident-bench.ts';
import { buildDefect } from '../helpers/firmware.ts';
import { noisySocket } from '../helpers/noisy-socket.ts';

/** Bounds waiting for a process to appear or get somewhere; all of them do within 1 s. */
const LOOK_MS = 20_000;
/** A rung that is cut is cut by a timer, which is late on a busy machine. */
const LATE_MS = 2000;
/** Every byte once, ends of lines among them. */
const GARBAGE = Buffer.from(Array.from({ length: 256 }, (_, i) => (i * 37 + 11) % 256));
/** The emulated UART takes bytes in slowly: of four times as many, all at once, requests that follow come too late. */
const TO_BOARD = 5;
const TO_HOST = 20;
const HANGS = `void setup() {
  delay(1);
}
void loop() {
}
`;

let bench: AccidentBench;
beforeAll(async () => {
  bench = await openAccidentBench();
});
afterAll(async () => {
  await bench[Symbol.asyncDispose]();
  expect(await leftBehind()).toEqual([]);
});
/** No accident is another case's. */
afterEach(async () => {
  expect((await bench.run(HARMLESS)).verdict).toMatchObject({ outcome: 'passed' });
});

async function failure(work: Promise<unknown>): Promise<HilError> {
  const error: unknown = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof HilError)) throw new Error(`no HilError but ${String(error)}`);
  return error;
}

/** The only child of this name, as soon as there is one. */
async function child(name: string): Promise<number> {
  const until = performance.now() + LOOK_MS;
  for (;;) {
    const [pid] = await childrenNamed(name);
    if (pid !== undefined) return pid;
    if (performance.now() > until) throw new Error(`no ${name} was started`);
    await delay(2);
  }
}

/** Processor time that a process has taken, in ticks of 10 ms (proc(5)). */
async function ticks(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'latin1');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return Number(fields[11]) + Number(fields[12]);
}

const tried = (rungs: readonly { rung: string; ok: boolean }[]): [string, boolean][] =>
  rungs.map(({ rung, ok }) => [rung, ok]);

describe('a rig that fails', () => {
  it('another firmware is flashed between two cases: refused with both build ids, and flashed again', async () => {
    const { session } = bench;
    const other = await buildDefect('nucleo-harness', 'HANG_IN_DELAY');
    const { openocd } = session.rig.probe ?? {};
    if (openocd === undefined) throw new Error('the bench has no probe');
    expect((await flashIfDifferent(openocd, other)).action).toBe('flashed');

    const { verdict, forensics } = await bench.run(HARMLESS);
    expect(verdict).toMatchObject({ outcome: 'errored', causeClass: 'rig' });
    expect(verdict.summary).toMatch(/ELF build id is [0-9a-f]{40}; it was [0-9a-f]{40}/);
    expect(forensics?.flash).toBe('other');

    const { recovered, rungs } = await bench.recover();
    expect(recovered).toBe(true);
    expect(rungs.at(-1)?.rung).toBe('reflash');
    for (const { ok, detail } of rungs.slice(0, -1)) {
      expect([ok, detail]).toEqual([false, expect.stringContaining("the board's ELF build id is")]);
    }
  });

  it('the flash is erased between two cases: the probe says so, and it is flashed again', async () => {
    const { openocd } = bench.session.rig.probe ?? {};
    await openocd?.command('reset halt');
    await openocd?.command('flash erase_sector 0 0 last', { timeoutMs: 30_000 });
    await openocd?.command('reset run');

    const { verdict, forensics } = await bench.run(HARMLESS);
    expect(verdict).toMatchObject({ outcome: 'errored', causeClass: 'rig' });
    expect(verdict.summary).toContain("the board's flash is erased");
    expect(forensics?.flash).toBe('erased');

    const { recovered, rungs } = await bench.recover();
    expect(recovered).toBe(true);
    expect(rungs.at(-1)?.rung).toBe('reflash');
  });

  it('OpenOCD is killed in mid-flash: another is started, and finishes the job', async () => {
    const { session } = bench;
    const { probe } = session.rig;
    if (probe === undefined) throw new Error('the bench has no probe');
    const other = await buildDefect('nucleo-harness', 'HARD_FAULT_IN_MOD');
    const pid = probe.openocd.pid ?? 0;
    const { promise: writing, resolve } = Promise.withResolvers<undefined>();
    const flashing = failure(
      flashIfDifferent(probe.openocd, other, {
        onPhase: (phase) => {
          if (phase === 'write') resolve(undefined);
        },
      }),
    );
    await writing;
    // Erasing and writing take it some 0.2 s of processor time.
    const from = await ticks(pid);
    await expect
      .poll(() => ticks(pid), { timeout: LOOK_MS, interval: 2 })
      .toBeGreaterThan(from + 4);
    process.kill(pid, 'SIGKILL');
    const error = await flashing;
    expect(error.causeClass).toBe('rig');
    expect(error.message).toContain('OpenOCD was ended by SIGKILL');

    await session.disconnect();
    const { verdict, flash } = await bench.run(HARMLESS);
    expect(verdict).toMatchObject({ outcome: 'passed' });
    expect(probe.openocd.pid).not.toBe(pid);
    // Neither firmware was there: it was in the midst of it.
    expect(flash?.action).toBe('flashed');
    const whole = await flashIfDifferent(probe.openocd, other);
    expect(flash?.boardSha256Before).not.toBe(whole.imageSha256);
    expect(flash?.boardSha256Before).not.toBe(flash?.imageSha256);
    await session.disconnect();
  });

  it('the serial line is closed in the middle of a run: a link error, and reconnected', async () => {
    const { session } = bench;
    const { running } = await bench.midRun();
    await session.connected?.line.close();
    const { verdict, forensics } = await running;
    expect(verdict).toMatchObject({ outcome: 'errored', causeClass: 'link' });
    expect(verdict.summary).toMatch(/the line .* (is|was) closed/);
    // The board itself is well.
    expect(forensics).toMatchObject({ core: 'running', flash: 'firmware', fault: [] });
    expect(tried((await bench.recover()).rungs)).toEqual([['reconnect', true]]);
  });

  it('QEMU is killed in the middle of a run: what it was, and a power cycle', async () => {
    const { running } = await bench.midRun();
    process.kill(await child('qemu-system-arm'), 'SIGKILL');
    const { verdict } = await running;
    expect(verdict).toMatchObject({ outcome: 'errored', causeClass: 'rig' });
    expect(verdict.summary).toContain('QEMU ended with SIGKILL');
    const { recovered, rungs } = await bench.recover();
    expect(recovered).toBe(true);
    expect(rungs.at(-1)).toMatchObject({ rung: 'power-cycle', ok: true });
    for (const { detail } of rungs.slice(0, -1)) expect(detail).toContain('skipped: QEMU ended');
  });

  it('QEMU is stopped by SIGSTOP in the middle of a run: found out in bounded time, and a power cycle', async () => {
    const pid = await child('qemu-system-arm');
    const { running } = await bench.midRun();
    process.kill(pid, 'SIGSTOP');
    const { verdict, forensics } = await running;
    // A board that is silent, not a line that is gone: the socket takes whatever is written. Each limit is told where it was met.
    expect(verdict).toMatchObject({ outcome: 'failed', causeClass: 'firmware' });
    expect(verdict.summary).toMatch(
      /^the board stopped answering; .* no reply to [A-Z]+ on .* after \d+ tries in 2000 ms; .*it is on the board's side/,
    );
    expect(forensics?.backtrace).toEqual([
      'the probe could not tell: timed out after 10000 ms waiting for the debug probe to look at the core',
    ]);
    const ladder = [
      { rung: 'reconnect', limitMs: 5000 },
      { rung: 'sysresetreq', limitMs: 3000 },
      { rung: 'power-cycle', limitMs: 60_000 },
    ] as const;
    const { rungs } = await bench.recover(ladder);
    expect(tried(rungs)).toEqual([
      ['reconnect', false],
      ['sysresetreq', false],
      ['power-cycle', true],
    ]);
    for (const [index, { ms, limitMs }] of rungs.entries()) {
      expect(limitMs).toBe(ladder[index]?.limitMs);
      expect(ms).toBeLessThanOrEqual(limitMs + LATE_MS);
    }
    expect(await childrenNamed('qemu-system-arm')).not.toContain(pid);
  });

  it('GDB is killed while it looks at a board that hangs: the verdict stands', async () => {
    const defect = await buildDefect('nucleo-harness', 'HANG_IN_DELAY');
    await using hanging = await openAccidentBench(defect);
    const running = hanging.run(HANGS);
    process.kill(await child('gdb-multiarch'), 'SIGKILL');
    const { verdict, forensics } = await running;
    expect(verdict).toMatchObject({ outcome: 'failed', causeClass: 'firmware' });
    expect(forensics?.backtrace.join('\n')).toMatch(
      /the probe could not tell: .*GDB ended with SIGKILL/,
    );
    expect((await hanging.recover()).recovered).toBe(true);
    expect((await hanging.run(HARMLESS)).verdict).toMatchObject({ outcome: 'passed' });
  });

  it('garbage from the host, in the middle of a run: the board drops it, and the run passes', async () => {
    const { line } = bench.session.connected ?? {};
    if (line === undefined) throw new Error('nobody is connected');
    const { running } = await bench.midRun();
    for (let burst = 0; burst < TO_BOARD; burst += 1) await line.write(GARBAGE.toString('latin1'));
    const { verdict, link } = await running;
    expect(link?.bytesOut).toBeGreaterThan(TO_BOARD * GARBAGE.length);
    expect(verdict).toMatchObject({ outcome: 'passed' });
  });

  it('garbage from the side of the board, in the middle of what it sends: dropped, asked for again, and the run passes', async () => {
    const { session } = bench;
    const { serial } = session.rig;
    if (!('socket' in serial)) throw new Error('the line is no socket');
    const noise = { burst: GARBAGE, every: 2000, bursts: TO_HOST };
    const wire = await realpath(serial.socket);
    await using noisy = await noisySocket(wire, noise);
    await session.disconnect();
    Object.assign(session.rig, { serial: { ...serial, socket: noisy.path } });
    try {
      const { running } = await bench.midRun();
      const { verdict, link } = await running;
      expect(noisy.bursts).toBe(TO_HOST);
      expect(link?.badFrames).toBeGreaterThan(0);
      expect(verdict).toMatchObject({ outcome: 'passed' });
    } finally {
      await session.disconnect();
      Object.assign(session.rig, { serial });
    }
  });
});
