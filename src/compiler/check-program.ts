/** A whole file: functions, globals, and how the program begins. */
import type { FunctionSyntax, Parameter, SourceUnit } from './ast.ts';
import { checkDeclaration } from './check-declaration.ts';
import { checkBody } from './check-statement.ts';
import type { Diagnostics } from './diagnostics.ts';
import {
  declareVariable,
  mayDeclare,
  Scope,
  type CheckContext,
  type FunctionContext,
} from './scope.ts';
import { nearest } from '../errors/index.ts';
import type { FunctionSymbol, TypedFunction, TypedProgram, VariableSymbol } from './typed.ts';
import { displayType } from './types.ts';

/** Checks a file. Undefined when it has no valid beginning; whether it is right at all is what `diagnostics` say. */
export function checkProgram(unit: SourceUnit, diagnostics: Diagnostics): TypedProgram | undefined {
  const file: CheckContext = {
    diagnostics,
    damagedNames: unit.damagedNames,
    functions: new Map(),
    laterNames: variableLines(unit),
    conflicting: new Set(),
    unknownNames: new Set(),
    globals: [],
    arrays: [],
    constantInitializers: [],
    computedInitializers: [],
  };
  const syntaxes = unit.items.filter((item) => item.kind === 'function');
  for (const syntax of syntaxes) declareFunction(file, syntax);
  const scope = new Scope();
  const bodies = new Set<FunctionSymbol>();
  const functions: TypedFunction[] = [];
  for (const item of unit.items) {
    if (item.kind === 'declaration') checkDeclaration({ file, scope, owner: undefined }, item);
    else if (item.body !== undefined) {
      const checked = checkFunction(file, scope, item, bodies);
      if (checked !== undefined) functions.push(checked);
    }
  }
  checkRecursion(file);
  const entry = findEntry(file, unit);
  if (entry === undefined) return undefined;
  const initializers = [...file.constantInitializers, ...file.computedInitializers];
  return { functions, globals: file.globals, arrays: file.arrays, initializers, entry };
}

function variableLines({ items }: SourceUnit): ReadonlyMap<string, number> {
  const declarations = items.filter((item) => item.kind === 'declaration');
  const named = declarations.flatMap(({ declarators }) => declarators);
  return new Map(named.map(({ name, span }) => [name, span.line]));
}

/** `(void)` means no parameters. */
function parametersOf({ parameters }: FunctionSyntax): readonly Parameter[] {
  const [only] = parameters;
  const none = parameters.length === 1 && only?.name === '' && only.type.type === 'void';
  return none ? [] : parameters;
}

function declareFunction(file: CheckContext, syntax: FunctionSyntax): void {
  const { name, nameSpan: span } = syntax;
  const { diagnostics } = file;
  const before = file.functions.get(name);
  const parameters = parametersOf(syntax).map(({ type, span: at }) => {
    if (type.type !== 'void') return type.type ?? 'invalid';
    diagnostics.error(at, 'a parameter cannot be void', 'write a type such as int');
    return 'invalid';
  });
  const result = syntax.result.type ?? 'invalid';
  if (before === undefined) {
    const site = { file, scope: new Scope(), owner: undefined };
    if (!mayDeclare(site, name, span)) return;
    const defined = syntax.body !== undefined;
    const callees = new Set<FunctionSymbol>();
    file.functions.set(name, {
      kind: 'function',
      ...{ name, span, result, parameters, defined, callees, localArrays: [] },
    });
    return;
  }
  const sameParameters =
    before.parameters.length === parameters.length &&
    before.parameters.every((type, index) => type === parameters[index]);
  const line = `line ${before.span.line}`;
  const twice = syntax.body !== undefined && before.defined;
  if (!sameParameters || before.result !== result) file.conflicting.add(name);
  if (twice && !sameParameters) {
    const message = `'${name}' is already defined in ${line}, and overloading is not supported`;
    diagnostics.error(span, message, 'give one of the two another name');
  } else if (twice) {
    diagnostics.error(span, `'${name}' is already defined in ${line}`, 'remove one of the two');
  } else if (file.conflicting.has(name) && result !== 'invalid' && before.result !== 'invalid') {
    const message = `'${name}' is declared differently in ${line}`;
    diagnostics.error(span, message, 'make result and parameters the same');
  }
  before.defined ||= syntax.body !== undefined;
}

function checkFunction(
  file: CheckContext,
  globals: Scope,
  syntax: FunctionSyntax,
  bodies: Set<FunctionSymbol>,
): TypedFunction | undefined {
  const symbol = file.functions.get(syntax.name);
  if (syntax.body === undefined || symbol === undefined || bodies.has(symbol)) return undefined;
  bodies.add(symbol);
  const owner: FunctionContext = { symbol, nextSlot: 0 };
  const site = { file, scope: new Scope(globals), owner };
  const parameters: VariableSymbol[] = [];
  for (const { name, span, type } of parametersOf(syntax)) {
    if (name === '') {
      if (type.type === undefined) continue;
      file.diagnostics.error(span, 'a parameter needs a name', 'write type name');
    } else if (mayDeclare(site, name, span)) {
      const { isConst } = type;
      if (type.type === 'void' || type.type === undefined) site.scope.set(name, 'damaged');
      else {
        const options = { type: type.type, isConst, isStatic: false };
        parameters.push(declareVariable(site, name, span, options));
      }
    }
  }
  const body = checkBody(site, syntax.body);
  return { symbol, parameters, body, end: syntax.body.end };
}

/** An array in a function exists once: a second call of the function, while the first one lasts, would overwrite it. */
function checkRecursion({ functions, diagnostics }: CheckContext): void {
  for (const symbol of functions.values()) {
    const [array] = symbol.localArrays;
    if (array === undefined || !reaches(symbol, symbol)) continue;
    const message = `'${symbol.name}' calls itself and cannot have the local array '${array.name}'`;
    diagnostics.error(array.span, message, 'make the array global or static');
  }
}

function reaches(from: FunctionSymbol, target: FunctionSymbol): boolean {
  const seen = new Set<FunctionSymbol>();
  const waiting = [...from.callees];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (next === target) return true;
    if (seen.has(next)) continue;
    seen.add(next);
    waiting.push(...next.callees);
  }
  return false;
}

function findEntry(file: CheckContext, unit: SourceUnit): TypedProgram['entry'] | undefined {
  const { functions, diagnostics } = file;
  const [setup, loop, main] = ['setup', 'loop', 'main'].map((name) => functions.get(name));
  for (const symbol of [setup, loop, main]) checkEntryForm(diagnostics, symbol);
  if (main !== undefined) {
    const other = setup ?? loop;
    if (other === undefined) return { kind: 'main', main };
    const message = `a program has either 'main' or 'setup' and 'loop', not '${other.name}' and 'main'`;
    diagnostics.error(other.span, message, 'remove one of them');
    return undefined;
  }
  if (setup !== undefined && loop !== undefined) return { kind: 'sketch', setup, loop };
  const missing = setup === undefined ? 'setup' : 'loop';
  if (unit.damagedNames.has(missing) || unit.damagedNames.has('main')) return undefined;
  const near = nearest(missing, functions.keys());
  const message = `the program has no '${missing}' function`;
  const other = near === undefined || near === 'setup' || near === 'loop' ? undefined : near;
  const span = (other === undefined ? undefined : functions.get(other)?.span) ?? unit.end;
  const add = `add void ${missing}() { }`;
  diagnostics.error(span, message, other === undefined ? add : `rename '${other}' to '${missing}'`);
  return undefined;
}

function checkEntryForm(diagnostics: Diagnostics, symbol: FunctionSymbol | undefined): void {
  if (symbol === undefined) return;
  const { name, span, result, parameters, defined } = symbol;
  if (!defined) diagnostics.error(span, `'${name}' has no body`, `write void ${name}() { ... }`);
  if (parameters.length > 0 && !parameters.includes('invalid')) {
    diagnostics.error(span, `'${name}' takes no parameters`);
  }
  const allowed = name === 'main' ? ['int', 'void'] : ['void'];
  if (result === 'invalid' || allowed.includes(result)) return;
  const message = `'${name}' cannot return ${displayType(result)}`;
  diagnostics.error(span, message, `write ${allowed[0] ?? 'void'} ${name}()`);
}
