import { opcodeByName, type Instruction, type Opcode } from '../../../src/isa/index.ts';
import { isValues, parseNumber, parseValues } from './values.ts';

/** A program of the vectors, assembled. */
export interface Assembly {
  readonly instructions: readonly Instruction[];
  readonly labels: ReadonlyMap<string, number>;
  /** Instructions under test; the number of instructions stands for the program's end. */
  readonly marks: readonly number[];
}

/** An instruction whose immediate may still be a label. */
interface Draft {
  readonly opcode: number;
  readonly flags: number;
  readonly immediate: number | string;
}

const WORD = /^\.word 0x([\dA-Fa-f]{2})([\dA-Fa-f]{2})([\dA-Fa-f]{4})$/;
const INSTRUCTION = /^([A-Z_]+)(?:\.([A-Z]+)|\/(\d+))?(?: ([\w-]+))?(?:, (\d+))?$/;
const REPEATED = /^(NEST|SKIP) (\d+)$/;

function rowOf(name: string): Opcode {
  const row = opcodeByName(name);
  if (row === undefined) throw new Error(`there is no opcode ${name}`);
  return row;
}

function draft(name: string, immediate: number | string = 0, flags = 0): Draft {
  return { opcode: rowOf(name).code, flags, immediate };
}

/** The shortest instructions that push a value. */
function constant(value: number): Draft[] {
  if (value >= 0 && value <= 0xffff) return [draft('PUSH', value)];
  if (value < 0 && value >= -0x8000) return [draft('PUSH', value & 0xffff, 1)];
  return [draft('PUSH', value & 0xffff), draft('PUSH', value >>> 16, 2)];
}

function flagOf(row: Opcode, name: string): number {
  const names = row.flags.kind === 'choice' ? Object.entries(row.flags.names) : [];
  const found = names.find(([, text]) => text === name);
  if (found === undefined) throw new Error(`${row.name} has no flag ${name}`);
  return Number(found[0]);
}

function instruction(text: string): Draft {
  const word = WORD.exec(text);
  if (word !== null) {
    const [opcode = 0, flags = 0, immediate = 0] = word.slice(1).map((hex) => parseInt(hex, 16));
    return { opcode, flags, immediate };
  }
  const parts = INSTRUCTION.exec(text);
  if (parts === null) throw new Error(`"${text}" is no instruction`);
  const [, name = '', flag, raw, operand = '0', count] = parts;
  const row = rowOf(name);
  const flags = flag === undefined ? Number(raw ?? count ?? 0) : flagOf(row, flag);
  const number = parseNumber(operand);
  return draft(name, number === undefined ? operand : number & 0xffff, flags);
}

/** What a statement without labels and mark stands for; `at` is the index of its first instruction. */
function statement(text: string, at: number): Draft[] {
  if (isValues(text)) return parseValues(text).flatMap(constant);
  const repeated = REPEATED.exec(text);
  if (repeated === null) return [instruction(text)];
  const name = repeated[1] === 'NEST' ? 'CALL' : 'JMP';
  return Array.from({ length: Number(repeated[2]) }, (_, n) => draft(name, at + n + 1));
}

/**
 * Assembles statements separated by `;`, each with labels (`name:`) and the mark `>` of an instruction under test before it:
 *
 * - an instruction as the disassembler writes it (`PUSH.SIGNED -5`, `CALL f, 2`, `.word 0x0A000000`), with a label or number as
 *   target, an immediate also where the opcode ignores it, and `NAME/n` for flags that have no name
 * - a list of values (see values.ts), which are pushed
 * - `NEST n`: n calls without arguments, each to the instruction after it
 * - `SKIP n`: n jumps, each to the instruction after it
 * - nothing, after `>` at the end: the step at the end of the program
 */
export function assemble(code: string): Assembly {
  const drafts: Draft[] = [];
  const labels = new Map<string, number>();
  const marks: number[] = [];
  for (const whole of code.split(';')) {
    let text = whole.trim();
    for (let label = /^(\w+): ?/.exec(text); label !== null; label = /^(\w+): ?/.exec(text)) {
      labels.set(label[1] ?? '', drafts.length);
      text = text.slice(label[0].length);
    }
    if (text.startsWith('>')) {
      marks.push(drafts.length);
      text = text.slice(1).trim();
      if (text === '') continue;
    }
    drafts.push(...statement(text, drafts.length));
  }
  const instructions = drafts.map(({ opcode, flags, immediate }) => ({
    opcode,
    flags,
    immediate: typeof immediate === 'number' ? immediate : placeOf(immediate, labels),
  }));
  return { instructions, labels, marks };
}

/** An index written as a label or as a number. */
export function placeOf(text: string, labels: ReadonlyMap<string, number>): number {
  const place = labels.get(text) ?? parseNumber(text);
  if (place === undefined) throw new Error(`there is no label ${text}`);
  return place;
}

/**
 * The instructions that are executed up to the last mark, in order. What leads there may call, return and jump, but not on a
 * condition, so that this needs no machine.
 */
export function pathOf({ instructions, marks }: Assembly): number[] {
  const end = marks.at(-1);
  if (end === undefined) throw new Error('no instruction is marked');
  const [call, ret, jump] = [rowOf('CALL').code, rowOf('RET').code, rowOf('JMP').code];
  const conditional = new Set([rowOf('JMP_TRUE').code, rowOf('JMP_FALSE').code]);
  const path: number[] = [];
  const returns: number[] = [];
  for (let pc = 0; pc !== end;) {
    const current = instructions[pc];
    if (current === undefined || path.length > instructions.length)
      throw new Error(`the path to instruction ${end} is lost at ${pc}`);
    path.push(pc);
    if (conditional.has(current.opcode)) throw new Error(`a condition on the way, at ${pc}`);
    if (current.opcode === call) returns.push(pc + 1);
    if (current.opcode === call || current.opcode === jump) pc = current.immediate;
    else if (current.opcode === ret) pc = returns.pop() ?? -1;
    else pc += 1;
  }
  return [...path, end];
}
