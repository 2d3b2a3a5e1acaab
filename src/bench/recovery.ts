import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Agent } from '../agent/index.ts';
import { errorText, HilError } from '../errors/index.ts';
import { capture, withDeadline } from '../process/index.ts';
import type { BoardCrash } from '../wire/index.ts';
import type { Rung, RungName, RungResult } from './ladder.ts';
import type { ConnectedBoard } from './open.ts';
import type { BoardProbe } from './board-probe.ts';
import { crashNote } from './health.ts';
import type { BenchSession } from './session.ts';

/** What {@link recover} needs of a {@link BenchSession}. */
export type RecoverableSession = Pick<
  BenchSession,
  'settings' | 'opened' | 'ended' | 'rig' | 'probe' | 'connect' | 'disconnect' | 'reopen' | 'close'
>;

/** What {@link recover} works with. */
export interface RecoverySettings {
  /** Puts the firmware on the board of a session whose rig is powered, unless the board holds it. */
  readonly flash: (session: RecoverableSession) => Promise<void>;
  readonly signal: AbortSignal;
  readonly log: Logger;
  /** Clock for the durations, in milliseconds. */
  readonly now: () => number;
}

/** A climb of the ladder. */
export interface Climb {
  readonly recovered: boolean;
  /** As they were tried; the last one is ok when the board was recovered. */
  readonly rungs: RungResult[];
}

/**
 * HELLO of a board that wasn't reset, 1.8 s: it answers at once, or after eight queued trace chunks of 44 ms, 352 ms. Five times that for an
 * emulated board on a loaded machine.
 */
const AWAKE = { tries: 12, timeoutMs: 150 };
/** REBOOT sent blindly: the board obeys before it answers, and may be unable to answer. */
const REBOOT = { tries: 2, timeoutMs: 150 };
/**
 * What was cut short gets so long to notice: ending OpenOCD takes at most 1 s for `shutdown` and 4.5 s for SIGTERM and SIGKILL,
 * ending QEMU as much again.
 */
const SETTLE_MS = 10_000;
/** What waits for a line fails at once when that is closed; this allows for its own clearing up. */
const LINE_SETTLE_MS = 200;
/** Reading 52 bytes takes OpenOCD 10 ms, finding where they are takes readelf 50 ms; a hundred times that for a busy machine. */
const REMEMBER_MS = 5000;
/** Between two looks whether a board that was powered off is on USB again. */
const USB_LOOK_MS = 500;

/**
 * Brings back a board that no longer answers: tries the rungs of a ladder one after the other until the right agent says HELLO and every
 * VM has been stopped. A rung that takes longer than its limit is cut short, and what it was doing has ended before the next begins.
 * A rung that the bench can't do counts as tried, with the reason.
 * @throws the signal's reason when that is aborted; never for a board that stays dead
 */
export async function recover(
  session: RecoverableSession,
  ladder: readonly Rung[],
  settings: RecoverySettings,
): Promise<Climb> {
  const rungs: RungResult[] = [];
  const state: ClimbState = { probeFailed: undefined, crash: undefined };
  for (const rung of ladder) {
    settings.signal.throwIfAborted();
    const result = await tryRung(session, rung, settings, state);
    settings.log.info({ bench: session.settings.bench.name, ...result }, 'recovery');
    rungs.push(result);
    if (result.ok) return { recovered: true, rungs };
  }
  return { recovered: false, rungs };
}

async function tryRung(
  session: RecoverableSession,
  { rung, limitMs }: Rung,
  settings: RecoverySettings,
  state: ClimbState,
): Promise<RungResult> {
  const impossible = whyNot(session, rung, state);
  if (impossible !== undefined) {
    return { rung, ok: false, ms: 0, limitMs, detail: `skipped: ${impossible}` };
  }
  const { now, signal } = settings;
  const from = now();
  const cut = new AbortController();
  const limited = {
    ...settings,
    ...{ signal: AbortSignal.any([signal, cut.signal]), rung, limitMs, state },
  };
  const work = RESETS.has(rung)
    ? remember(session, state).then(() => RUNG_WORK[rung](session, limited))
    : RUNG_WORK[rung](session, limited);
  const done = (ok: boolean, detail: string): RungResult => {
    return { rung, ok, ms: Math.round(now() - from), limitMs, detail };
  };
  const { promise: interrupted, reject } = Promise.withResolvers<never>();
  const interrupt = (): void => {
    reject(signal.reason as Error);
  };
  signal.addEventListener('abort', interrupt);
  try {
    const noted = work.then(async ({ agent, hello }) => ({
      hello,
      note: await crashNote(agent, state.crash),
    }));
    const answered = withDeadline(noted, limitMs, 'the board to answer');
    const { hello, note } = await Promise.race([answered, interrupted]);
    return done(true, `firmware ${hello.fw}, ELF ${hello.elf.slice(0, 12)} answered HELLO${note}`);
  } catch (error) {
    const failed = done(false, errorText(error));
    cut.abort(new HilError('harness', 'the time of this rung is over'));
    await endWork(session, rung, work);
    signal.throwIfAborted();
    return failed;
  } finally {
    signal.removeEventListener('abort', interrupt);
  }
}

/** Ends what a rung may still be doing: the line and, where it is the probe that is waited for, OpenOCD are closed under it. */
async function endWork(
  session: RecoverableSession,
  rung: RungName,
  work: Promise<unknown>,
): Promise<void> {
  const settled = work.then(
    () => 'settled',
    () => 'settled',
  );
  await session.disconnect();
  const soon = delay(LINE_SETTLE_MS, 'late', { ref: false });
  if ((await Promise.race([settled, soon])) === 'settled') return;
  if (NEEDS_PROBE.has(rung)) await session.probe?.stop();
  await withDeadline(settled, SETTLE_MS, `${rung} to end`, 'harness').catch(() => undefined);
}

const NEEDS_PROBE: ReadonlySet<RungName> = new Set([
  'sysresetreq',
  'nrst',
  'connect-under-reset',
  'reflash',
]);

/** Rungs that reset the board whatever it does: its next start takes what it has noted of a crash, and another one forgets it. */
const RESETS: ReadonlySet<RungName> = new Set([...NEEDS_PROBE, 'power-cycle']);

/** Reads what the board has noted of a crash as long as it is there. A probe that can't is found out by the rung itself. */
async function remember(session: RecoverableSession, state: ClimbState): Promise<void> {
  const { probe, opened, ended } = session;
  if (state.crash !== undefined || probe === undefined || !opened || ended !== undefined) return;
  try {
    state.crash = await withDeadline(probe.crashRecord(), REMEMBER_MS, 'the crash record');
  } catch {
    // A rung that needs the probe says what is wrong with it.
  }
}

/** Why a rung can't be tried on this bench; undefined when it can. */
function whyNot(
  session: RecoverableSession,
  rung: RungName,
  state: ClimbState,
): string | undefined {
  const { bench } = session.settings;
  if (rung === 'power-cycle') {
    if (bench.kind !== 'nucleo' || bench.power !== undefined) return undefined;
    return 'the bench file names no command that switches the power (power: cycle)';
  }
  if (!session.opened) return 'the bench is closed; only a power cycle opens it again';
  if (session.ended !== undefined)
    return `${errorText(session.ended)}; only a power cycle starts it again`;
  if (!NEEDS_PROBE.has(rung)) return undefined;
  if (session.probe === undefined) return `bench ${bench.name} has no debug probe`;
  const { probeFailed } = state;
  // Under reset OpenOCD may find a core that it doesn't find otherwise.
  if (probeFailed === undefined || rung === 'connect-under-reset') return undefined;
  return `OpenOCD could not be started for ${probeFailed}`;
}

/** What the rungs before have shown. */
interface ClimbState {
  /** The rung for which OpenOCD could not be started, if that was the last time it was tried. */
  probeFailed: RungName | undefined;
  /** What the probe has read of a crash, before a reset could take it away. */
  crash: BoardCrash | undefined;
}

/** What a rung works with: `signal` is aborted when its time is over. */
interface RungSettings extends RecoverySettings {
  readonly rung: RungName;
  readonly limitMs: number;
  readonly state: ClimbState;
}

const RUNG_WORK: Readonly<
  Record<RungName, (session: RecoverableSession, settings: RungSettings) => Promise<ConnectedBoard>>
> = {
  reconnect: async (session) => quiet(await session.connect({ hello: AWAKE })),
  'agent-reset': async (session) =>
    quiet(await session.connect({ beforeHello: ({ agent }) => rebootBlindly(agent) })),
  sysresetreq: (session, settings) =>
    byProbe(session, settings, (probe) => probe.resetBySysresetreq()),
  nrst: (session, settings) => byProbe(session, settings, (probe) => probe.resetByNrst()),
  'connect-under-reset': underReset,
  reflash: (session, settings) => byProbe(session, settings, () => settings.flash(session)),
  'power-cycle': powerCycle,
};

/** Does something to the board through its probe while the line is open, so that nothing it then says is missed. */
async function byProbe(
  session: RecoverableSession,
  settings: RungSettings,
  work: (probe: BoardProbe) => Promise<void>,
): Promise<ConnectedBoard> {
  await attach(session, settings, (probe) => probe.ensure(settings.signal));
  return quiet(await session.connect({ beforeHello: () => work(probeOf(session)) }));
}

async function underReset(
  session: RecoverableSession,
  settings: RungSettings,
): Promise<ConnectedBoard> {
  const beforeHello = (): Promise<void> =>
    attach(session, settings, (probe) => probe.connectUnderReset(settings.signal));
  return quiet(await session.connect({ beforeHello }));
}

/** Has OpenOCD running, and notes when that can't be had. */
async function attach(
  session: RecoverableSession,
  { state, rung }: RungSettings,
  start: (probe: BoardProbe) => Promise<unknown>,
): Promise<void> {
  // Also when the time of the rung ends in the middle of it.
  state.probeFailed = rung;
  await start(probeOf(session));
  state.probeFailed = undefined;
}

function probeOf({ probe }: RecoverableSession): BoardProbe {
  if (probe === undefined) throw new HilError('harness', 'a rung for a bench with a probe');
  return probe;
}

async function rebootBlindly(agent: Agent): Promise<void> {
  // Whether it was heard, HELLO tells.
  await agent.reboot(REBOOT).catch(() => undefined);
}

/** A board counts as recovered when nothing of the run before goes on. */
async function quiet(connected: ConnectedBoard): Promise<ConnectedBoard> {
  const { agent, hello } = connected;
  for (let vm = 0; vm < hello.vms; vm += 1) {
    const { state } = await agent.stop(vm);
    if (state === 'running' || state === 'waiting') {
      throw new HilError('firmware', `VM ${vm} is told to stop and is ${state} all the same`);
    }
  }
  return connected;
}

async function powerCycle(
  session: RecoverableSession,
  settings: RungSettings,
): Promise<ConnectedBoard> {
  const { signal, limitMs, flash } = settings;
  const { bench } = session.settings;
  await session.close();
  if (bench.kind === 'nucleo' && bench.power !== undefined) {
    const [program = '', ...args] = bench.power.cycle;
    const { code, stderr } = await capture(program, args, limitMs, 'correct power: cycle');
    if (code !== 0) throw new HilError('rig', `${program} ended with exit code ${code}: ${stderr}`);
  }
  await openAgain(session, signal);
  return quiet(await session.connect({ beforeHello: () => flash(session) }));
}

/** Opens a bench, a real one as soon as its probe is on USB again. */
async function openAgain(session: RecoverableSession, signal: AbortSignal): Promise<void> {
  for (;;) {
    try {
      await session.reopen(signal);
      return;
    } catch (error) {
      if (signal.aborted || session.settings.bench.kind !== 'nucleo') throw error;
      await delay(USB_LOOK_MS, undefined, { signal });
    }
  }
}
