import { delaySketch, manyDelaysSketch } from '../sketches.ts';
import {
  failed,
  judged,
  passed,
  skipped,
  type Finding,
  type Step,
  type StepTools,
} from '../step.ts';

/** Why the host's clock says nothing of a board that is a process. */
const NO_STEADY_CLOCK =
  'the bench has no steady clock: a process of this machine executes the firmware when the host has time for it';

const CLOCK_MS = 3000;
/** HSI16 after factory trimming and over 0 to 85 degrees Celsius: within 1 % (DS12288, HSI16 oscillator characteristics). */
const CLOCK_PPM = 10_000;
/** Readings at either end, of which the one with the shortest round trip counts. */
const READINGS = 10;

interface Reading {
  /** Host's clock in the middle of the round trip, milliseconds. */
  readonly atMs: number;
  readonly tripMs: number;
  readonly us: number;
}

async function bestReading({ bench, now }: StepTools): Promise<Reading> {
  let best: Reading | undefined;
  for (let count = 0; count < READINGS; count += 1) {
    const from = now();
    const us = await bench.clockUs();
    const tripMs = now() - from;
    if (best === undefined || tripMs < best.tripMs) best = { atMs: from + tripMs / 2, tripMs, us };
  }
  return best ?? { atMs: 0, tripMs: 0, us: 0 };
}

const clock: Step = {
  id: 'clock',
  title: "the board's clock against the host's",
  expects: `forward, and over ${CLOCK_MS / 1000} s within ${CLOCK_PPM} ppm of the host's, the tolerance of HSI16`,
  limitMs: CLOCK_MS + 15_000,
  run: async (tools) => {
    const first = await bestReading(tools);
    await tools.sleep(CLOCK_MS);
    const last = await bestReading(tools);
    const hostUs = 1000 * (last.atMs - first.atMs);
    // Modulo 2^32: a step of 3 s over the wrap is 3 s still.
    const boardUs = (last.us - first.us) >>> 0;
    const ppm = ((boardUs - hostUs) / hostUs) * 1e6;
    // Half of either round trip.
    const doubt = ((500 * (first.tripMs + last.tripMs)) / hostUs) * 1e6;
    const measured = `${ppm.toFixed(0)} ppm, give or take ${doubt.toFixed(0)}, over ${(hostUs / 1e6).toFixed(1)} s`;
    if (boardUs === 0 || boardUs > 0x8000_0000)
      return failed('the clock does not run forward', measured);
    if (tools.bench.kind !== 'nucleo') return skipped(NO_STEADY_CLOCK, measured);
    const off = Math.abs(ppm) > CLOCK_PPM;
    return off ? failed(`more than ${CLOCK_PPM} ppm off`, measured) : passed(measured);
  },
};

/** Milliseconds. */
const DELAYS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000] as const;
const TOLERANCE = 0.005;
/** A delay is made so often that all of them take this long: USB's 2 ms at either end are 0.2 % of it. */
const HOST_SPAN_MS = 2000;

/** How far a time is off, and whether that is too much. */
function compareTimes(ms: number, seenMs: number): { text: string; wrong: string[] } {
  const off = (seenMs - ms) / ms;
  const text = `${ms} ms: ${off >= 0 ? '+' : ''}${(100 * off).toFixed(2)} %`;
  const wrong =
    Math.abs(off) <= TOLERANCE ? [] : [`a delay of ${ms} ms took ${seenMs.toFixed(3)} ms`];
  return { text, wrong };
}

function judgeAll(results: readonly { text: string; wrong: string[] }[], on: string): Finding {
  const wrong = results.flatMap((result) => result.wrong);
  return judged(wrong, `${on}: ${results.map(({ text }) => text).join(', ')}`);
}

const boardDelays: Step = {
  id: 'delay/board',
  title: "delays on the board's own clock",
  expects: `delays of ${DELAYS[0]} to ${DELAYS.at(-1) ?? 0} ms within ${100 * TOLERANCE} %, less what no delay takes`,
  limitMs: 30_000,
  run: async ({ bench }) => {
    const which = bench.kind === 'nucleo' ? 'real' : 'virtual';
    const { lines } = await bench.sketch(delaySketch(DELAYS), { clock: which });
    const us = lines.map(Number);
    const [none = NaN, ...seen] = us;
    if (us.length !== DELAYS.length + 1 || us.some((value) => !Number.isFinite(value))) {
      return failed('the sketch did not print a time for each delay', lines.join(' '));
    }
    const results = DELAYS.map((ms, index) =>
      compareTimes(ms, ((seen[index] ?? NaN) - none) / 1000),
    );
    const on =
      which === 'virtual' ? 'on the virtual clock, where a delay passes at once' : 'by micros()';
    return judgeAll(results, on);
  },
};

const hostDelays: Step = {
  id: 'delay/host',
  title: "delays on the host's clock",
  expects: `each of them, made for ${HOST_SPAN_MS / 1000} s, within ${100 * TOLERANCE} %, less what as many of no delay take`,
  // Eleven spans of 2 s, as many runs without delay, and a factor of two.
  limitMs: 2 * DELAYS.length * (HOST_SPAN_MS + 1000),
  run: async ({ bench }) => {
    if (bench.kind !== 'nucleo') return skipped(NO_STEADY_CLOCK);
    const results = [];
    for (const ms of DELAYS) {
      const times = Math.ceil(HOST_SPAN_MS / ms);
      const how = { clock: 'real' } as const;
      const none = await bench.sketch(manyDelaysSketch(0, times), how);
      const some = await bench.sketch(manyDelaysSketch(ms, times), how);
      results.push(compareTimes(ms, (some.ms - none.ms) / times));
    }
    return judgeAll(results, "by the host's clock");
  },
};

/** The board's clock and its delays. */
export const TIME_STEPS: readonly Step[] = [clock, boardDelays, hostDelays];
