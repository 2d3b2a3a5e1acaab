import { LINE_PATTERNS } from '../../agent/index.ts';
import { healthText, type RateTrial } from '../../bench/index.ts';
import type { ValidationBench } from '../bench.ts';
import { atRate, failed, judged, passed, skipped, type Step } from '../step.ts';

const MCU_OF_NUCLEO = 'DBGMCU_IDCODE and unique number as the probe reads them';

/** Who the board is. */
const identity: Step = {
  id: 'identity',
  title: 'who the board is',
  expects: `the board of the bench file; by line and probe the same chip: ${MCU_OF_NUCLEO}; how it is, written down`,
  limitMs: 10_000,
  run: async ({ bench }) => {
    const found = await bench.identity();
    const { board, uid, mcuId, firmware } = found;
    const how = healthText(await bench.health());
    const measured = `board ${board}, uid ${uid}, MCU ${mcuId ?? 'not read: no probe'}, firmware ${firmware}; ${how}`;
    const wrong = board === bench.board.id ? [] : [`the bench file names board ${bench.board.id}`];
    // A chip without a number can't be told from another: no validation can be tied to it.
    if (bench.kind === 'nucleo' && /^(0+|f+)$/.test(uid)) wrong.push('the unique number is blank');
    return judged(wrong, measured);
  },
};

/** Flashing, verifying and leaving out what is there already. */
const flash: Step = {
  id: 'flash',
  title: 'flash, verify, skip if the same',
  expects:
    'an erased page is found out, the firmware is written and verified, and flashing again is skipped',
  // Flashing the longest image over USB and verifying it takes 70 s.
  limitMs: 120_000,
  run: async ({ bench }) => {
    const done = await bench.reflash();
    if (done === undefined) return skipped('the bench has no debug probe');
    const { first, second, bytes, verified } = done;
    const wrong = [
      ...(first === 'flashed' ? [] : [`with a page erased, flashing was ${first}`]),
      ...(verified ? [] : ['what was written was not verified']),
      ...(second === 'skipped' ? [] : [`with the firmware there, flashing was ${second}`]),
    ];
    return judged(wrong, `${bytes} bytes ${first}, then ${second}`);
  },
};

/** Times that all patterns are sent: 11,000 bytes both ways, some 3 s at 115200 baud. */
const PATTERN_ROUNDS = 4;

const line: Step = {
  id: 'line',
  title: 'the serial line at its rate',
  expects: 'every pattern comes back from ECHO as it was sent, without damaged frames',
  limitMs: 30_000,
  run: async ({ bench }) => {
    const before = bench.lineTrouble();
    let bytes = 0;
    for (let round = 0; round < PATTERN_ROUNDS; round += 1) {
      for (const { bytes: pattern } of LINE_PATTERNS) {
        const back = await bench.echo(pattern);
        if (!Buffer.from(back).equals(pattern)) {
          return failed('a pattern came back changed', `${bytes} bytes before it were right`);
        }
        bytes += 2 * pattern.length;
      }
    }
    const { badFrames, repeats } = bench.lineTrouble();
    const [damaged, again] = [badFrames - before.badFrames, repeats - before.repeats];
    const measured = `${bytes} bytes there and back ${atRate(bench)}, ${damaged} damaged frames, ${again} repeats`;
    // A busy host answers late and asks again: on an emulated board that is no word about a line.
    const bad = damaged > 0 || (bench.kind === 'nucleo' && again > 0);
    return judged(bad ? ['the line damages or loses what it carries'] : [], measured);
  },
};

/** Times that all patterns are sent at each rate: 10,976 bytes there and back. */
const SWEEP_ROUNDS = 4;

/** A rate, and what came of it: `921600: 10976 bytes in 0.31 s, 35.4 kB/s, damaged frames: 0, 5 ppm off`. */
function trialText(
  { baud, made, bytes, ms, damaged, why }: RateTrial,
  { kind }: Pick<ValidationBench, 'kind'>,
): string {
  // A pseudo terminal takes no time for what it carries.
  const time = `${(ms / 1000).toFixed(2)} s, ${ms > 0 ? (bytes / ms).toFixed(1) : '?'} kB/s`;
  const took = kind === 'nucleo' ? ` in ${time}` : '';
  const off = made === undefined ? '' : `, ${made.ppm} ppm off`;
  const end = why === undefined ? '' : `, does not hold: ${why}`;
  return `${baud}: ${bytes} bytes${took}, damaged frames: ${damaged}${off}${end}`;
}

const baud: Step = {
  id: 'baud',
  title: 'higher rates of the serial line',
  expects:
    'the rate that the line starts with holds; all steps after this one use the highest below the first that does not',
  // 15 kB on the line at each rate: 1.3 s both ways at 115200 baud. Six rates, each of which may fail and have the board come back in 3 s.
  limitMs: 30_000,
  run: async ({ bench }) => {
    const trials = await bench.sweepRates(SWEEP_ROUNDS);
    if (trials === undefined) return skipped('the line of this bench has no rate');
    const texts = trials.map((trial) => trialText(trial, bench));
    const [first] = trials;
    const wrong = first?.why === undefined ? [] : [`the line does not hold ${first.baud} baud`];
    return judged(wrong, [...texts, `the line is at ${bench.baud ?? '?'} baud`].join('; '));
  },
};

const ROUND_TRIPS = 200;
/**
 * ECHO of 1 byte and its reply are some 40 bytes, 3.5 ms at 115200 baud; USB full speed adds up to 2 ms on either way (a frame is 1 ms,
 * USB 2.0 5.3.3). About three times that.
 */
const ROUND_TRIP_MS = 25;

const at = (sorted: readonly number[], part: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? 0;

const roundTrip: Step = {
  id: 'round-trip',
  title: 'round-trip time',
  expects: `${ROUND_TRIPS} requests of one byte answered; on a real board half of them within ${ROUND_TRIP_MS} ms`,
  limitMs: 30_000,
  run: async ({ bench, now }) => {
    const times: number[] = [];
    for (let count = 0; count < ROUND_TRIPS; count += 1) {
      const from = now();
      const back = await bench.echo(new Uint8Array([count & 0xff]));
      times.push(now() - from);
      if (back.length !== 1 || back[0] !== (count & 0xff)) {
        return failed(`reply ${count} is not what was sent`);
      }
    }
    times.sort((a, b) => a - b);
    const median = at(times, 0.5);
    const ms = (value: number): string => value.toFixed(2);
    const measured = `least ${ms(at(times, 0))} ms, median ${ms(median)} ms, 95 % ${ms(at(times, 0.95))} ms, most ${ms(at(times, 1))} ms`;
    const slow = bench.kind === 'nucleo' && median > ROUND_TRIP_MS;
    return slow ? failed(`the median is above ${ROUND_TRIP_MS} ms`, measured) : passed(measured);
  },
};

/** From power-up to who it is and how the line is. */
export const LINE_STEPS: readonly Step[] = [identity, flash, line, baud, roundTrip];
