import { crc32 } from 'node:zlib';
import { connectAgent, type Agent } from '../../../src/agent/index.ts';
import { buildImage, stripDebug, type Program } from '../../../src/image/index.ts';
import { type Effect } from '../../../src/isa/index.ts';
import { createChannel, createLinePair } from '../../../src/link/index.ts';
import { runLockstep, type LockstepSettings } from '../../../src/lockstep/index.ts';
import {
  createEngine,
  createModelIo,
  loadProgram,
  snapshot,
  stateHash,
  stepWithEffect,
  type Engine,
} from '../../../src/vm/index.ts';
import { FakeAgent, type FakeSettings } from '../../helpers/fake-agent.ts';
import type { FakeDigestSettings } from '../../helpers/fake-digest.ts';

/** A board whose VM is the model's engine, with something wrong where a test wants it. */
export interface BoardSettings {
  readonly program: Program;
  /** Most steps that it makes. */
  readonly steps: number;
  /** What it reads from a port at a step. */
  readonly read?: (port: number, step: number) => number;
  /** Called before each step; may change the engine. */
  readonly before?: (engine: Engine, step: number) => void;
  /** Changes what the board says of a step. */
  readonly say?: (effect: Effect, step: number) => Effect;
  /** Effects after the end. */
  readonly more?: readonly Effect[];
  readonly digest?: FakeDigestSettings;
  readonly fake?: FakeSettings;
  readonly realClock?: boolean;
}

export const PINS = [{ adc: true, pwm: false, dac: false }];
const CLOCK = { real: 'real', virtual: 'virtual' } as const;

/** Lays a region out as long as a board has it. */
const padded = (bytes: Uint8Array, length: number): Uint8Array => {
  const whole = new Uint8Array(length);
  whole.set(bytes);
  return whole;
};

/** Executes a program as the board would and answers as its agent. */
export function boardWith(settings: BoardSettings) {
  const { program, steps } = settings;
  let step = 0;
  const io = createModelIo({
    pins: PINS,
    buttons: 1,
    clock: settings.realClock === true ? CLOCK.real : CLOCK.virtual,
    executed: () => engine.executed,
    inputs: (port) => settings.read?.(port, step) ?? 0,
  });
  const engine = createEngine({ io });
  loadProgram(engine, program);
  const effects: Effect[] = [];
  const states: number[] = [stateHash(engine)];
  for (; step < steps; step += 1) {
    settings.before?.(engine, step);
    const effect = stepWithEffect(engine);
    if (effect === undefined) break;
    effects.push(settings.say?.(effect, step) ?? effect);
    states.push(stateHash(engine));
  }
  effects.push(...(settings.more ?? []));
  const left = snapshot(engine);
  const reason = engine.error !== 0 ? 'fault' : engine.halted ? 'halted' : 'steps';
  const [host, far] = createLinePair();
  const fake = new FakeAgent(far, {
    effects,
    peek: (region) => {
      const lengths: Record<string, number> = { stack: 512, frames: 192 };
      const bytes = (left as unknown as Record<string, Uint8Array>)[region];
      return bytes === undefined ? undefined : padded(bytes, lengths[region] ?? bytes.length);
    },
    digest: {
      state: (end) => states[end] ?? 0,
      imageCrc: () => crc32(stripDebug(buildImage(program))),
      realClock: settings.realClock === true,
      ...settings.digest,
    },
    ...settings.fake,
    status: (values) => {
      const done = values.state === 'done';
      const { pc, sp, depth, error } = engine;
      const end = { reason: done ? reason : 'none', pc, sp, depth, rounds: engine.rounds };
      const fault = done && error !== 0 ? { error, steps: Number(values.steps) - 1 } : {};
      const so = { ...values, ...end, ...fault };
      return settings.fake?.status?.(so) ?? so;
    },
  });
  const agent = connectAgent(createChannel(fake.hostLine(host)));
  return { agent, fake, effects, engine };
}

/** Runs a program in lockstep with a board, in epochs of `epoch` steps or, without that, in trace mode. */
export function lockstep(
  board: { readonly agent: Agent },
  settings: BoardSettings,
  comparison: NonNullable<LockstepSettings['comparison']>,
  more: Partial<LockstepSettings> = {},
) {
  let now = 0;
  return runLockstep({
    agent: board.agent,
    vm: 0,
    program: settings.program,
    comparison,
    clock: settings.realClock === true ? CLOCK.real : CLOCK.virtual,
    steps: settings.steps,
    loops: 0,
    pins: PINS,
    buttons: 1,
    now: () => (now += 1),
    ...more,
  });
}
