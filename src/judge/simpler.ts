/** Smaller forms of a generated syntax, for what fast-check's shrinking cannot do: it never puts a part in the place of the whole. */
import type { ProgramSyntax } from './generate/index.ts';

/** A tree of plain data. */
type Tree = undefined | boolean | number | string | readonly Tree[] | Branch;
type Branch = { readonly [Key in string]: Tree };

const isArray = (tree: Tree): tree is readonly Tree[] => Array.isArray(tree);
const isBranch = (tree: Tree): tree is Branch => typeof tree === 'object' && !isArray(tree);

/** Fields of expressions and statements that are expressions, by what stands in their place. */
const EXPRESSION_FIELDS = [
  ...['left', 'right', 'operand', 'condition', 'whenTrue', 'whenFalse', 'first', 'second', 'value'],
  ...['index', 'pin'],
];
const EXPRESSION_KINDS = new Set([
  ...['number', 'character', 'constant', 'variable', 'element', 'unary', 'binary', 'logical'],
  ...[
    'unsignedConstants',
    'conditional',
    'comma',
    'cast',
    'step',
    'assign',
    'call',
    'read',
    'clock',
    'pool',
  ],
]);
const isExpression = (tree: Tree): tree is Branch =>
  isBranch(tree) && typeof tree.kind === 'string' && EXPRESSION_KINDS.has(tree.kind);

/** Fields that may be left out wherever they are. */
const OPTIONAL = new Set(['otherwise', 'loop', 'literal']);

/** Fields that are at least 1, or have at least one entry. */
const NEVER_EMPTY = new Set(['length', 'rounds', 'clauses']);

const NUMBER = (value: number): Tree => ({ kind: 'number', value, style: 0 });

/** Statements within a statement. */
function innerBodies(statement: Tree): (readonly Tree[])[] {
  if (!isBranch(statement)) return [];
  return Object.entries(statement).flatMap(([key, value]) => {
    if (key === 'body' || key === 'otherwise') return isArray(value) ? [value] : [];
    if (key !== 'clauses' && key !== 'cases') return [];
    return isArray(value) ? value.flatMap(innerBodies) : [];
  });
}

function* simplerArray(tree: readonly Tree[]): Generator<Tree> {
  if (tree.length > 1) yield [];
  for (const [at, entry] of tree.entries()) {
    yield tree.toSpliced(at, 1);
    // The statements of a statement instead of it; a case of a switch is none.
    if (!isBranch(entry) || typeof entry.kind !== 'string') continue;
    for (const body of innerBodies(entry)) yield tree.toSpliced(at, 1, ...body);
  }
  for (const [at, entry] of tree.entries()) {
    for (const simpler of simplerTree(entry)) yield tree.with(at, simpler);
  }
}

function* simplerBranch(tree: Branch): Generator<Tree> {
  if (isExpression(tree)) {
    if (tree.kind !== 'number') yield* [NUMBER(0), NUMBER(1)];
    for (const field of EXPRESSION_FIELDS) {
      const part = tree[field];
      if (isExpression(part)) yield part;
    }
  }
  if (typeof tree.name === 'string' && tree.name !== 'int') yield { name: 'int', type: 'int' };
  for (const [key, value] of Object.entries(tree)) {
    if (OPTIONAL.has(key) && value !== undefined) yield { ...tree, [key]: undefined };
    if (key === 'modifiers' && value !== '') yield { ...tree, modifiers: '' };
    if (key === 'recursion' && value !== 'none') yield { ...tree, recursion: 'none' };
    for (const simpler of simplerTree(value)) {
      const empty = simpler === 0 || (isArray(simpler) && simpler.length === 0);
      if (!empty || !NEVER_EMPTY.has(key)) yield { ...tree, [key]: simpler };
    }
  }
}

function* simplerTree(tree: Tree): Generator<Tree> {
  if (isArray(tree)) yield* simplerArray(tree);
  else if (isBranch(tree)) yield* simplerBranch(tree);
  else if (typeof tree === 'number') {
    for (const simple of [0, 1, tree >> 1]) if (simple < Math.abs(tree)) yield simple;
  } else if (tree === true) yield false;
}

/** All programs that are one step simpler: something left out, a part instead of the whole, a smaller number. */
export function* simplerPrograms(syntax: ProgramSyntax): Generator<ProgramSyntax> {
  // The syntax is plain data, and every change above keeps to its type.
  yield* simplerTree(syntax as unknown as Tree) as Generator as Generator<ProgramSyntax>;
}
