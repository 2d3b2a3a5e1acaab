import { setTimeout as delay } from 'node:timers/promises';
import { pino } from 'pino';
import { describe, expect, test } from 'vitest';
import { DEFAULT_LADDER, RUNGS, type RungName } from '../../../src/bench/ladder.ts';
import { recover, type RecoverableSession } from '../../../src/bench/recovery.ts';
import { HilError } from '../../../src/errors/index.ts';
import type { BoardCrash } from '../../../src/wire/index.ts';

type Connect = RecoverableSession['connect'];
type Connected = Awaited<ReturnType<Connect>>;

/** What a fake bench does. */
interface Behaviour {
  readonly kind?: 'nucleo' | 'emulated' | 'native';
  readonly power?: { readonly cycle: string[] };
  readonly ended?: HilError;
  readonly opened?: boolean;
  /** Whether HELLO is answered, given what was done before; a promise that never settles hangs. */
  readonly answers?: (done: readonly string[]) => boolean | Promise<boolean>;
  readonly vmState?: string;
  /** How the run before the board's start ended. */
  readonly crash?: BoardCrash;
  readonly probeStarts?: boolean;
  /** What the probe reads of a crash, given what was done before. */
  readonly noted?: (done: readonly string[]) => BoardCrash | undefined;
}

/** A bench that notes what is done to it. */
function fakeBench(behaviour: Behaviour): { session: RecoverableSession; done: string[] } {
  const { kind = 'emulated', answers = () => false, vmState = 'done' } = behaviour;
  const done: string[] = [];
  const note = (what: string) => () => {
    done.push(what);
    return Promise.resolve();
  };
  const probe = {
    ensure: () =>
      behaviour.probeStarts === false
        ? Promise.reject(new HilError('rig', 'OpenOCD does not start'))
        : Promise.resolve(),
    crashRecord: () => Promise.resolve(behaviour.noted?.(done)),
    resetBySysresetreq: note('sysresetreq'),
    resetByNrst: note('nrst'),
    connectUnderReset: () =>
      behaviour.probeStarts === false
        ? Promise.reject(new HilError('rig', 'OpenOCD does not start under reset'))
        : note('under reset')(),
    stop: note('probe stopped'),
  };
  const agent = {
    reboot: note('reboot'),
    board: () => Promise.resolve({ crash: behaviour.crash }),
    stop: (vm: number) => Promise.resolve({ state: vm === 0 ? vmState : 'empty' }),
  };
  const connected = { agent, hello: { vms: 4, fw: 'abc', elf: '0'.repeat(40) } };
  const session = {
    settings: { bench: { kind, name: 'fake', power: behaviour.power } },
    opened: behaviour.opened ?? true,
    ended: behaviour.ended,
    rig: {},
    probe: kind === 'native' ? undefined : probe,
    connect: async ({ beforeHello }: Parameters<Connect>[0] = {}) => {
      done.push('connect');
      await beforeHello?.(connected as unknown as Connected);
      if (await answers(done)) return connected;
      throw new HilError('rig', 'no agent answered HELLO');
    },
    disconnect: note('disconnect'),
    reopen: note('reopen'),
    close: note('close'),
  };
  return { session: session as unknown as RecoverableSession, done };
}

async function climb(behaviour: Behaviour, ladder = DEFAULT_LADDER, signal?: AbortSignal) {
  const { session, done } = fakeBench(behaviour);
  const result = await recover(session, ladder, {
    flash: () => {
      done.push('flash');
      return Promise.resolve();
    },
    signal: signal ?? new AbortController().signal,
    log: pino({ level: 'silent' }),
    now: () => performance.now(),
  });
  return { ...result, done };
}

const names = (rungs: readonly { rung: RungName }[]): RungName[] => rungs.map(({ rung }) => rung);

describe('the recovery ladder', () => {
  test('ends at the first rung after which the board answers', async () => {
    const { recovered, rungs, done } = await climb({ answers: (so) => so.includes('nrst') });
    expect(recovered).toBe(true);
    expect(names(rungs)).toEqual(['reconnect', 'agent-reset', 'sysresetreq', 'nrst']);
    expect(rungs.map(({ ok }) => ok)).toEqual([false, false, false, true]);
    expect(rungs[0]?.detail).toBe('no agent answered HELLO');
    expect(rungs[3]?.detail).toContain('firmware abc');
    expect(done).toContain('reboot');
    expect(done).not.toContain('under reset');
  });

  test('a board that stays dead has gone through all rungs, each once and in order', async () => {
    const { recovered, rungs, done } = await climb({});
    expect(recovered).toBe(false);
    expect(names(rungs)).toEqual(RUNGS);
    const deeds = done.filter((what) => !['connect', 'disconnect'].includes(what));
    expect(deeds).toEqual([
      ...['reboot', 'sysresetreq', 'nrst', 'under reset', 'flash'],
      ...['close', 'reopen', 'flash'],
    ]);
  });

  test('what a bench can’t do is skipped, with the reason', async () => {
    const native = await climb({ kind: 'native' });
    expect(native.rungs.filter(({ detail }) => detail.startsWith('skipped: '))).toMatchObject(
      ['sysresetreq', 'nrst', 'connect-under-reset', 'reflash'].map((rung) => ({
        ...{ rung, ok: false, ms: 0, detail: 'skipped: bench fake has no debug probe' },
      })),
    );
    const nucleo = await climb({ kind: 'nucleo' });
    expect(nucleo.rungs.at(-1)?.detail).toMatch(/^skipped: .* no command that switches the power/);
    expect(nucleo.done).not.toContain('reopen');
  });

  test('a process that has ended, and a bench that is closed, only a power cycle starts again', async () => {
    const ended = new HilError('rig', 'QEMU ended with SIGKILL');
    for (const behaviour of [{ ended }, { opened: false }]) {
      const { rungs } = await climb({ ...behaviour, answers: (so) => so.includes('reopen') });
      expect(rungs.slice(0, -1).every(({ detail }) => detail.startsWith('skipped: '))).toBe(true);
      expect(rungs.at(-1)).toMatchObject({ rung: 'power-cycle', ok: true });
    }
  });

  test('without an OpenOCD that starts, only connecting under reset is tried again', async () => {
    const { rungs } = await climb({ probeStarts: false });
    const told = new Map(rungs.map(({ rung, detail }) => [rung, detail]));
    expect(told.get('sysresetreq')).toBe('OpenOCD does not start');
    expect(told.get('nrst')).toBe('skipped: OpenOCD could not be started for sysresetreq');
    expect(told.get('connect-under-reset')).toBe('OpenOCD does not start under reset');
    expect(told.get('reflash')).toBe(
      'skipped: OpenOCD could not be started for connect-under-reset',
    );
  });

  test('a rung that hangs is cut at its limit, and the next one is tried', async () => {
    const ladder = [
      { rung: 'reconnect', limitMs: 30 },
      { rung: 'agent-reset', limitMs: 5000 },
    ] as const;
    let waiting: (error: Error) => void = () => undefined;
    const { session, done } = fakeBench({
      answers: (so) =>
        so.includes('reboot') ||
        new Promise<boolean>((_, reject) => {
          waiting = reject;
        }),
    });
    // What waits for a line fails when the line is closed.
    session.disconnect = () => {
      done.push('disconnect');
      waiting(new HilError('link', 'the line is closed'));
      return Promise.resolve();
    };
    const { recovered, rungs } = await recover(session, ladder, {
      flash: () => Promise.resolve(),
      signal: new AbortController().signal,
      log: pino({ level: 'silent' }),
      now: () => performance.now(),
    });
    expect(recovered).toBe(true);
    expect(rungs[0]).toMatchObject({ rung: 'reconnect', ok: false, limitMs: 30 });
    expect(rungs[0]?.detail).toContain('timed out after 30 ms');
    expect(done).toEqual(['connect', 'disconnect', 'connect', 'reboot']);
  });

  test('a VM that can’t be stopped is no recovery', async () => {
    const ladder = [{ rung: 'reconnect', limitMs: 5000 }] as const;
    const { recovered, rungs } = await climb({ answers: () => true, vmState: 'running' }, ladder);
    expect(recovered).toBe(false);
    expect(rungs[0]?.detail).toBe('VM 0 is told to stop and is running all the same');
  });

  test('a power cycle by a command: one that fails is named', async () => {
    const ladder = [{ rung: 'power-cycle', limitMs: 10_000 }] as const;
    const off = await climb({ kind: 'nucleo', power: { cycle: ['false'] } }, ladder);
    expect(off.rungs[0]?.detail).toContain('false ended with exit code 1');
    const on = await climb(
      { kind: 'nucleo', power: { cycle: ['true'] }, answers: () => true },
      ladder,
    );
    expect(on).toMatchObject({ recovered: true, done: ['close', 'reopen', 'connect', 'flash'] });
  });

  test('a crash is read by the probe before the first reset, for what resets take away', async () => {
    const crash = {
      exception: 0,
      pc: 0,
      lr: 0,
      psr: 0,
      sp: 0,
      cfsr: 0,
      hfsr: 0,
      mmfar: 0,
      bfar: 0,
    };
    const noted = (so: readonly string[]): BoardCrash | undefined =>
      so.includes('sysresetreq') ? undefined : { ...crash, vm: undefined, steps: undefined };
    // The start after the first reset has taken the record, and was not heard; the second one knows nothing.
    const { rungs } = await climb({ noted, answers: (so) => so.includes('nrst') });
    expect(rungs.at(-1)).toMatchObject({ rung: 'nrst', ok: true });
    expect(rungs.at(-1)?.detail).toMatch(
      /answered HELLO; the run before was ended by the watchdog; .* \(read by the debug probe before the reset\)$/,
    );
    const alone = [{ rung: 'power-cycle', limitMs: 5000 }] as const;
    const cycled = await climb({ noted, answers: () => true }, alone);
    expect(cycled.rungs[0]?.detail).toContain('ended by the watchdog');
  });

  test('a probe that cannot be read keeps no rung from being tried', async () => {
    const noted = () => {
      throw new HilError('rig', 'OpenOCD is not running');
    };
    const { rungs } = await climb({ noted, answers: (so) => so.includes('flash') });
    expect(rungs.at(-1)).toMatchObject({ rung: 'reflash', ok: true });
    expect(rungs.at(-1)?.detail).toMatch(/answered HELLO$/);
  });

  test('an interrupt ends it at once', async () => {
    const abort = new AbortController();
    const hangs = climb(
      { answers: () => delay(60_000, true, { signal: abort.signal }) },
      DEFAULT_LADDER,
      abort.signal,
    );
    abort.abort(new Error('interrupted'));
    await expect(hangs).rejects.toThrow('interrupted');
  });
});
