import { compile, formatDiagnostic } from '../../../src/compiler/index.ts';
import type { Program } from '../../../src/image/index.ts';
import { disassemble, PORTS } from '../../../src/isa/index.ts';
import { createEngine, createModelIo, loadProgram, run } from '../../../src/vm/index.ts';

/** Instructions after which a test program that should have ended counts as hanging. */
const STEP_LIMIT = 2_000_000;

/** Compiles text that must be right; its diagnostics are the failure's message. */
export function compiled(source: string): Program {
  const result = compile(source, 'test.ino');
  if (result.ok) return result.program;
  throw new Error(result.diagnostics.map((each) => formatDiagnostic(each, source)).join('\n'));
}

/** Everything the compiler says about a text, formatted, in order. */
export function messages(source: string): string[] {
  const result = compile(source, 'test.ino');
  const list = result.ok ? result.warnings : result.diagnostics;
  return list.map((each) => formatDiagnostic(each, source));
}

/** `line:column: message` of every error. */
export function errors(source: string): string[] {
  const result = compile(source, 'test.ino');
  if (result.ok) return [];
  return result.diagnostics
    .filter(({ severity }) => severity === 'error')
    .map(({ line, column, message }) => `${line}:${column}: ${message}`);
}

/** The instructions of one function, or of the code before `setup` or `main`. Jump targets count from its first one. */
export function listing(source: string, name = '(start)'): string[] {
  const { instructions, debug } = compiled(source);
  const found = debug?.functions.find((each) => each.name === name);
  if (found === undefined) throw new Error(`no function ${name}`);
  return instructions.slice(found.start, found.end).map((instruction) => {
    const text = disassemble(instruction);
    const target = instruction.immediate - found.start;
    return text.startsWith('JMP') ? text.replace(/\d+$/, String(target)) : text;
  });
}

/** Instructions of statements in `main`, after declarations that stand outside of it; without its end. */
export function statements(body: string, outside = ''): string[] {
  return listing(`${outside}\nvoid main() { ${body} }`, 'main').slice(0, -1);
}

/** What a run on the reference model did. */
export interface Outcome {
  readonly end: string;
  readonly error: number;
  /** All printed text. */
  readonly text: string;
  /** Every output: port and value. */
  readonly outputs: readonly (readonly [number, number])[];
  /** Operand stack height at the end, and the greatest. */
  readonly sp: number;
  readonly maxSp: number;
  /** Instructions executed. */
  readonly executed: number;
}

/**
 * Runs a program on the reference model with the virtual clock. Output pins read back what was written, all other inputs
 * are 0, button 0 included, unless given.
 * @param inputs values by port, one of PORTS plus the pin or button id
 * @param steps instructions after which the run is broken off
 */
export function runProgram(
  program: Program,
  rounds = 1,
  inputs: readonly (readonly [number, number])[] = [],
  steps = STEP_LIMIT,
): Outcome {
  const levels = new Map(inputs);
  const outputs: (readonly [number, number])[] = [];
  let text = '';
  const pin = { adc: true, pwm: true, dac: false };
  const io = createModelIo({
    pins: Array.from({ length: 23 }, () => pin),
    buttons: 1,
    clock: 'virtual',
    executed: () => engine.executed,
    inputs: (port) => levels.get(port) ?? 0,
    onOutput: (port, value) => {
      outputs.push([port, value]);
      if (port < PORTS.ANALOG) levels.set(port, value);
    },
    onPrint: (bytes) => {
      text += Buffer.from(bytes).toString('utf8');
    },
  });
  const engine = createEngine({ io });
  loadProgram(engine, program);
  const end = run(engine, steps, rounds);
  const { error, sp, maxStackDepth: maxSp, executed } = engine;
  return { end, error, text, outputs, sp, maxSp, executed };
}

/** What statements print. `outside` stands before `main`. */
export function printed(body: string, outside = ''): string {
  const outcome = runProgram(compiled(`${outside}\nvoid main() { ${body} }`));
  return outcome.end === 'halted'
    ? outcome.text
    : `${outcome.text}<${outcome.end} ${outcome.error}>`;
}
