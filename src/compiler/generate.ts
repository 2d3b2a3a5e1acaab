/** A typed program to instructions, strings and debug information. */
import { createHash } from 'node:crypto';
import type { Program } from '../image/index.ts';
import { LIMITS } from '../isa/index.ts';
import { newLabel, type Label } from './assembly.ts';
import type { Diagnostics, Span } from './diagnostics.ts';
import { FunctionCode, StringTable, type ProgramContext } from './generate-context.ts';
import { generateEffect } from './generate-expression.ts';
import { generateStatement } from './generate-statement.ts';
import { layOut, type Section } from './layout.ts';
import { RET_VALUE } from './opcode-names.ts';
import { optimiseCode } from './optimise-code.ts';
import { optimiseEffect } from './optimise-expression.ts';
import { optimiseFunction } from './optimise-statement.ts';
import { checkStackUse } from './stack-check.ts';
import { stackUse } from './stack-use.ts';
import { FUNCTION_BODY } from './statement-context.ts';
import type { FunctionSymbol, TypedExpression, TypedFunction, TypedProgram } from './typed.ts';

/** Name of the code before `setup` or `main` in debug information. Not a name that a sketch can give. */
const START = '(start)';

const START_SPAN: Span = { line: 1, column: 1, length: 1 };

interface Generated {
  readonly program: Program;
  readonly spans: readonly Span[];
}

/** Generates a program that has no errors. What is too large for the machine goes to `diagnostics`. */
export function generateProgram(
  typed: TypedProgram,
  source: string,
  diagnostics: Diagnostics,
): Program {
  const optimised = { ...typed, functions: typed.functions.map(optimiseFunction) };
  const sha256 = createHash('sha256').update(source).digest('hex');
  const file = { name: diagnostics.file, sha256, text: source };
  const generate = (mayHoist: boolean): Generated =>
    assemble(optimised, file, diagnostics, mayHoist);
  const fast = generate(true);
  // Values kept for loops cost stack. A program gets them when it is known that there is room.
  const { program, spans } = stackUse(fast.program)?.fits === true ? fast : generate(false);
  checkSize(typed, program, diagnostics);
  checkStackUse(program, spans, diagnostics);
  return program;
}

type SourceFile = NonNullable<Program['debug']>['files'][number];

function assemble(
  typed: TypedProgram,
  file: SourceFile,
  diagnostics: Diagnostics,
  mayHoist: boolean,
): Generated {
  const labels = new Map<FunctionSymbol, Label>();
  const labelOf = (symbol: FunctionSymbol): Label => {
    const label = labels.get(symbol) ?? newLabel();
    labels.set(symbol, label);
    return label;
  };
  const strings = new StringTable();
  const context: ProgramContext = { strings, labelOf, mayHoist };
  const loop = newLabel();
  const sections = [
    generateStart(typed, new FunctionCode(context, []), loop),
    ...typed.functions.map((each) => generateFunction(each, context, diagnostics)),
  ];
  const { instructions, lines, functions, spans } = layOut(sections);
  const debug = {
    files: [file],
    lines,
    functions,
    globals: typed.globals.map(({ name, id }) => ({ name, id })),
    arrays: typed.arrays.map(({ name, id, length }) => ({ name, id, length })),
  };
  return {
    program: { instructions, strings: strings.texts, entry: 0, loop: loop.pc, debug },
    spans,
  };
}

/** Globals are 0 when a program starts. */
function isNeeded(initializer: TypedExpression): boolean {
  if (initializer.kind !== 'assign' || initializer.place.kind !== 'variable') return true;
  return initializer.value.kind !== 'constant' || initializer.value.value !== 0;
}

/** Arrays, initial values, then `setup` and `loop` for ever, or `main` and the end. */
function generateStart(typed: TypedProgram, to: FunctionCode, loop: Label): Section {
  const { code, program } = to;
  for (const { id, length, span } of typed.arrays) {
    code.push(length, span);
    code.emit('CREATE_ARRAY', span, id);
  }
  for (const initializer of typed.initializers.filter(isNeeded)) {
    generateEffect(to, optimiseEffect(initializer));
  }
  if (typed.entry.kind === 'main') {
    const { main } = typed.entry;
    code.call(program.labelOf(main), main.span, 0, main.result !== 'void');
    if (main.result !== 'void') code.emit('POP', main.span);
    code.emit('HALT', main.span);
  } else {
    const { setup, loop: again } = typed.entry;
    code.call(program.labelOf(setup), setup.span, 0, false);
    code.bind(loop);
    code.call(program.labelOf(again), again.span, 0, false);
    code.emit('JMP', again.span, loop);
  }
  return { name: START, items: optimiseCode(code.items), names: [] };
}

function generateFunction(
  { symbol, parameters, body, end }: TypedFunction,
  context: ProgramContext,
  diagnostics: Diagnostics,
): Section {
  const to = new FunctionCode(context, parameters);
  const { code } = to;
  const { name, result } = symbol;
  // Everything in a function's frame ends with it: its body is no block that drops its variables.
  const items = body.kind === 'block' ? body.items : [body];
  generateStatement(to, { kind: 'declarations', items }, FUNCTION_BODY);
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
  const begin = { kind: 'label', label: context.labelOf(symbol) } as const;
  return { name, items: optimiseCode([begin, ...to.finish()]), names: to.names };
}

function checkSize(
  { functions: [first] }: TypedProgram,
  { instructions, strings }: Program,
  diagnostics: Diagnostics,
): void {
  const span = first?.symbol.span ?? START_SPAN;
  if (instructions.length > LIMITS.PROGRAM_LENGTH) {
    const message = `the program has ${instructions.length} instructions, more than ${LIMITS.PROGRAM_LENGTH}`;
    diagnostics.error(span, message, 'make it shorter');
  }
  // String ids and counts are 16 bits.
  if (strings.length > 0xffff) {
    diagnostics.error(span, `the program has ${strings.length} texts, too many`);
  }
}
