import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectAgent } from '../../src/agent/index.ts';
import { createChannel, openSerial, type Line } from '../../src/link/index.ts';
import { runLockstep, type LockstepResult } from '../../src/lockstep/index.ts';
import type { Verdict } from '../../src/results/index.ts';
import { judge, judgeError } from '../../src/suite/verdict.ts';
import {
  decodeBytes,
  decodeEffects,
  encodeBytes,
  encodeEffects,
  encodeFrame,
  parseLine,
  type Frame,
} from '../../src/wire/index.ts';
import { compiled } from '../helpers/digest-suite.ts';
import { buildDefect } from '../helpers/firmware.ts';
import { startNativeAgent, type NativeAgent } from '../helpers/native-agent.ts';
import { damageOf, noiseTable, runNoise } from '../helpers/noise-campaign.ts';
import { makeIdle } from '../helpers/noise-run.ts';
import { lossyLine, type LineFault } from '../helpers/noisy-line.ts';
import { repositoryPath } from '../helpers/paths.ts';

const GOOD = repositoryPath('build', 'firmware', 'native', 'cockpit-agent');
const RUNS = 2000;
/** They mostly wait: all of them together keep one core busy for 20 s or so. */
const WORKERS = 80;

describe('a noisy line', () => {
  it(`never makes a wrong verdict or a hang, in ${RUNS} runs`, { timeout: 600_000 }, async () => {
    const results = await runNoise({
      runs: RUNS,
      firstSeed: 1,
      workers: WORKERS,
      firmware: { good: GOOD, defect: await buildDefect('native', 'SUB_SWAPPED') },
    });
    for (const line of noiseTable(results)) console.log(line);
    const complaints = results.flatMap(({ run: { seed, mode, level }, complaint }) =>
      complaint === undefined ? [] : [`seed ${seed}, ${mode}, ${level}: ${complaint}`],
    );
    expect(complaints).toEqual([]);
    expect(results.length).toBeGreaterThanOrEqual(RUNS);
    // The noise was there, and each kind of verdict under it.
    const noisy = results.filter((result) => damageOf(result) > 0);
    expect(noisy.length).toBeGreaterThan(RUNS / 3);
    const outcomes = noisy.map(({ verdict }) => verdict.outcome);
    for (const outcome of ['passed', 'failed', 'errored'] as const)
      expect(outcomes.filter((one) => one === outcome).length).toBeGreaterThan(RUNS / 50);
  });
});

const COUNTER = `int n; int left = 100; int table[8];
void setup() {}
void loop() { n = n + 1; table[n & 7] = n; if (n % 10 == 0) { printf("%d\\n", n); } left = left - n; }
`;
const STEPS = 300;

interface Outcome {
  readonly verdict: Verdict;
  readonly result?: LockstepResult;
}

/** Runs the counter on a board at the other end of a line. */
async function runOver(
  line: Line,
  mode: 'trace' | 'digest',
  onStep?: () => void,
): Promise<Outcome> {
  await using channel = createChannel(line);
  const agent = connectAgent(channel);
  try {
    await agent.hello();
    await makeIdle(agent);
    const result = await runLockstep({
      agent,
      vm: 0,
      program: compiled(COUNTER),
      comparison: mode === 'digest' ? { mode, epoch: 64 } : { mode },
      clock: 'virtual',
      steps: STEPS,
      loops: 0,
      pins: [],
      buttons: 0,
      now: () => performance.now(),
      ...(onStep === undefined ? {} : { onProgress: onStep }),
    });
    return { verdict: judge(result), result };
  } catch (error) {
    return { verdict: judgeError(error) };
  }
}

/** Changes a field of a frame: undefined leaves the frame alone. */
type Forgery = (frame: Frame, request: readonly string[]) => readonly string[] | undefined;

/** Changes what comes from the board so that the check is right all the same: one frame, or so many. */
function forgedLine(line: Line, forge: Forgery, frames = 1): { line: Line; forged: () => boolean } {
  let done = 0;
  let request: readonly string[] = [];
  const incoming: LineFault = (text) => {
    const parsed = parseLine(text);
    if (done === frames || parsed.kind !== 'frame') return text;
    const fields = forge(parsed.frame, parsed.frame.type === 'E' ? [] : request);
    if (fields === undefined) return text;
    done += 1;
    return encodeFrame({ ...parsed.frame, fields }).trimEnd();
  };
  const outgoing: LineFault = (text) => {
    const parsed = parseLine(text.trimEnd());
    if (parsed.kind === 'frame') request = parsed.frame.fields;
    return text;
  };
  return { line: lossyLine(line, { in: incoming, out: outgoing }), forged: () => done > 0 };
}

/** Flips a bit of base64 bytes. */
function flipped(text: string, at: number): string {
  const bytes = Uint8Array.from(decodeBytes(text) ?? []);
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  return encodeBytes(bytes);
}

const isEvent = ({ type, fields }: Frame, name: string): boolean =>
  type === 'E' && fields[0] === name;

/** Another value of the first effect of the second chunk or a later one. */
const wrongEffect: Forgery = (frame) => {
  const [name, vm, first, count, us, records] = frame.fields;
  if (!isEvent(frame, 'TRACE') || first === '0') return undefined;
  const [head, ...rest] = decodeEffects(decodeBytes(records ?? '') ?? new Uint8Array(0));
  if (head === undefined) return undefined;
  const wrong = encodeEffects([{ ...head, value: head.value + 1 }, ...rest]);
  return [name, vm, first, count, us, encodeBytes(wrong)].map(String);
};
/** Another hash in each checkpoint: where it begins in a long one and in that of a full epoch. */
const wrongCheck =
  (long: number, short: number): Forgery =>
  (frame) => {
    const [name = '', vm = '', bytes = ''] = frame.fields;
    if (isEvent(frame, 'CHECK')) return [name, vm, flipped(bytes, long)];
    return isEvent(frame, 'F') ? [name, vm, flipped(bytes, short)] : undefined;
  };
const wrongPeek =
  (region: string): Forgery =>
  ({ fields: [bytes = ''] }, request) =>
    request[0] === 'PEEK' && request[2] === region ? [flipped(bytes, 0)] : undefined;
/** Another value in the answer to a POLL. */
const wrongStatus =
  (change: (text: string) => string): Forgery =>
  ({ fields }, request) =>
    request[0] === 'POLL' ? fields.map((field) => change(field)) : undefined;

describe('a damaged frame whose check is right', () => {
  let good: NativeAgent;
  let defect: NativeAgent;
  beforeAll(async () => {
    good = await startNativeAgent(GOOD);
    defect = await startNativeAgent(await buildDefect('native', 'SUB_SWAPPED'));
  });
  afterAll(async () => {
    await good[Symbol.asyncDispose]();
    await defect[Symbol.asyncDispose]();
  });
  const open = ({ path }: NativeAgent): Promise<Line> => openSerial({ path, baud: 115_200 });

  it.each<[string, 'trace' | 'digest', Forgery]>([
    ['an effect', 'trace', wrongEffect],
    ['a stream hash', 'digest', wrongCheck(8, 1)],
    ['a state hash', 'digest', wrongCheck(12, 5)],
    ['a cell of what is left behind', 'digest', wrongPeek('globals')],
  ])('is no finding: %s, %s', async (_, mode, forge) => {
    const forged = forgedLine(await open(good), forge);
    const { verdict } = await runOver(forged.line, mode);
    expect(forged.forged()).toBe(true);
    expect(verdict).toMatchObject({ outcome: 'errored', causeClass: 'link' });
    expect(verdict.summary).toMatch(/was another when it was asked for again/);
  });

  // The answer with which a run ends is not known beforehand, so all are forged; none of another request.
  it.each([
    ['the depth of the stack', /^sp=.*/, 'sp=7'],
    ['the reason of the end', /=steps$/, '=halted'],
  ] as const)('is no finding: %s', async (_, from, to) => {
    const forge = wrongStatus((text) => text.replace(from, to));
    const forged = forgedLine(await open(good), forge, Infinity);
    const { verdict } = await runOver(forged.line, 'trace');
    expect(forged.forged()).toBe(true);
    expect(verdict).toMatchObject({ outcome: 'errored', causeClass: 'link' });
    expect(verdict.summary).toMatch(/was another when it was asked for again/);
  });

  it('does not restart a board', async () => {
    const forge = wrongStatus((text) => text.replace(/^state=.*/, 'state=empty'));
    const forged = forgedLine(await open(good), forge);
    const { verdict } = await runOver(forged.line, 'trace');
    expect(forged.forged()).toBe(true);
    expect(verdict.outcome).not.toBe('failed');
  });

  it('does not move the wrong step of a digest run', async () => {
    // The header, which is read first, has a check of its own.
    const forged = forgedLine(await open(defect), (frame, request) =>
      request[3] === '0' ? undefined : wrongPeek('ring')(frame, request),
    );
    const { verdict } = await runOver(forged.line, 'digest');
    expect(forged.forged()).toBe(true);
    expect(verdict).toMatchObject({ outcome: 'errored', causeClass: 'link' });
  });

  it('and findings that are none of the line stand', async () => {
    for (const mode of ['trace', 'digest'] as const) {
      const { verdict, result } = await runOver(await open(defect), mode);
      expect(verdict).toMatchObject({ outcome: 'failed', causeClass: 'firmware' });
      // 100 - 1 and 1 - 100, by hand.
      expect(result?.mismatch?.expected).toMatchObject({ value: 99 });
      expect(result?.mismatch?.effect).toMatchObject({ value: -99 });
    }
  });
});

describe('a board that falls silent', () => {
  /** Stops the board's process at the first step that agreed. */
  const runUntilSilent = async (damage: boolean): Promise<Verdict> => {
    await using board = await startNativeAgent(GOOD);
    let hurt = !damage;
    const fault: LineFault = (text) => {
      if (hurt || !/^@E.. TRACE/.test(text)) return text;
      hurt = true;
      return text.replace(' ', '_');
    };
    const serial = await openSerial({ path: board.path, baud: 115_200 });
    const stop = (): void => {
      board.child.signal('SIGSTOP');
    };
    return (await runOver(lossyLine(serial, { in: fault }), 'trace', stop)).verdict;
  };

  it('is what failed on a clean line', async () => {
    const verdict = await runUntilSilent(false);
    expect(verdict).toMatchObject({ outcome: 'failed', causeClass: 'firmware' });
    expect(verdict.summary).toMatch(/the board stopped answering/);
  });

  it('may be the line’s doing on one that showed damage', async () => {
    const verdict = await runUntilSilent(true);
    expect(verdict).toMatchObject({ outcome: 'errored', causeClass: 'link' });
    expect(verdict.summary).toMatch(/the board stopped answering.*damaged frames: 1/);
  });
});
