/** A typed program to instructions, strings and debug information. */
import { createHash } from 'node:crypto';
import type { DebugInfo, Program } from '../image/index.ts';
import { LIMITS, type Instruction } from '../isa/index.ts';
import { Assembly, newLabel, type Item, type Label } from './assembly.ts';
import type { Diagnostics, Span } from './diagnostics.ts';
import { FunctionCode, StringTable } from './generate-context.ts';
import { generateEffect } from './generate-expression.ts';
import { generateStatement } from './generate-statement.ts';
import { RET_VALUE } from './opcode-names.ts';
import type { FunctionSymbol, TypedFunction, TypedProgram } from './typed.ts';

/** Name of the code before `setup` or `main` in debug information. Not a name that a sketch can give. */
const START = '(start)';

const START_SPAN: Span = { line: 1, column: 1, length: 1 };

const NO_TARGETS = { breakTo: undefined, continueTo: undefined };

interface Section {
  readonly name: string;
  readonly items: readonly Item[];
  readonly locals: readonly { readonly name: string; readonly slot: number }[];
}

/** Generates a program that has no errors. What is too large for the machine goes to `diagnostics`. */
export function generateProgram(
  typed: TypedProgram,
  source: string,
  diagnostics: Diagnostics,
): Program {
  const strings = new StringTable();
  const labels = new Map<FunctionSymbol, Label>();
  const labelOf = (symbol: FunctionSymbol): Label => {
    const label = labels.get(symbol) ?? newLabel();
    labels.set(symbol, label);
    return label;
  };
  const loop = newLabel();
  const start = generateStart(typed, new FunctionCode(strings, labelOf, 0), loop);
  const sections = [
    start,
    ...typed.functions.map((each) => {
      const to = new FunctionCode(strings, labelOf, each.slots);
      return generateFunction(each, to, diagnostics);
    }),
  ];
  const { instructions, lines, functions } = layOut(sections);
  checkSize(typed, instructions.length, strings.texts.length, diagnostics);
  const debug: DebugInfo = {
    files: [
      {
        name: diagnostics.file,
        sha256: createHash('sha256').update(source).digest('hex'),
        text: source,
      },
    ],
    lines,
    functions,
    globals: typed.globals.map(({ name, id }) => ({ name, id })),
    arrays: typed.arrays.map(({ name, id, length }) => ({ name, id, length })),
  };
  return { instructions, strings: strings.texts, entry: 0, loop: loop.pc, debug };
}

/** Arrays, initial values, then `setup` and `loop` for ever, or `main` and the end. */
function generateStart(typed: TypedProgram, to: FunctionCode, loop: Label): Section {
  const { code } = to;
  for (const { id, length, span } of typed.arrays) {
    code.push(length, span);
    code.emit('CREATE_ARRAY', span, id);
  }
  for (const initializer of typed.initializers) generateEffect(to, initializer);
  if (typed.entry.kind === 'main') {
    const { main } = typed.entry;
    code.emit('CALL', main.span, to.labelOf(main));
    if (main.result !== 'void') code.emit('POP', main.span);
    code.emit('HALT', main.span);
  } else {
    const { setup, loop: again } = typed.entry;
    code.emit('CALL', setup.span, to.labelOf(setup));
    code.bind(loop);
    code.emit('CALL', again.span, to.labelOf(again));
    code.emit('JMP', again.span, loop);
  }
  return { name: START, items: [...reserve(to.slots, START_SPAN), ...code.items], locals: [] };
}

/**
 * A function: all its slots are reserved at its beginning, so that every statement finds the stack at the same height and
 * RET, which drops the frame, is right wherever it stands.
 */
function generateFunction(
  { symbol, parameterCount, locals, body, end }: TypedFunction,
  to: FunctionCode,
  diagnostics: Diagnostics,
): Section {
  const { code } = to;
  const { name, span, result } = symbol;
  generateStatement(to, body, NO_TARGETS);
  if (code.reachable) {
    if (result === 'void') code.emit('RET', end);
    else {
      if (name !== 'main') {
        const message = `'${name}' can end without returning a value`;
        diagnostics.warning(end, message, "write 'return value;' at its end");
      }
      code.push(0, end);
      code.emit('RET', end, 0, RET_VALUE);
    }
  }
  const begin: Item = { kind: 'label', label: to.labelOf(symbol) };
  const items = [begin, ...reserve(to.slots - parameterCount, span), ...code.items];
  return { name, items, locals };
}

function reserve(count: number, span: Span): readonly Item[] {
  const code = new Assembly();
  for (let index = 0; index < count; index += 1) code.push(0, span);
  return code.items;
}

type Layout = Pick<DebugInfo, 'lines' | 'functions'> & { instructions: Instruction[] };

/** Gives every instruction its index, jumps their targets, and each change of place an entry in the line table. */
function layOut(sections: readonly Section[]): Layout {
  const lines: DebugInfo['lines'] = [];
  const functions: DebugInfo['functions'] = [];
  const placed: Extract<Item, { kind: 'instruction' }>[] = [];
  for (const { name, items, locals } of sections) {
    const start = placed.length;
    for (const item of items) {
      if (item.kind === 'label') item.label.pc = placed.length;
      else {
        const { line, column } = item.span;
        const last = lines.at(-1);
        if (last?.line !== line || last.column !== column) {
          lines.push({ pc: placed.length, file: 0, line, column });
        }
        placed.push(item);
      }
    }
    functions.push({ name, start, end: placed.length, locals: [...locals] });
  }
  const instructions = placed.map(({ opcode, flags, immediate }) => {
    if (typeof immediate === 'number') return { opcode, flags, immediate };
    if (immediate.pc === undefined) throw new Error('a jump without a target');
    return { opcode, flags, immediate: immediate.pc };
  });
  return { instructions, lines, functions };
}

function checkSize(
  typed: TypedProgram,
  instructions: number,
  strings: number,
  diagnostics: Diagnostics,
): void {
  const [first] = typed.functions;
  const span = first?.symbol.span ?? START_SPAN;
  if (instructions > LIMITS.PROGRAM_LENGTH) {
    const message = `the program has ${instructions} instructions, more than ${LIMITS.PROGRAM_LENGTH}`;
    diagnostics.error(span, message, 'make it shorter');
  }
  // String ids and counts are 16 bits.
  if (strings > 0xffff) diagnostics.error(span, `the program has ${strings} texts, too many`);
}
