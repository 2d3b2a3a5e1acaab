import type { Board } from '../bench/index.ts';

export type BoardPin = Board['pins'][number];

/** Pins of the headers: those that no button has. */
export function headerPins(board: Board): BoardPin[] {
  const taken = new Set(board.buttons.map(({ pin }) => pin));
  return board.pins.filter(({ pin }) => !taken.has(pin));
}

/** Two pins that a jumper joins. */
export interface PinPair {
  readonly a: BoardPin;
  readonly b: BoardPin;
}

/** All pairs, and those of them by which analog parts are measured. */
export interface JumperPlan {
  readonly pairs: readonly PinPair[];
  /** `a` has a DAC, `b` a converter. */
  readonly dac: PinPair | undefined;
  /** `a` has PWM, `b` a converter. */
  readonly pwm: PinPair | undefined;
}

/**
 * Which header pins to join, so that all jumpers can stay in place together: a DAC with a converter, PWM with a converter, and the
 * others as they stand side by side. A pin left over has no partner.
 */
export function jumperPlan(board: Board): JumperPlan {
  const left = [...headerPins(board)];
  const take = (fits: (pin: BoardPin) => boolean, from = left): BoardPin | undefined => {
    const pin = from.find(fits);
    if (pin !== undefined) left.splice(left.indexOf(pin), 1);
    return pin;
  };
  const join = (a: BoardPin | undefined, b: () => BoardPin | undefined): PinPair | undefined => {
    const other = a && b();
    return a === undefined || other === undefined ? undefined : { a, b: other };
  };
  // PWM wins over the DAC where a pin has both.
  const dac = join(
    take((pin) => pin.dac !== undefined && pin.pwm === undefined),
    () => take((pin) => pin.adc !== undefined),
  );
  const pwm = join(
    take((pin) => pin.pwm !== undefined && pin.adc === undefined, left.toReversed()),
    () => take((pin) => pin.adc !== undefined),
  );
  const pairs = [dac, pwm].filter((pair) => pair !== undefined);
  while (left.length > 1) {
    const [a, b] = left.splice(0, 2);
    if (a !== undefined && b !== undefined) pairs.push({ a, b });
  }
  return { pairs, dac, pwm };
}

/** `D0-D1`. */
export const pairName = ({ a, b }: PinPair): string => `${a.name}-${b.name}`;

/** The question whether a jumper is in its place. */
export const jumperQuestion = (pair: PinPair): string =>
  `Join ${pair.a.name} (${pair.a.at.text}) and ${pair.b.name} (${pair.b.at.text}) by a jumper wire. Are they joined?`;
