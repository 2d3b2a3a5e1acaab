import type { Board, PinAccess } from '../../bench/index.ts';
import { levelsDuring } from '../edges.ts';
import { blinkSketch, readSketch } from '../sketches.ts';
import {
  failed,
  judged,
  passed,
  skipped,
  type Finding,
  type Step,
  type StepTools,
} from '../step.ts';

const BLINKS = 3;
/** Slow enough to be counted. */
const BLINK_MS = 300;
/** With nobody looking. */
const FAST_BLINK_MS = 20;
const PERSON_STEP_MS = 20_000;

async function runLed(pin: number, tools: StepTools): Promise<Finding> {
  const { bench, person } = tools;
  const { pins } = bench;
  const blink = (ms: number) => bench.sketch(blinkSketch(pin, BLINKS, ms), { clock: 'real' });
  if (pins !== undefined) {
    const wanted = Array.from({ length: 2 * BLINKS }, (_, index) => 1 - (index % 2));
    const seen = await levelsDuring(pins, pin, wanted.length, () => blink(FAST_BLINK_MS), tools);
    const wrong =
      seen.join() === wanted.join() ? [] : [`the pin went ${seen.join(' ') || 'nowhere'}`];
    return judged(wrong, `seen from outside the board: ${seen.join(' ')}`);
  }
  if (!person.present) return skipped('nobody is there to see it');
  await blink(BLINK_MS);
  const yes = await person.now(`Did the LED blink ${BLINKS} times just now?`);
  if (yes === undefined) return skipped('nobody answered');
  return yes ? passed('a person has seen it') : failed('a person has not seen it blink');
}

/** The level of a button's pin while it is held, and when it is let go. */
async function buttonLevels(
  { pin, active, name }: Board['buttons'][number],
  tools: StepTools,
): Promise<string[] | undefined> {
  const { bench, person } = tools;
  const read = async (): Promise<string> =>
    (await bench.sketch(readSketch(pin), { clock: 'real' })).lines[0] ?? 'nothing';
  if (bench.pins !== undefined)
    return drivenLevels(bench.pins, pin, active === 'high' ? 1 : 0, read);
  const held = await person.now(`Hold the button ${name} down. Is it held?`);
  if (held !== true) return undefined;
  const down = await read();
  const free = await person.now(`Let go of ${name}. Is it free?`);
  return free === true ? [down, await read()] : undefined;
}

async function drivenLevels(
  pins: PinAccess,
  pin: number,
  pressed: 0 | 1,
  read: () => Promise<string>,
): Promise<string[]> {
  await pins.drive(pin, pressed);
  try {
    const down = await read();
    await pins.release(pin);
    return [down, await read()];
  } finally {
    await pins.release(pin);
  }
}

function buttonStep(button: Board['buttons'][number]): Step {
  const { id, name, active } = button;
  return {
    id: `button/${name}`,
    title: `button ${name} pressed`,
    expects: `its pin reads ${active === 'high' ? '1 while pressed, then 0' : '0 while pressed, then 1'}, as the board file's \`active: ${active}\` of button ${id} says`,
    limitMs: PERSON_STEP_MS,
    run: async (tools) => {
      const levels = await buttonLevels(button, tools);
      if (levels === undefined) return skipped('nobody is there to press it');
      const [down, free] = levels;
      const wanted = active === 'high' ? ['1', '0'] : ['0', '1'];
      const measured = `pressed ${down ?? ''}, free ${free ?? ''}`;
      if (levels.join() === wanted.join()) return passed(measured);
      const turned = levels.join() === wanted.toReversed().join();
      return failed(
        turned
          ? `the polarity is the other one: correct \`active\` in the board file`
          : `it doesn't follow the button`,
        measured,
      );
    },
  };
}

/** What a person sees and does. */
export function personSteps(board: Board): Step[] {
  const led = board.aliases.LED_BUILTIN;
  const ledStep: Step = {
    id: 'led',
    title: 'the LED seen',
    expects: `it blinks ${BLINKS} times`,
    limitMs: PERSON_STEP_MS,
    run: (tools) =>
      led === undefined
        ? Promise.resolve(skipped('the board file names no LED_BUILTIN'))
        : runLed(led, tools),
  };
  return [ledStep, ...board.buttons.map(buttonStep)];
}
