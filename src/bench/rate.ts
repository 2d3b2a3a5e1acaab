import { LINE_PATTERNS, type Agent } from '../agent/index.ts';
import { errorText, HilError } from '../errors/index.ts';
import { LostReplyError, RefusalError, type Channel } from '../link/index.ts';

/** Rates that are tried, bits per second, unless the bench file names a lower end: those that USB adapters and terminals know. */
const LADDER = [230_400, 460_800, 921_600, 1_000_000, 2_000_000];
/** Where the ladder ends by itself: at 2,000,000 baud a step of a digest run costs the line less than the board. */
export const HIGHEST_BAUD = 2_000_000;

/**
 * Wait for one pattern: its request of 512 bytes and its reply take 89 ms at 115,200 baud, the rest is for a busy host. It ends before the
 * board's 1,200 ms of silence do, so that a rate that doesn't hold costs no more for it.
 */
const ECHO_MS = 1000;
/** A board is at its first rate again within the 1,200 ms after which it goes there by itself; twice that. */
const SETTLE = { tries: 10, timeoutMs: 250 };

/** One rate of a line as it was tried. */
export interface RateTrial {
  /** Bits per second that were asked for. */
  readonly baud: number;
  /** What the board made of them, and how far that is off in millionths; absent for the rate it starts with. */
  readonly made?: { readonly baud: number; readonly ppm: number };
  /** Bytes of patterns there and back that were right, and what that took in milliseconds. */
  readonly bytes: number;
  readonly ms: number;
  /** Damaged frames, counted at both ends. */
  readonly damaged: number;
  /** Why it doesn't hold; absent when it does. */
  readonly why?: string;
}

/** The rate of a connected line. */
export interface LineRate {
  /** Bits per second. */
  readonly baud: number;
  /** The lowest rate above it that was tried, and why it isn't used; absent when none was. */
  readonly next?: { readonly baud: number; readonly why: string };
}

/** What {@link climb} works with. */
export interface ClimbRates {
  /** Bits per second, rising. */
  readonly ladder: readonly number[];
  /** How often all patterns are sent at each rate. */
  readonly rounds: number;
  /** Whether rates above one that doesn't hold are tried all the same. */
  readonly all: boolean;
}

/** Patterns that a rate must carry before it is used: twice, 5,488 bytes there and back, and a third more in base64. */
const ROUNDS = 2;

/** The rates to try on a line, from those of the ladder that end at `highest` and that the board can make. */
export function ladderTo(highest: number, channel: Channel, boardMost: number): number[] {
  const { first = Infinity } = channel.speed;
  const most = Math.min(highest, boardMost);
  return [...new Set([...LADDER, most])]
    .filter((baud) => baud > first && baud <= most)
    .sort((a, b) => a - b);
}

/** Sends the patterns at the rate that the line has. @throws HilError when one is lost */
async function sendPatterns(
  agent: Agent,
  rounds: number,
  sent: { bytes: number },
): Promise<string | undefined> {
  for (let round = 0; round < rounds; round += 1) {
    for (const { name, bytes } of LINE_PATTERNS) {
      const back = await agent.echo(bytes, { tries: 1, timeoutMs: ECHO_MS });
      if (!Buffer.from(back).equals(bytes)) return `${name} came back changed`;
      sent.bytes += 2 * bytes.length;
    }
  }
  // The board says how many damaged frames it has seen.
  await agent.status(0);
  return undefined;
}

/**
 * Tries one rate. When it doesn't hold the line is at its first one again, and the board found there.
 * @param raise whether it must be asked for
 * @throws HilError (link) when the board can't be found again
 */
async function tryRate(
  agent: Agent,
  baud: number,
  rounds: number,
  raise: boolean,
): Promise<RateTrial> {
  const { channel } = agent;
  // What went before is no word about this rate.
  channel.clearCounters();
  const sent = { bytes: 0 };
  let made: RateTrial['made'];
  let refused = false;
  let why: string | undefined;
  let from = performance.now();
  try {
    if (raise) {
      const reply = await agent.rate(baud);
      made = { baud: reply.baud, ppm: reply.ppm };
      from = performance.now();
    }
    why = await sendPatterns(agent, rounds, sent);
  } catch (error) {
    if (!(error instanceof HilError) || channel.ended !== undefined) throw error;
    refused = error instanceof RefusalError;
    why = error instanceof LostReplyError ? 'an answer was lost' : errorText(error);
  }
  const ms = performance.now() - from;
  const damaged = (): number => channel.counters.badFrames + channel.counters.boardBadFrames;
  if (damaged() > 0) why ??= 'frames were damaged';
  if (why !== undefined && !refused) await settle(agent);
  const trial = { baud, ...(made && { made }), bytes: sent.bytes, ms, damaged: damaged() };
  return why === undefined ? trial : { ...trial, why };
}

/** Goes back to the first rate and waits until the board is there. @throws HilError (link) when it doesn't come */
async function settle(agent: Agent): Promise<void> {
  const { speed } = agent.channel;
  if (speed.first !== undefined) await speed.set(speed.first, Infinity);
  await agent.echo(new Uint8Array(0), SETTLE);
  await agent.status(0);
}

/**
 * Tries the rates of a line from the first one up and leaves it at the highest below the first that didn't hold. A rate that doesn't hold costs the 1.2 s after
 * which the board takes it back.
 * @throws HilError (link) when the board can't be found again
 */
export async function climb(
  agent: Agent,
  { ladder, rounds, all }: ClimbRates,
): Promise<{ trials: RateTrial[]; held: number }> {
  const { channel } = agent;
  const { speed } = channel;
  const { first } = speed;
  if (first === undefined) throw new HilError('harness', `${channel.line.name} has no rate`);
  // The board's count of damaged frames so far.
  await agent.status(0);
  const trials: RateTrial[] = [];
  const good: number[] = [];
  let whole = true;
  for (const baud of all ? [first, ...ladder] : ladder) {
    const trial = await tryRate(agent, baud, rounds, baud !== speed.baud);
    trials.push(trial);
    // What holds above a rate that doesn't is luck, and not used.
    whole &&= trial.why === undefined;
    if (whole) good.push(baud);
    else if (!all) break;
  }
  const held = await returnTo(agent, good, first, rounds);
  channel.clearCounters();
  return { trials, held };
}

/** Takes the line to the highest of the rates that held, if it still does. */
async function returnTo(
  agent: Agent,
  good: readonly number[],
  first: number,
  rounds: number,
): Promise<number> {
  const { speed } = agent.channel;
  for (const baud of good.toReversed()) {
    if (speed.baud === baud) return baud;
    const { why } = await tryRate(agent, baud, rounds, true);
    if (why === undefined) return baud;
  }
  return speed.baud ?? first;
}

/** Finds the highest rate that a line holds, and leaves it there; undefined on a line without a rate. */
export async function negotiateRate(
  agent: Agent,
  highest: number,
  boardMost: number,
): Promise<LineRate | undefined> {
  const { channel } = agent;
  if (channel.speed.first === undefined || boardMost === 0) return undefined;
  const ladder = ladderTo(highest, channel, boardMost);
  const { trials, held } = await climb(agent, { ladder, rounds: ROUNDS, all: false });
  return rateOf(trials, held);
}

/** The rate that a line was left at. */
export function rateOf(trials: readonly RateTrial[], held: number): LineRate {
  const next = trials.find(({ baud, why }) => baud > held && why !== undefined);
  return { baud: held, ...(next && { next: { baud: next.baud, why: next.why ?? '' } }) };
}

/** A line's rate in words. */
export function rateText({ baud, next }: LineRate): string {
  const why = next === undefined ? '' : `; not ${next.baud}: ${next.why}`;
  return `the line is at ${baud} baud${why}`;
}
