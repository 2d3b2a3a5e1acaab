import type { Board } from '../../bench/index.ts';
import { jumperPlan, jumperQuestion, pairName, type PinPair } from '../pairs.ts';
import { dacSketch, pwmSketch } from '../sketches.ts';
import { failed, judged, skipped, type Step, type StepTools } from '../step.ts';

const ANALOG_MS = 30_000;
/** Top of the converter's range. */
const FULL = 4095;
/** The DAC's buffer doesn't reach the rails by 0.2 V (DS12288, DAC characteristics): values within 0.5 V of neither. */
const DAC_VALUES = [48, 96, 128, 160, 208] as const;
/** Gain and offset of DAC and converter together, uncalibrated: 2 % of the range. */
const DAC_TOLERANCE = 0.02 * FULL;
/** The mean of 1,000 reads of a level that is high half of the time has a standard deviation of 1.6 % of the range; three of them. */
const PWM_TOLERANCE = 0.05 * FULL;

/** Why a converter can't be used for this; undefined when it can. */
async function hindrance(
  pair: PinPair | undefined,
  { bench, person }: StepTools,
): Promise<string | undefined> {
  if (!bench.hello.adc) return 'the board has no converter';
  if (bench.kind !== 'nucleo') return 'pins of a process have no wires between them';
  if (pair === undefined) return 'the board file names no two pins for it';
  const name = pairName(pair);
  const placed = await person.lasting(`jumper ${name}`, jumperQuestion(pair));
  return placed === true ? undefined : `the jumper ${name} is not in place`;
}

function dacStep(pair: PinPair | undefined): Step {
  return {
    id: 'analog/dac',
    title: 'converter against DAC',
    expects: `what the DAC puts out is read within 2 % of the range, at ${DAC_VALUES.length} values`,
    limitMs: ANALOG_MS,
    run: async (tools) => {
      const why = await hindrance(pair, tools);
      if (why !== undefined || pair === undefined) return skipped(why ?? '');
      const source = dacSketch(pair.a.pin, pair.b.pin, DAC_VALUES);
      const { lines } = await tools.bench.sketch(source, { clock: 'real' });
      const wrong = DAC_VALUES.flatMap((value, index) => {
        const wanted = (value * FULL) / 255;
        const read = Number(lines[index] ?? NaN);
        return Math.abs(read - wanted) <= DAC_TOLERANCE
          ? []
          : [`${value} of 255 reads ${read}, not ${wanted.toFixed(0)}`];
      });
      return judged(wrong, `${pairName(pair)}: ${lines.join(' ')}`);
    },
  };
}

function pwmStep(pair: PinPair | undefined): Step {
  return {
    id: 'analog/pwm',
    title: 'PWM, by the converter',
    expects: 'a duty cycle of 128 / 255 reads half of the range in the mean, within 5 %',
    limitMs: ANALOG_MS,
    run: async (tools) => {
      const why = await hindrance(pair, tools);
      if (why !== undefined || pair === undefined) return skipped(why ?? '');
      const source = pwmSketch(pair.a.pin, pair.b.pin);
      const { lines } = await tools.bench.sketch(source, { clock: 'real' });
      const mean = Number(lines[0] ?? NaN);
      const wanted = (128 * FULL) / 255;
      const off = !(Math.abs(mean - wanted) <= PWM_TOLERANCE);
      return judged(
        off ? [`the mean is ${mean}, not ${wanted.toFixed(0)}`] : [],
        `${pairName(pair)}: mean ${mean}`,
      );
    },
  };
}

/** Millivolts that MB1367's regulator makes of USB's 5 V for VDD and VDDA (UM2505). */
const VDDA_MV = 3300;
/**
 * What the reference itself leaves open is less than 1 %: the factory knew its supply to 10 mV of 3 V, and two conversions of some
 * 1,500 are a few counts off each. The rest is left to the regulator.
 */
const VDDA_TOLERANCE = 0.05;

const reference: Step = {
  id: 'analog/reference',
  title: 'converter against the internal reference',
  expects: `VDDA, from VREFINT and what the factory has noted of it, within ${100 * VDDA_TOLERANCE} % of ${VDDA_MV} mV`,
  limitMs: 5000,
  run: async ({ bench }) => {
    if (!bench.hello.adc) return skipped('the board has no converter');
    if (bench.kind !== 'nucleo') return skipped('a process has no internal reference');
    const { vdda } = await bench.health();
    if (vdda === undefined) return failed('the converter gave no value of VREFINT');
    const off = (vdda - VDDA_MV) / VDDA_MV;
    const measured = `VDDA ${vdda} mV, ${off < 0 ? '' : '+'}${(100 * off).toFixed(2)} %`;
    return judged(
      Math.abs(off) <= VDDA_TOLERANCE
        ? []
        : [`VDDA is more than ${100 * VDDA_TOLERANCE} % from ${VDDA_MV} mV`],
      measured,
    );
  },
};

/** Analog outputs measured by analog inputs. */
export function analogSteps(board: Board): Step[] {
  const { dac, pwm } = jumperPlan(board);
  return [dacStep(dac), reference, pwmStep(pwm)];
}
