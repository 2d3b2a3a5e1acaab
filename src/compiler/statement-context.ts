import type { Span } from './diagnostics.ts';
import type { Node } from './facts.ts';
import type { FunctionCode, JumpTarget } from './generate-context.ts';
import type { KnownLocals } from './optimise-loops.ts';
import type { TypedStatement } from './typed.ts';

/** What a statement's code depends on besides the statement. */
export interface StatementContext {
  readonly breakTo: JumpTarget | undefined;
  readonly continueTo: JumpTarget | undefined;
  /** Variables at this height and above are not used after the statement. */
  readonly dead: number;
  /** Locals whose value is known where the statement begins. */
  readonly known: KnownLocals;
}

const NOTHING_KNOWN: KnownLocals = new Map();

export const FUNCTION_BODY: StatementContext = {
  breakTo: undefined,
  continueTo: undefined,
  dead: 0,
  known: NOTHING_KNOWN,
};

/** The context of a statement inside another one, of which nothing is known but where jumps go. */
export function inside(
  { breakTo, continueTo }: StatementContext,
  targets: Partial<Pick<StatementContext, 'breakTo' | 'continueTo'>> = {},
): StatementContext {
  return { breakTo, continueTo, dead: Infinity, known: NOTHING_KNOWN, ...targets };
}

/** What follows the items of a list in the same block. */
export interface Tail {
  readonly nodes: readonly Node[];
  readonly generate: (known: KnownLocals) => void;
}

/** How statements inside a statement are generated. */
export interface StatementGenerator {
  readonly statement: (
    to: FunctionCode,
    statement: TypedStatement,
    context: StatementContext,
  ) => void;
  /** Statements that follow each other. Variables they declare stay on the stack. */
  readonly items: (
    to: FunctionCode,
    items: readonly TypedStatement[],
    context: StatementContext,
    tail?: Tail,
  ) => void;
  /** A statement that is a block of its own, with braces or without; `span` is the place of one without. */
  readonly scope: (
    to: FunctionCode,
    statement: TypedStatement,
    context: StatementContext,
    span: Span,
  ) => void;
}
