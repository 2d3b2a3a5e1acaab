/** The syntax tree: what was written, before names and types are looked at. */
import type { Span } from './diagnostics.ts';
import type { ScalarType } from './types.ts';

/** A type as written, with its qualifiers. */
export interface TypeSyntax {
  readonly span: Span;
  /** Undefined when the words name no type; reported by the parser. */
  readonly type: ScalarType | 'void' | undefined;
  readonly isConst: boolean;
  readonly isStatic: boolean;
}

/** Every expression: `span` is where it begins, `at` is its operator (or again its beginning), where a caret belongs. */
interface ExpressionBase {
  readonly span: Span;
  readonly at: Span;
}

export type StepOperator = '++' | '--';

export type Expression =
  /** Did not parse; has been reported. */
  | (ExpressionBase & { readonly kind: 'damaged' })
  | (ExpressionBase & { readonly kind: 'number'; readonly image: string })
  | (ExpressionBase & { readonly kind: 'character'; readonly image: string })
  | (ExpressionBase & { readonly kind: 'text'; readonly images: readonly string[] })
  | (ExpressionBase & { readonly kind: 'name'; readonly name: string })
  | (ExpressionBase & {
      readonly kind: 'element';
      readonly array: string;
      readonly index: Expression;
    })
  /** `callee` may be `object.member`. */
  | (ExpressionBase & {
      readonly kind: 'call';
      readonly callee: string;
      readonly args: readonly Expression[];
    })
  | (ExpressionBase & {
      readonly kind: 'unary';
      readonly operator: string;
      readonly operand: Expression;
    })
  | (ExpressionBase & {
      readonly kind: 'step';
      readonly operator: StepOperator;
      /** What the expression is worth: the value before or after the step. */
      readonly yields: 'old' | 'new';
      readonly target: Expression;
    })
  | (ExpressionBase & {
      readonly kind: 'binary';
      readonly operator: string;
      readonly left: Expression;
      readonly right: Expression;
    })
  | (ExpressionBase & {
      readonly kind: 'conditional';
      readonly condition: Expression;
      readonly whenTrue: Expression;
      readonly whenFalse: Expression;
    })
  /** `operator` is the binary operator of a compound assignment, undefined for `=`. */
  | (ExpressionBase & {
      readonly kind: 'assign';
      readonly operator: string | undefined;
      readonly target: Expression;
      readonly value: Expression;
      /** It stands in parentheses of its own, as one that is meant to be a condition does. */
      readonly meant: boolean;
    })
  | (ExpressionBase & {
      readonly kind: 'cast';
      readonly to: TypeSyntax;
      readonly operand: Expression;
    })
  | (ExpressionBase & {
      readonly kind: 'comma';
      readonly first: Expression;
      readonly second: Expression;
    });

export type Initializer =
  | { readonly kind: 'value'; readonly value: Expression }
  | { readonly kind: 'list'; readonly values: readonly Expression[]; readonly span: Span };

/** One name of a declaration. */
export interface Declarator {
  readonly name: string;
  readonly span: Span;
  /** Present for an array; its length is undefined in `int a[] = {...}`. */
  readonly array: { readonly length: Expression | undefined } | undefined;
  readonly initializer: Initializer | undefined;
}

export interface Declaration {
  readonly kind: 'declaration';
  readonly span: Span;
  readonly type: TypeSyntax;
  readonly declarators: readonly Declarator[];
}

export interface Block {
  readonly kind: 'block';
  readonly span: Span;
  readonly items: readonly Statement[];
  /** The closing brace. */
  readonly end: Span;
}

export type Statement =
  | Block
  | Declaration
  | { readonly kind: 'expression'; readonly span: Span; readonly expression: Expression }
  | {
      readonly kind: 'if';
      readonly span: Span;
      /** `if` and every `else if`, in order. */
      readonly clauses: readonly { readonly condition: Expression; readonly body: Statement }[];
      readonly otherwise: Statement | undefined;
    }
  | {
      readonly kind: 'while';
      readonly span: Span;
      readonly condition: Expression;
      readonly body: Statement;
    }
  | {
      readonly kind: 'do';
      readonly span: Span;
      readonly body: Statement;
      readonly condition: Expression;
    }
  | {
      readonly kind: 'for';
      readonly span: Span;
      readonly start: Declaration | Expression | undefined;
      readonly condition: Expression | undefined;
      readonly step: Expression | undefined;
      readonly body: Statement;
    }
  | {
      readonly kind: 'switch';
      readonly span: Span;
      readonly subject: Expression;
      readonly body: Block;
    }
  /** `case value:`, or `default:` when the value is undefined. */
  | { readonly kind: 'label'; readonly span: Span; readonly value: Expression | undefined }
  | { readonly kind: 'break' | 'continue' | 'empty'; readonly span: Span }
  | { readonly kind: 'return'; readonly span: Span; readonly value: Expression | undefined }
  /** Did not parse; has been reported. */
  | { readonly kind: 'damaged'; readonly span: Span };

export interface Parameter {
  /** Empty where a prototype leaves it out. */
  readonly name: string;
  readonly span: Span;
  readonly type: TypeSyntax;
}

export interface FunctionSyntax {
  readonly kind: 'function';
  readonly span: Span;
  readonly result: TypeSyntax;
  readonly name: string;
  readonly nameSpan: Span;
  readonly parameters: readonly Parameter[];
  /** Undefined for a prototype. */
  readonly body: Block | undefined;
}

export type TopLevel = FunctionSyntax | Declaration;

/** One parsed file. */
export interface SourceUnit {
  readonly items: readonly TopLevel[];
  /** Names that occur in text that did not parse: not knowing them is no second error. */
  readonly damagedNames: ReadonlySet<string>;
  /** The place just behind the last token. */
  readonly end: Span;
  /** How much work the parser did: rules entered, tokens skipped and looked ahead at. In proportion to the number of tokens. */
  readonly steps: number;
}
