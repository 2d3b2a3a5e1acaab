/** Whole sketches of the generated syntax. */
import { allEffects, ANY_EFFECT, isWithin, LOCAL } from './effects.ts';
import {
  BUILTIN_CONSTANTS,
  globalVariable,
  MAX_ARRAYS,
  writeArray,
  writeDefine,
  type DefineItem,
  type Item,
} from './globals.ts';
import { callableOf, finish, newFrame, type FunctionItem } from './functions.ts';
import { writeNumber } from './literals.ts';
import {
  account,
  DEPTH,
  Scope,
  type ArrayVariable,
  type Callable,
  type ProgramContext,
  type StatementSite,
  type Variable,
} from './site.ts';
import type { Body, FunctionSyntax, ProgramSyntax } from './syntax.ts';
import { PLAIN, type NamedType } from './types.ts';
import { writeCall, writeExpression } from './write-expression.ts';
import { writeBody } from './write-statement.ts';
import { LEVELS, operand, plain, written, type Written } from './written.ts';

const COUNTER = 'depth';

/** The call that makes a recursion of a function that has none yet. */
function callBack(site: StatementSite): string[] {
  const { group, uses } = site.frame;
  const [other] = group;
  if (other === undefined || uses.includes(other.name)) return [];
  const call = writeCall(site, { callee: 0, args: [] }, true);
  return call === undefined ? [] : [`${account(site, call).text};`];
}

/** One program being written. */
class ProgramWriter {
  readonly #syntax: ProgramSyntax;
  readonly #defines: DefineItem[];
  readonly #globals: Scope = new Scope();
  readonly #context: ProgramContext;
  readonly #functions: FunctionItem[] = [];

  constructor(syntax: ProgramSyntax) {
    this.#syntax = syntax;
    this.#defines = [];
    for (const [index, define] of syntax.defines.entries()) {
      const before = this.#defines.findLast(({ id }) => id.startsWith('D'));
      this.#defines.push(writeDefine(define, index, before));
    }
    const defined = this.#defines.map(({ id, type }) =>
      written({ text: id, type, level: LEVELS.primary, uses: [id] }),
    );
    const names = new Set(this.#defines.map(({ id }) => id));
    const builtin = BUILTIN_CONSTANTS.filter(({ text }) => !names.has(text));
    const arrays = Math.min(syntax.arrays.length, MAX_ARRAYS);
    this.#context = {
      ...{ constants: [...defined, ...builtin], pool: syntax.pool },
      ...{ callables: [], statics: 0, arrays },
    };
  }

  /** Functions first, as everything else may call them; they see all globals. */
  write(): { source: string; noted: Set<string> } {
    const arrays = this.#syntax.arrays.slice(0, MAX_ARRAYS).map(writeArray);
    const variables = this.#syntax.globals.map(globalVariable);
    for (const named of [...variables, ...arrays.map(({ array }) => array)]) {
      this.#globals.declare(named);
    }
    this.#writeFunctions();
    const entries = this.#writeEntries();
    const globals = this.#writeGlobals(
      variables,
      arrays.map(({ array }) => array),
    );
    return this.#assemble([...arrays.map(({ item }) => item), ...globals], entries);
  }

  #writeFunctions(): void {
    const { functions } = this.#syntax;
    for (let index = 0; index < functions.length;) {
      const syntax = functions[index];
      if (syntax === undefined) break;
      const partner = syntax.recursion === 'mutual' ? functions[index + 1] : undefined;
      const group = partner === undefined ? [syntax] : [syntax, partner];
      this.#writeGroup(group, index);
      index += group.length;
    }
  }

  /** Functions that may call each other, or one. */
  #writeGroup(group: readonly FunctionSyntax[], first: number): void {
    const recursive = group.length > 1 || group[0]?.recursion === 'self';
    const named = group.map((syntax, at) => {
      const parameters = recursive ? [PLAIN, ...syntax.parameters] : syntax.parameters;
      return { ...syntax, parameters, name: `f${first + at}` };
    });
    const unknown = named.map(({ name, result, parameters, prototype }): Callable => {
      const types = parameters.map(({ type }) => type);
      return {
        ...{ name, result: result?.type, parameters: types, counts: recursive, prototype },
        ...{ effects: ANY_EFFECT, cost: 0, words: 0, frames: 0 },
      };
    });
    const done = named.map((syntax, at) =>
      this.#writeFunction(
        syntax,
        recursive ? unknown.toSpliced(at, 1).concat(unknown[at] ?? []) : [],
      ),
    );
    const effects = allEffects(done.map(({ callable }) => callable.effects));
    const sum = (of: (it: Callable) => number): number =>
      done.reduce((total, { callable }) => total + of(callable), 0);
    // Twice on each of DEPTH levels: 1 + 2 + 4 + 8 runs.
    const cost = recursive ? 15 * sum((it) => it.cost) : sum((it) => it.cost);
    const levels = recursive ? DEPTH : 1;
    const words = Math.max(...done.map(({ callable }) => callable.words)) * levels;
    const frames = Math.max(...done.map(({ callable }) => callable.frames)) + levels - 1;
    for (const item of done) {
      const { name } = item.callable;
      const noted = [...item.noted];
      if (item.uses.includes(name)) noted.push('function recursion');
      const other = done.find((it) => it !== item && it.uses.includes(name));
      if (other !== undefined && item.uses.includes(other.callable.name)) {
        noted.push('function mutual');
      }
      const callable = { ...item.callable, effects, cost, words, frames };
      this.#functions.push({ ...item, noted, callable });
    }
    this.#context.callables = this.#functions.map(({ callable }) => callable);
  }

  #writeFunction(
    syntax: FunctionSyntax & { readonly name: string },
    group: readonly Callable[],
  ): FunctionItem {
    const { name, result, prototype, body, end } = syntax;
    const recursive = group.length > 0;
    const frame = newFrame({
      result: result?.type,
      group,
      recursive,
      counter: recursive ? COUNTER : '',
    });
    const scope = new Scope(this.#globals);
    const parameters = syntax.parameters.map(({ name: type }, at) => {
      return `${type} ${recursive && at === 0 ? COUNTER : `p${at}`}`;
    });
    for (const [at, { type }] of syntax.parameters.entries()) {
      const isCounter = recursive && at === 0;
      const own = isCounter ? COUNTER : `p${at}`;
      const base = { kind: 'variable', name: own, id: LOCAL + own, type, max: undefined } as const;
      scope.declare({ ...base, writable: !isCounter, sort: 'parameter' });
    }
    frame.slots = parameters.length;
    const site: StatementSite = {
      ...{ program: this.#context, scope, frame, factor: 1, inLoop: false, inSwitch: false },
    };
    const stop = result === undefined ? 'return;' : `return ${name.length};`;
    const lines = recursive ? [`if (${COUNTER} < 1) ${stop}`] : [];
    lines.push(...writeBody(site, body), ...callBack(site));
    if (result !== undefined) {
      lines.push(`return ${account(site, writeExpression(site, end)).text};`);
      frame.noted.push('function result', 'statement return', `type ${result.name}`);
    } else frame.noted.push('function void');
    if (parameters.length > 0) frame.noted.push('function parameters');
    if (prototype) frame.noted.push('function prototype');
    frame.noted.push(...syntax.parameters.map((type) => `type ${type.name}`));
    const head = `${result?.name ?? 'void'} ${name}(${parameters.join(', ')})`;
    return { ...finish(name, head, lines, frame), callable: callableOf(syntax, recursive, frame) };
  }

  /** setup() and loop(), or main(). */
  #writeEntries(): FunctionItem[] {
    const { setup, loop, callersFirst } = this.#syntax;
    const entry = (name: string, type: NamedType | undefined, body: Body): FunctionItem => {
      const frame = newFrame({ result: type?.type, group: [], recursive: false, counter: '' });
      const scope = new Scope(this.#globals);
      const lines = writeBody(
        { program: this.#context, scope, frame, factor: 1, inLoop: false, inSwitch: false },
        body,
      );
      frame.noted.push(name === 'main' ? 'program main' : 'program loop');
      const head = `${type?.name ?? 'void'} ${name}()`;
      const syntax = { name, result: type, parameters: [], prototype: false };
      return { ...finish(name, head, lines, frame), callable: callableOf(syntax, false, frame) };
    };
    if (loop === undefined) return [entry('main', callersFirst ? undefined : PLAIN, setup)];
    return [entry('setup', undefined, setup), entry('loop', undefined, loop)];
  }

  /** Globals with their initial values, which may use those before them, and functions that do no more than that. */
  #writeGlobals(variables: readonly Variable[], arrays: readonly ArrayVariable[]): Item[] {
    const known = new Set(arrays.map(({ id }) => id));
    const scope = new Scope();
    for (const array of arrays) scope.declare(array);
    return variables.map((variable, index) => {
      const syntax = this.#syntax.globals[index];
      const { name, id } = variable;
      const type = syntax?.type.name ?? 'int';
      const initial = this.#initialValue(index, scope, known);
      scope.declare(variable);
      known.add(id);
      const word = variable.writable ? '' : 'const ';
      const value = initial === undefined ? '' : ` = ${operand(initial, LEVELS.assign)}`;
      const lines = [`${word}${type} ${name}${value};`];
      const noted = [`type ${type}`, ...(initial?.noted ?? [])];
      const report = variable.writable ? [`  Serial.println(${name});`] : [];
      return { id, lines, uses: initial?.uses ?? [], noted, report };
    });
  }

  #initialValue(index: number, scope: Scope, known: ReadonlySet<string>): Written | undefined {
    const syntax = this.#syntax.globals[index];
    if (syntax?.literal !== undefined) return writeNumber(syntax.literal, index);
    if (syntax?.value === undefined) return syntax?.isConst === true ? plain(index) : undefined;
    // A function that is called here must be declared before.
    const callables = this.#functions
      .map(({ callable }) => callable)
      .filter(({ prototype, effects }) => prototype && isWithin(effects, known));
    const program = { ...this.#context, callables };
    const site = { program, scope, frame: undefined, factor: 1, inLoop: false, inSwitch: false };
    const value = writeExpression(site, syntax.value);
    const called = value.uses.some((id) => callables.some(({ name }) => name === id));
    const note = called ? 'variable called-global' : 'variable computed-global';
    return { ...value, noted: [note, ...value.noted] };
  }

  /** What is used, as text. */
  #assemble(globals: readonly Item[], entries: readonly FunctionItem[]): Assembled {
    const { callersFirst, loop, rounds } = this.#syntax;
    const functions = [...this.#functions, ...entries];
    const all = new Map(
      [...this.#defines, ...globals, ...functions].map((item) => [item.id, item]),
    );
    const used = new Set<Item>();
    const waiting: Item[] = [...entries];
    for (let item = waiting.pop(); item !== undefined; item = waiting.pop()) {
      if (used.has(item)) continue;
      used.add(item);
      waiting.push(...item.uses.flatMap((id) => all.get(id) ?? []));
    }
    const noted = new Set([...used].flatMap((item) => item.noted));
    const shown = functions.filter((item) => used.has(item));
    if (callersFirst) {
      if (shown.length > entries.length) noted.add('function above');
      shown.reverse();
    }
    if (loop !== undefined && rounds > 1) noted.add('program rounds');
    const last = entries.at(-1);
    const shownGlobals = globals.filter((item) => used.has(item));
    const report = shownGlobals.flatMap(({ report: lines = [] }) => lines);
    const prototypes = shown.filter(({ callable }) => callable.prototype);
    const source = [
      ...this.#defines.filter((item) => used.has(item)).flatMap(({ lines }) => lines),
      ...prototypes.map(({ head }) => `${head};`),
      ...shownGlobals.flatMap(({ lines }) => lines),
      ...shown.flatMap((item) =>
        item === last ? item.lines.toSpliced(-1, 0, ...report) : item.lines,
      ),
      '',
    ].join('\n');
    return { source, noted };
  }
}

interface Assembled {
  readonly source: string;
  readonly noted: Set<string>;
}

/** The sketch of a generated syntax, and the constructs in it. */
export function writeProgram(syntax: ProgramSyntax): Assembled {
  return new ProgramWriter(syntax).write();
}
