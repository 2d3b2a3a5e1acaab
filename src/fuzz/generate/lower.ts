import { LIMITS, PIN_MODES } from '../../isa/index.ts';
import type { Program } from '../../image/index.ts';
import { Assembler, type Label } from './assembler.ts';
import type {
  BinaryName,
  Expression,
  FunctionSyntax,
  PrintPiece,
  ProgramSyntax,
  Statement,
} from './syntax.ts';

/** Makes a program of its syntax. Its shape is always right; what it does may fault. */
export function lowerProgram(syntax: ProgramSyntax): Program {
  const code = new Assembler();
  const functions = syntax.functions.map((it) => ({ syntax: it, label: code.label() }));
  for (const [id, size] of syntax.arrays.entries()) {
    code.constant(size);
    code.emit('CREATE_ARRAY', id);
  }
  const main = new FunctionLowering(code, syntax.arrays, functions, -1);
  main.block(syntax.setup);
  let loop: number | undefined;
  if (syntax.loop === undefined) {
    code.emit('HALT');
  } else {
    loop = code.pc;
    const start = code.label();
    code.place(start);
    main.block(syntax.loop);
    code.jump('JMP', start);
  }
  for (const [index, { syntax: it, label }] of functions.entries()) {
    code.place(label);
    new FunctionLowering(code, syntax.arrays, functions, index).whole(it);
  }
  return { instructions: code.finish(), strings: code.strings, entry: 0, loop, debug: undefined };
}

interface Callee {
  readonly syntax: FunctionSyntax;
  readonly label: Label;
}

/** Lowers one function, knowing at each point how many values its frame has. */
class FunctionLowering {
  readonly #code: Assembler;
  readonly #arrays: readonly number[];
  readonly #functions: readonly Callee[];
  /** Which function this is; -1 = the code before all of them. */
  readonly #self: number;
  /** Values in the frame now. */
  #depth = 0;
  /** Those at the bottom that statements may store to. */
  #variables = 0;

  constructor(
    code: Assembler,
    arrays: readonly number[],
    functions: readonly Callee[],
    self: number,
  ) {
    this.#code = code;
    this.#arrays = arrays;
    this.#functions = functions;
    this.#self = self;
  }

  whole(syntax: FunctionSyntax): void {
    for (let index = 0; index < syntax.variables; index += 1) this.#code.constant(index);
    this.#depth = syntax.parameters + syntax.variables;
    this.#variables = this.#depth;
    this.block(syntax.body);
    this.#return(syntax.result);
  }

  block(statements: readonly Statement[]): void {
    for (const statement of statements) this.#statement(statement);
  }

  #return(value: Expression | undefined): void {
    if (value === undefined) {
      this.#code.emit('RET');
      return;
    }
    this.#push(value);
    this.#code.emit('RET', 0, 1);
    this.#depth -= 1;
  }

  #statement(it: Statement): void {
    const code = this.#code;
    switch (it.kind) {
      case 'setGlobal':
        this.#push(it.value);
        this.#emit('STORE_GLOBAL', -1, it.id);
        return;
      case 'setLocal':
        this.#push(it.value);
        if (this.#variables === 0) this.#emit('POP', -1);
        else this.#emit('STORE_LOCAL', -1, it.slot % this.#variables);
        return;
      case 'setElement':
        this.#index(it.index, it.array, it.guarded);
        this.#push(it.value);
        this.#emit('STORE_ARRAY', -2, it.array);
        return;
      case 'drop':
        this.#push(it.value);
        this.#emit('POP', -1);
        return;
      case 'if':
        this.#if(it);
        return;
      case 'loop':
        this.#loop(it.times, it.body);
        return;
      case 'write':
        this.#write(it);
        return;
      case 'delay':
        this.#push(it.ms);
        if (it.guarded) this.#with('BITWISE_AND', 0x7fff_ffff);
        this.#emit('DELAY', -1);
        return;
      case 'print':
        this.#print(it.pieces, it.surplus);
        return;
      case 'return':
        // In the code before all functions: a RET without a frame.
        this.#return(it.value);
        return;
      case 'pile':
        for (let height = 0; height < it.height; height += 1) code.constant(height);
        for (let height = 0; height < it.height; height += 1) code.emit('POP');
        return;
    }
  }

  #emit(name: Parameters<Assembler['emit']>[0], change: number, immediate = 0, flags = 0): void {
    this.#code.emit(name, immediate, flags);
    this.#depth += change;
  }

  #constant(value: number): void {
    this.#code.constant(value);
    this.#depth += 1;
  }

  /** Combines the top value with a constant. */
  #with(name: BinaryName, value: number): void {
    this.#constant(value);
    this.#emit(name, -1);
  }

  #push(it: Expression): void {
    switch (it.kind) {
      case 'constant':
        this.#constant(it.value);
        return;
      case 'global':
        this.#emit('LOAD_GLOBAL', 1, it.id);
        return;
      case 'local':
        if (this.#depth === 0) this.#constant(it.slot);
        else this.#emit('LOAD_LOCAL', 1, it.slot % this.#depth);
        return;
      case 'element':
        this.#index(it.index, it.array, it.guarded);
        this.#emit('LOAD_ARRAY', 0, it.array);
        return;
      case 'unary':
        this.#push(it.operand);
        this.#emit(it.opcode, 0);
        return;
      case 'binary':
        this.#push(it.left);
        this.#push(it.right);
        if (it.guarded) this.#guard(it.opcode);
        this.#emit(it.opcode, -1);
        return;
      case 'call':
        this.#call(it);
        return;
      case 'read':
        this.#constant(it.pin);
        this.#emit(it.opcode, 0);
        return;
      case 'time':
        this.#emit(it.opcode, 1);
        return;
    }
  }

  #guard(opcode: BinaryName): void {
    if (opcode === 'DIV' || opcode === 'MOD') this.#with('BITWISE_OR', 1);
    if (opcode === 'SHIFT_LEFT' || opcode === 'SHIFT_RIGHT') this.#with('BITWISE_AND', 31);
  }

  /** Pushes an index; masked to the largest power of two within the array's size when guarded. */
  #index(index: Expression, array: number, guarded: boolean): void {
    this.#push(index);
    if (!guarded) return;
    const size = this.#arrays[array] ?? 1;
    this.#with('BITWISE_AND', size < 1 ? 0 : 2 ** Math.floor(Math.log2(size)) - 1);
  }

  #call(it: Extract<Expression, { kind: 'call' }>): void {
    const first = it.any ? 0 : this.#self + 1;
    const count = this.#functions.length - first;
    const callee = count > 0 ? this.#functions[first + (it.callee % count)] : undefined;
    if (callee === undefined) {
      this.#constant(it.callee);
      return;
    }
    const { parameters, result } = callee.syntax;
    for (let index = 0; index < parameters; index += 1) {
      this.#push(it.operands[index] ?? { kind: 'constant', value: index });
    }
    this.#code.jump('CALL', callee.label, parameters);
    this.#depth -= parameters;
    if (result === undefined) this.#constant(0);
    else this.#depth += 1;
  }

  #if(it: Extract<Statement, { kind: 'if' }>): void {
    const code = this.#code;
    const [other, end] = [code.label(), code.label()];
    this.#push(it.condition);
    code.jump(it.jump, other);
    this.#depth -= 1;
    this.block(it.then);
    if (it.otherwise.length > 0) code.jump('JMP', end);
    code.place(other);
    this.block(it.otherwise);
    code.place(end);
  }

  /** The counter is a value of the frame that no statement stores to, so that every loop ends. */
  #loop(times: number, body: readonly Statement[]): void {
    const code = this.#code;
    const start = code.label();
    const counter = this.#depth;
    this.#constant(times);
    code.place(start);
    this.block(body);
    this.#emit('LOAD_LOCAL', 1, counter);
    this.#with('SUB', 1);
    this.#emit('STORE_LOCAL', -1, counter);
    this.#emit('LOAD_LOCAL', 1, counter);
    code.jump('JMP_TRUE', start);
    this.#depth -= 1;
    this.#emit('POP', -1);
  }

  #write(it: Extract<Statement, { kind: 'write' }>): void {
    if (it.opcode === 'DIGITAL_WRITE') {
      this.#constant(it.pin);
      this.#constant(PIN_MODES.OUTPUT);
      this.#emit('PIN_MODE', -2);
    }
    this.#constant(it.pin);
    this.#push(it.value);
    if (it.opcode === 'PIN_MODE') this.#with('BITWISE_AND', 3);
    if (it.opcode === 'ANALOG_WRITE') this.#with('BITWISE_AND', 0xff);
    this.#emit(it.opcode, -2);
  }

  #print(pieces: readonly PrintPiece[], surplus: number): void {
    const format: Uint8Array[] = [];
    let count = 0;
    for (const piece of pieces) {
      if (piece.kind === 'text') {
        format.push(piece.bytes);
        continue;
      }
      format.push(Buffer.from(`%${piece.modifiers}${piece.type}`));
      if (count === LIMITS.PRINT_ARGUMENTS) continue;
      this.#push(piece.argument);
      count += 1;
    }
    const given = Math.min(count + surplus, LIMITS.PRINT_ARGUMENTS);
    for (; count < given; count += 1) this.#constant(count);
    const bytes = Uint8Array.from(Buffer.concat(format)).subarray(0, LIMITS.PRINT_LENGTH);
    this.#emit('PRINTF', -count, this.#code.string(bytes), count);
  }
}
