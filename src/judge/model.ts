import { compile, formatDiagnostic, type Diagnostic } from '../compiler/index.ts';
import { errorText } from '../errors/index.ts';
import { sourceLocation, type Program } from '../image/index.ts';
import { errorName, VM_ERRORS } from '../isa/index.ts';
import { createEngine, loadProgram, step, type Engine } from '../vm/index.ts';
import type { Behaviour, Sketch } from './sketch.ts';
import { createWorld, MAX_EVENTS, TOO_MANY_EVENTS } from './world.ts';

/** What our compiler and the reference model made of a sketch. */
export type ModelResult =
  | {
      readonly kind: 'ran';
      readonly behaviour: Behaviour;
      /** Instructions of the program, and how many different ones of them were executed. */
      readonly size: number;
      readonly reached: number;
      readonly steps: number;
    }
  /** A documented limit was in the way: of the compiler, or of the machine. */
  | { readonly kind: 'limit'; readonly what: string }
  /** Refused, or the compiler threw. */
  | { readonly kind: 'refused'; readonly messages: readonly string[] };

/** Longest run, in instructions. Generated sketches are made to stay below. */
const MAX_STEPS = 400_000;

/** Messages of the compiler for a program that is right but too large for the machine; docs/language.md has the limits. */
const LIMIT_MESSAGES: readonly RegExp[] = [
  /^more than \d+ (global and static variables|arrays)$/,
  /has more than \d+ parameters and locals at a time$/,
  /^the program has \d+ (instructions|texts)/,
  /\b(stack|frames|deep)\b/,
];

function refusal(diagnostics: readonly Diagnostic[], source: string): ModelResult {
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  const limits = errors.filter(({ message }) => LIMIT_MESSAGES.some((each) => each.test(message)));
  const [first] = limits;
  if (first !== undefined && limits.length === errors.length) {
    return {
      kind: 'limit',
      what: first.message.replaceAll(/'\w+'/g, 'NAME').replaceAll(/\d+/g, 'N'),
    };
  }
  return { kind: 'refused', messages: errors.map((each) => formatDiagnostic(each, source)) };
}

/** Compiles a sketch and runs it on the reference model. */
export function runOnModel(sketch: Sketch): ModelResult {
  let result;
  try {
    result = compile(sketch.source, sketch.name);
  } catch (error) {
    return { kind: 'refused', messages: [`the compiler threw: ${errorText(error)}`] };
  }
  if (!result.ok) return refusal(result.diagnostics, sketch.source);
  return execute(result.program, sketch);
}

function execute(program: Program, { rounds, inputs }: Sketch): ModelResult {
  const { io, events } = createWorld(inputs);
  const engine = createEngine({ io });
  loadProgram(engine, program);
  const seen = new Uint8Array(program.instructions.length);
  const over = (): boolean => engine.pc === engine.loop && engine.rounds >= rounds;
  let steps = 0;
  for (; steps < MAX_STEPS && !engine.halted && !over(); steps += 1) {
    const { pc } = engine;
    if (step(engine) === 'fault') break;
    seen[pc] = 1;
  }
  if (engine.error === VM_ERRORS.STACK_OVERFLOW) return { kind: 'limit', what: 'stack overflow' };
  let end = engine.error === VM_ERRORS.NONE ? 'ended' : faultText(engine, program);
  if (steps === MAX_STEPS) end = `not ended after ${MAX_STEPS} instructions`;
  else if (events.length === MAX_EVENTS) end = TOO_MANY_EVENTS;
  const reached = seen.reduce((sum, it) => sum + it, 0);
  return {
    kind: 'ran',
    behaviour: { events, end },
    size: program.instructions.length,
    reached,
    steps,
  };
}

function faultText({ error, pc }: Engine, program: Program): string {
  const place = sourceLocation(program.debug, pc);
  const where = place === undefined ? '' : ` in line ${place.line}`;
  return `stopped with error ${error} (${errorName(error)})${where}`;
}
