import { BUILTIN_CONSTANTS, isBuiltin } from './builtins.ts';
import type { Diagnostics, Span } from './diagnostics.ts';
import type {
  ArraySymbol,
  FunctionSymbol,
  TypedExpression,
  ValueSymbol,
  VariableSymbol,
} from './typed.ts';
import type { ScalarType } from './types.ts';
import { LIMITS } from '../isa/index.ts';

/** A name that means nothing: its declaration is wrong and reported, or it is just being initialized. */
export type Unusable = 'damaged' | 'initializing';

/** Names of one block, and of the blocks around it. */
export class Scope {
  readonly #outer: Scope | undefined;
  readonly #symbols = new Map<string, ValueSymbol | Unusable>();

  constructor(outer?: Scope) {
    this.#outer = outer;
  }

  find(name: string): ValueSymbol | Unusable | undefined {
    return this.#symbols.get(name) ?? this.#outer?.find(name);
  }

  findHere(name: string): ValueSymbol | Unusable | undefined {
    return this.#symbols.get(name);
  }

  set(name: string, symbol: ValueSymbol | Unusable): void {
    this.#symbols.set(name, symbol);
  }

  /** All names visible here. */
  names(): string[] {
    return [...this.#symbols.keys(), ...(this.#outer?.names() ?? [])];
  }
}

/** The function whose body is being checked. */
export interface FunctionContext {
  readonly symbol: FunctionSymbol;
  /** Parameters and locals that are visible. */
  nextSlot: number;
}

/** What is known about the file while it is checked. */
export interface CheckContext {
  readonly diagnostics: Diagnostics;
  readonly damagedNames: ReadonlySet<string>;
  readonly functions: Map<string, FunctionSymbol>;
  /** Lines of the variables of the file, also of those that are not declared yet. */
  readonly laterNames: ReadonlyMap<string, number>;
  /** Functions that are declared in several ways: reported, and calls are not compared with any of them. */
  readonly conflicting: Set<string>;
  /** Names without a declaration that have been reported. */
  readonly unknownNames: Set<string>;
  readonly globals: { readonly name: string; readonly id: number; readonly span: Span }[];
  readonly arrays: ArraySymbol[];
  /** Initial values that are known before the program runs, and those that are not, in order. */
  readonly constantInitializers: TypedExpression[];
  readonly computedInitializers: TypedExpression[];
}

/** Where an expression stands: the file, the visible names, and the function (undefined outside of functions). */
export interface Site {
  readonly file: CheckContext;
  readonly scope: Scope;
  readonly owner: FunctionContext | undefined;
}

/** Locals one function may have: the stack has 128 words, and some are needed to compute with. */
const MAX_LOCALS = 96;

/** Reports a name that cannot be declared in this scope. True when it can. */
export function mayDeclare(site: Site, name: string, span: Span): boolean {
  const { diagnostics, functions } = site.file;
  if (isBuiltin(name)) {
    const what = BUILTIN_CONSTANTS.has(name) ? 'constant' : 'function';
    diagnostics.error(span, `'${name}' is a built-in ${what}`, 'choose another name');
    return false;
  }
  const before = site.scope.findHere(name);
  const asFunction = site.owner === undefined ? functions.get(name) : undefined;
  if (before === undefined && asFunction === undefined) return true;
  const at = (typeof before === 'string' ? undefined : (before ?? asFunction))?.span.line;
  const where = at === undefined ? '' : ` in line ${at}`;
  diagnostics.error(span, `'${name}' is already declared${where}`, 'choose another name');
  return false;
}

/** A variable with memory of its own: a global id, or a slot of the function. */
export function declareVariable(
  site: Site,
  name: string,
  span: Span,
  options: { type: ScalarType; isConst: boolean; isStatic: boolean },
): VariableSymbol {
  const { type, isConst } = options;
  const { owner } = site;
  const base = { kind: 'variable', name, span, type, isConst } as const;
  if (owner === undefined || options.isStatic) {
    const slot = newGlobal(site, name, span);
    const symbol: VariableSymbol = { ...base, storage: 'global', slot };
    site.scope.set(name, symbol);
    return symbol;
  }
  const slot = owner.nextSlot;
  owner.nextSlot += 1;
  if (slot === MAX_LOCALS) {
    const message = `'${owner.symbol.name}' has more than ${MAX_LOCALS} parameters and locals at a time`;
    site.file.diagnostics.error(span, message, 'use an array or split the function');
  }
  const symbol: VariableSymbol = { ...base, storage: 'local', slot };
  site.scope.set(name, symbol);
  return symbol;
}

function newGlobal(site: Site, name: string, span: Span): number {
  const { globals, diagnostics } = site.file;
  const id = globals.length;
  const owner = site.owner === undefined ? '' : `${site.owner.symbol.name}::`;
  globals.push({ name: owner + name, id, span });
  if (id === LIMITS.GLOBAL_COUNT) {
    const message = `more than ${LIMITS.GLOBAL_COUNT} global and static variables`;
    diagnostics.error(span, message, 'make some of them local, const or elements of an array');
  }
  return id;
}

/** An array: static storage wherever it is declared. */
export function declareArray(
  site: Site,
  name: string,
  span: Span,
  options: { type: ScalarType; isConst: boolean; isStatic: boolean; length: number },
): ArraySymbol {
  const { arrays, diagnostics } = site.file;
  const { type, isConst, length } = options;
  const id = arrays.length;
  const symbol: ArraySymbol = { kind: 'array', name, span, type, isConst, id, length };
  arrays.push(symbol);
  if (id === LIMITS.ARRAY_COUNT) {
    diagnostics.error(
      span,
      `more than ${LIMITS.ARRAY_COUNT} arrays`,
      'join arrays or use variables',
    );
  }
  if (site.owner !== undefined && !options.isStatic) site.owner.symbol.localArrays.push(symbol);
  site.scope.set(name, symbol);
  return symbol;
}
