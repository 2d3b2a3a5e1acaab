import type { Board } from '../../bench/index.ts';
import { levelsDuring } from '../edges.ts';
import {
  headerPins,
  jumperPlan,
  jumperQuestion,
  pairName,
  type BoardPin,
  type PinPair,
} from '../pairs.ts';
import { highSketch, lowSketch, outputSketch } from '../sketches.ts';
import { judged, skipped, type Finding, type Step, type StepTools } from '../step.ts';

/** Two sketches of some steps, each uploaded and run within 1 s even on a busy host. */
const PIN_MS = 20_000;

/** What {@link outputSketch} prints of a pin that works. */
const OUTPUT = [
  { what: 'output high', level: 1 },
  { what: 'output low', level: 0 },
  { what: 'pull-up', level: 1 },
  { what: 'pull-down', level: 0 },
] as const;
const OUTPUT_LEVELS: readonly number[] = OUTPUT.map(({ level }) => level);
/** The native board tells its outputs' levels only, and not what a pull resistor does. */
const DRIVEN_LEVELS = OUTPUT_LEVELS.slice(0, 2);

/** Whether the pin has something on it that a pull resistor can't lift: an LED. */
const hasLed = (board: Board, { pin }: BoardPin): boolean => board.aliases.LED_BUILTIN === pin;

async function runOutput(pin: BoardPin, tools: StepTools): Promise<Finding> {
  const { bench } = tools;
  const { pins } = bench;
  const wanted = bench.kind === 'native' ? DRIVEN_LEVELS : OUTPUT_LEVELS;
  let lines: readonly string[] = [];
  const work = async (): Promise<void> => {
    ({ lines } = await bench.sketch(outputSketch(pin.pin), { clock: 'real' }));
  };
  const seen =
    pins === undefined
      ? (await work(), undefined)
      : await levelsDuring(pins, pin.pin, wanted.length, work, tools);
  const lit = bench.kind === 'nucleo' && hasLed(bench.board, pin);
  const wrong = OUTPUT.flatMap(({ what, level }, index) => {
    if (what === 'pull-up' && lit) return [];
    return lines[index] === String(level) ? [] : [`${what} reads ${lines[index] ?? 'nothing'}`];
  });
  if (seen !== undefined && seen.join() !== wanted.join()) {
    wrong.push(`from outside the pin went ${seen.join(' ') || 'nowhere'}`);
  }
  const unjudged = lit ? '; pull-up not judged: the LED holds the pin down' : '';
  const outside = seen === undefined ? '' : `; from outside ${seen.join(' ')}`;
  return judged(wrong, `reads ${lines.join(' ')}${outside}${unjudged}`);
}

function outputStep(pin: BoardPin): Step {
  return {
    id: `pin/${pin.name}/output`,
    title: `${pin.name} (${pin.at.text}) as output, pulled up and down`,
    expects: `reads ${OUTPUT.map(({ what, level }) => `${level} as ${what}`).join(', ')}, and goes so outside where that can be seen`,
    limitMs: PIN_MS,
    run: (tools) => runOutput(pin, tools),
  };
}

/** What drives a pin from outside: the harness, or the pin at the other end of a jumper. */
interface Driving {
  /** In words. */
  readonly by: string;
  readonly driver: number | undefined;
  readonly during: <T>(level: 0 | 1, work: () => Promise<T>) => Promise<T>;
}

async function drivingOf(
  pin: BoardPin,
  pair: PinPair | undefined,
  { bench, person }: StepTools,
): Promise<Driving | string> {
  const { pins } = bench;
  if (pins !== undefined) {
    const during = async <T>(level: 0 | 1, work: () => Promise<T>): Promise<T> => {
      await pins.drive(pin.pin, level);
      try {
        return await work();
      } finally {
        await pins.release(pin.pin);
      }
    };
    return { by: 'driven from outside', driver: undefined, during };
  }
  if (pair === undefined) return `${pin.name} has no partner for a jumper`;
  const name = pairName(pair);
  const placed = await person.lasting(`jumper ${name}`, jumperQuestion(pair));
  if (placed !== true) return `the jumper ${name} is not in place`;
  const other = pair.a === pin ? pair.b : pair.a;
  return { by: `driven by ${other.name}`, driver: other.pin, during: (_, work) => work() };
}

/** One bit of a printed number. */
const bitOf = (line: string | undefined, bit: number): string =>
  line === undefined ? 'nothing' : String((Number(line) >>> bit) & 1);

async function runInput(
  pin: BoardPin,
  pair: PinPair | undefined,
  tools: StepTools,
): Promise<Finding> {
  const { bench } = tools;
  const driving = await drivingOf(pin, pair, tools);
  if (typeof driving === 'string') return skipped(driving);
  const { by, driver, during } = driving;
  const all = headerPins(bench.board);
  const numbers = all.map((one) => one.pin);
  const how = { clock: 'real' } as const;
  const high = await during(1, () => bench.sketch(highSketch(numbers, driver), how));
  const low = await during(0, () => bench.sketch(lowSketch(pin.pin, driver), how));
  const wrong = all.flatMap(({ name, pin: number }, index) => {
    if (number === driver) return [];
    const expected = number === pin.pin ? '1' : '0';
    const read = bitOf(high.lines[0], index);
    return read === expected ? [] : [`with ${pin.name} ${by} high, ${name} reads ${read}`];
  });
  const lowRead = low.lines[0] ?? 'nothing';
  if (lowRead !== '0') wrong.push(`${by} low it reads ${lowRead}`);
  const highRead = bitOf(high.lines[0], numbers.indexOf(pin.pin));
  return judged(wrong, `${by}: reads ${highRead} and ${lowRead}`);
}

function inputStep(pin: BoardPin, pair: PinPair | undefined): Step {
  return {
    id: `pin/${pin.name}/input`,
    title: `${pin.name} (${pin.at.text}) as input`,
    expects:
      'reads 1 when driven high, and no other pin does; reads 0 when driven low against its pull-up',
    limitMs: PIN_MS,
    run: (tools) => runInput(pin, pair, tools),
  };
}

/** Each header pin as output and as input. */
export function pinSteps(board: Board): Step[] {
  const { pairs } = jumperPlan(board);
  return headerPins(board).flatMap((pin) => [
    outputStep(pin),
    inputStep(
      pin,
      pairs.find(({ a, b }) => a === pin || b === pin),
    ),
  ]);
}
