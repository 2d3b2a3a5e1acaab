/** Declarations of variables and arrays, global and local. */
import type { Declaration, Declarator, Expression, Initializer, TypeSyntax } from './ast.ts';
import { checkExpression } from './check-expression.ts';
import { constant, convertImplicitly, invalid, requireScalar } from './conversions.ts';
import type { Span } from './diagnostics.ts';
import { LIMITS } from '../isa/index.ts';
import { declareArray, declareVariable, mayDeclare, type Site } from './scope.ts';
import type { ArraySymbol, Place, TypedExpression, TypedStatement } from './typed.ts';
import type { ScalarType } from './types.ts';

/** Declares every name; the result is what must be executed where the declaration stands. */
export function checkDeclaration(site: Site, declaration: Declaration): TypedStatement {
  const { type, declarators } = declaration;
  const items = declarators.flatMap((declarator) => checkDeclarator(site, type, declarator));
  return { kind: 'declarations', items };
}

function checkDeclarator(site: Site, type: TypeSyntax, declarator: Declarator): TypedStatement[] {
  const { name, span } = declarator;
  const { diagnostics } = site.file;
  const free = mayDeclare(site, name, span);
  if (free) site.scope.set(name, 'initializing');
  if (type.type === 'void') {
    diagnostics.error(span, `the variable '${name}' cannot be void`, 'write a type such as int');
  }
  if (type.type === undefined || type.type === 'void') {
    checkDamaged(site, declarator);
    if (free) site.scope.set(name, 'damaged');
    return [];
  }
  const declared = { site, type, declarator, free, scalar: type.type };
  return declarator.array === undefined ? checkVariable(declared) : checkArray(declared);
}

/** The initial values of a variable whose type is refused; literals of that type are no mistakes of their own. */
function checkDamaged(site: Site, { initializer }: Declarator): void {
  if (initializer === undefined) return;
  const values = initializer.kind === 'list' ? initializer.values : [initializer.value];
  for (const value of values) if (!isLiteral(value)) checkExpression(site, value);
}

function isLiteral(value: Expression): boolean {
  if (value.kind === 'unary') return isLiteral(value.operand);
  return value.kind === 'number' || value.kind === 'text' || value.kind === 'character';
}

interface Declared {
  readonly site: Site;
  readonly type: TypeSyntax;
  readonly declarator: Declarator;
  /** The name may be declared here. */
  readonly free: boolean;
  readonly scalar: ScalarType;
}

function checkVariable({ site, type, declarator, free, scalar }: Declared): TypedStatement[] {
  const { name, span, initializer } = declarator;
  const { diagnostics } = site.file;
  const { isConst, isStatic } = type;
  const value = initialValue(site, initializer, scalar);
  if (initializer === undefined && isConst) {
    diagnostics.error(span, `the constant '${name}' has no value`, `write ${name} = value`);
  }
  if (!free) return [];
  if (value?.type === 'invalid') {
    site.scope.set(name, 'damaged');
    return [];
  }
  if (isConst && value?.kind === 'constant') {
    const { type: constantType, value: known } = value;
    site.scope.set(name, { kind: 'constant', name, span, type: constantType, value: known });
    return [];
  }
  const symbol = declareVariable(site, name, span, { type: scalar, isConst, isStatic });
  if (symbol.storage === 'local') return [{ kind: 'declare', span, symbol, value }];
  if (value === undefined) return [];
  return initialize(site, type, [store(span, { kind: 'variable', symbol }, value)]);
}

/** The value of a variable's initializer in the variable's type. */
function initialValue(
  site: Site,
  initializer: Initializer | undefined,
  type: ScalarType,
): TypedExpression | undefined {
  if (initializer === undefined) return undefined;
  const { diagnostics } = site.file;
  if (initializer.kind === 'list') {
    diagnostics.error(initializer.span, 'a list is for an array', 'write name[] = {...}');
    return invalid(initializer.span);
  }
  const value = checkExpression(site, initializer.value);
  return convertImplicitly(diagnostics, value, type);
}

function checkArray({ site, type, declarator, free, scalar }: Declared): TypedStatement[] {
  const { name, span, initializer } = declarator;
  const { diagnostics } = site.file;
  const declaredLength = checkLength(site, declarator);
  const list = initializer?.kind === 'list' ? initializer : undefined;
  if (initializer?.kind === 'value') {
    const hint =
      initializer.value.kind === 'text'
        ? 'there are no text variables: hand texts to printf or Serial.print directly'
        : 'write the elements in braces: {1, 2, 3}';
    diagnostics.error(initializer.value.span, `the array '${name}' needs a list`, hint);
  }
  const values = list?.values.map((value) => element(site, value, scalar)) ?? [];
  const length = declaredLength ?? values.length;
  const good = length > 0 && length <= LIMITS.ARRAY_LENGTH && values.length <= length;
  if (declaredLength !== undefined) {
    if (values.length > length) {
      diagnostics.error(span, `'${name}' has ${length} elements, not ${values.length}`);
    }
  } else if (declarator.array?.length === undefined && initializer?.kind !== 'value') {
    reportLength(site, declarator, list === undefined ? undefined : length);
  }
  if (!free) return [];
  if (!good) {
    site.scope.set(name, 'damaged');
    return [];
  }
  const { isConst, isStatic } = type;
  const symbol = declareArray(site, name, span, { type: scalar, isConst, isStatic, length });
  if (list === undefined) return [];
  const atStart = site.owner === undefined || isStatic;
  return initialize(site, type, elementStores(symbol, values, list.span, atStart));
}

function element(site: Site, value: Expression, type: ScalarType): TypedExpression {
  const checked = checkExpression(site, value);
  return convertImplicitly(site.file.diagnostics, checked, type);
}

/** Assignments of the listed elements. Those not listed are 0: arrays are created so; one declared in a block is cleared again. */
function elementStores(
  symbol: ArraySymbol,
  values: readonly TypedExpression[],
  span: Span,
  atStart: boolean,
): TypedExpression[] {
  const stores: TypedExpression[] = [];
  for (let at = 0; at < symbol.length; at += 1) {
    const value = values[at] ?? constant(span, symbol.type, 0);
    if (atStart && value.kind === 'constant' && value.value === 0) continue;
    const place: Place = { kind: 'element', symbol, index: constant(span, 'int', at) };
    stores.push(store(value.span, place, value));
  }
  return stores;
}

/** The length between an array's brackets; undefined when there is none or it is wrong, which is reported. */
function checkLength(site: Site, declarator: Declarator): number | undefined {
  const length = declarator.array?.length;
  if (length === undefined) return undefined;
  const { diagnostics } = site.file;
  const checked = checkExpression(site, length);
  if (!requireScalar(diagnostics, checked)) return undefined;
  if (checked.kind !== 'constant') {
    const hint = 'use a number, a #define or a const with a known value';
    diagnostics.error(length.span, "an array's length must be constant", hint);
    return undefined;
  }
  if (checked.value >= 1 && checked.value <= LIMITS.ARRAY_LENGTH) return checked.value;
  reportLength(site, declarator, checked.value);
  return undefined;
}

function reportLength(site: Site, { name, span }: Declarator, length: number | undefined): void {
  const { diagnostics } = site.file;
  if (length === undefined) {
    diagnostics.error(span, `the array '${name}' has no length`, `write ${name}[number]`);
  } else if (length < 1 || length > LIMITS.ARRAY_LENGTH) {
    const message = `'${name}' has ${length} elements: an array has 1 to ${LIMITS.ARRAY_LENGTH}`;
    diagnostics.error(span, message, length < 1 ? undefined : 'split it into several arrays');
  }
}

function store(span: Span, place: Place, value: TypedExpression): TypedExpression {
  return { kind: 'assign', type: place.symbol.type, span, place, value };
}

/** Where initial values are stored: at start for globals and statics, here for locals. */
function initialize(
  site: Site,
  type: TypeSyntax,
  stores: readonly TypedExpression[],
): TypedStatement[] {
  const { file, owner } = site;
  const known = (entry: TypedExpression): boolean =>
    entry.kind === 'assign' && entry.value.kind === 'constant';
  if (owner === undefined) {
    for (const entry of stores) {
      (known(entry) ? file.constantInitializers : file.computedInitializers).push(entry);
    }
    return [];
  }
  if (!type.isStatic) {
    return stores.map((expression) => ({ kind: 'evaluate', span: expression.span, expression }));
  }
  for (const entry of stores) {
    if (known(entry)) file.constantInitializers.push(entry);
    else if (entry.kind === 'assign' && entry.value.type !== 'invalid') {
      const message = 'the initial value of a static variable must be constant';
      file.diagnostics.error(entry.value.span, message, 'assign it in setup()');
    }
  }
  return [];
}
