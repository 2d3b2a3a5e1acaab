/**
 * What is generated: choices of which write-*.ts make a sketch. Every tree is a right sketch: numbers that choose one of several
 * things are taken modulo how many there are, and what C leaves open is avoided when it is written.
 */
import type { NamedType } from './types.ts';

export const ARITHMETIC = ['+', '-', '*', '&', '|', '^'] as const;
/** Operators that are defined for some right operands only. */
export const GUARDED = ['/', '%', '<<', '>>'] as const;
export const COMPARISONS = ['==', '!=', '<', '>', '<=', '>='] as const;
export const UNARY = ['-', '+', '~', '!'] as const;
export const LOGICAL = ['&&', '||'] as const;

export type BinaryOperator =
  (typeof ARITHMETIC)[number] | (typeof GUARDED)[number] | (typeof COMPARISONS)[number];
export type ComputeOperator = (typeof ARITHMETIC)[number] | (typeof GUARDED)[number];

export const READS = ['digitalRead', 'analogRead', 'buttonPressed', 'buttonReleased'] as const;
export const CLOCKS = ['millis', 'micros'] as const;
export const WRITES = ['digitalWrite', 'pinMode', 'analogWrite', 'delay'] as const;

export type Expression =
  /** `style` chooses base and suffix. */
  | { readonly kind: 'number'; readonly value: number; readonly style: number }
  | { readonly kind: 'character'; readonly choice: number }
  /** A built-in constant or a `#define`. */
  | { readonly kind: 'constant'; readonly choice: number }
  | { readonly kind: 'variable'; readonly slot: number }
  | {
      readonly kind: 'element';
      readonly slot: number;
      readonly index: Expression;
      readonly form: number;
    }
  | {
      readonly kind: 'unary';
      readonly operator: (typeof UNARY)[number];
      readonly operand: Expression;
    }
  /** `form` chooses how the right operand is made safe. */
  | {
      readonly kind: 'binary';
      readonly operator: BinaryOperator;
      readonly left: Expression;
      readonly right: Expression;
      readonly form: number;
    }
  /** Division, remainder and right shift of unsigned numbers, which are possible for constants only. */
  | {
      readonly kind: 'unsignedConstants';
      readonly operator: '/' | '%' | '>>';
      readonly left: number;
      readonly right: number;
    }
  | {
      readonly kind: 'logical';
      readonly operator: (typeof LOGICAL)[number];
      readonly left: Expression;
      readonly right: Expression;
    }
  | {
      readonly kind: 'conditional';
      readonly condition: Expression;
      readonly whenTrue: Expression;
      readonly whenFalse: Expression;
    }
  | { readonly kind: 'comma'; readonly first: Expression; readonly second: Expression }
  | {
      readonly kind: 'cast';
      readonly to: NamedType;
      readonly functional: boolean;
      readonly operand: Expression;
    }
  | {
      readonly kind: 'step';
      readonly operator: '++' | '--';
      readonly prefix: boolean;
      readonly target: Target;
    }
  | {
      readonly kind: 'assign';
      readonly operator: '' | ComputeOperator;
      readonly target: Target;
      readonly value: Expression;
      readonly form: number;
    }
  | { readonly kind: 'call'; readonly callee: number; readonly args: readonly Expression[] }
  | {
      readonly kind: 'read';
      readonly what: (typeof READS)[number];
      readonly pin: Expression;
      readonly form: number;
    }
  | { readonly kind: 'clock'; readonly what: (typeof CLOCKS)[number] }
  /** One of the program's few small expressions, which so occur again and again, or with a variant a little different. */
  | { readonly kind: 'pool'; readonly choice: number; readonly variant: number };

/** A variable, or with `index` an element. */
export interface Target {
  readonly slot: number;
  readonly index: Expression | undefined;
  readonly form: number;
}

/** A text: literal, or chosen by a condition. */
export interface TextChoice {
  readonly choice: number;
  readonly condition: Expression | undefined;
}

export type PrintPiece =
  | { readonly kind: 'plain'; readonly choice: number }
  | {
      readonly kind: 'conversion';
      readonly type: 'd' | 'i' | 'u' | 'x' | 'X' | 'c';
      readonly modifiers: string;
      readonly value: Expression;
    }
  | { readonly kind: 'string'; readonly modifiers: string; readonly text: TextChoice };

/** `forEver` and `whileTrue` are left by a break. */
export type LoopForm =
  'for' | 'forDown' | 'forStep' | 'forTwo' | 'forEver' | 'while' | 'whileTrue' | 'do';

export type Body = readonly Statement[];

export type Statement =
  | { readonly kind: 'evaluate'; readonly value: Expression; readonly discard: boolean }
  /** A call of any function, void ones included. */
  | {
      readonly kind: 'callStatement';
      readonly callee: number;
      readonly args: readonly Expression[];
    }
  | {
      readonly kind: 'declare';
      readonly type: NamedType;
      readonly form: 'plain' | 'static' | 'const' | 'later';
      readonly shadow: boolean;
      readonly values: readonly Expression[];
    }
  | {
      readonly kind: 'declareArray';
      readonly type: NamedType;
      readonly isStatic: boolean;
      readonly open: boolean;
      readonly length: number;
      readonly values: readonly Expression[];
    }
  | {
      readonly kind: 'if';
      readonly braces: boolean;
      readonly clauses: readonly { readonly condition: Expression; readonly body: Body }[];
      readonly otherwise: Body | undefined;
    }
  | {
      readonly kind: 'loop';
      readonly form: LoopForm;
      readonly counter: NamedType;
      readonly times: number;
      /** Ends the loop before its time; tested before the counter, or after it. */
      readonly condition: Expression | undefined;
      readonly conditionFirst: boolean;
      readonly braces: boolean;
      readonly body: Body;
    }
  | {
      readonly kind: 'switch';
      readonly subject: Expression;
      readonly masked: boolean;
      readonly cases: readonly SwitchCase[];
    }
  | {
      readonly kind: 'jump';
      readonly what: 'break' | 'continue' | 'return';
      readonly condition: Expression;
      readonly value: Expression;
    }
  /** Moves the counter of a loop on, in the loop. */
  | { readonly kind: 'bump'; readonly counter: number }
  | { readonly kind: 'block'; readonly body: Body }
  | { readonly kind: 'printf'; readonly pieces: readonly PrintPiece[] }
  | {
      readonly kind: 'serial';
      readonly line: boolean;
      readonly value: Expression | TextChoice | undefined;
      readonly base: '' | 'DEC' | 'HEX';
    }
  | { readonly kind: 'begin'; readonly baud: Expression }
  | {
      readonly kind: 'output';
      readonly what: (typeof WRITES)[number];
      readonly pin: Expression;
      readonly value: Expression;
      readonly form: number;
    }
  | { readonly kind: 'empty' };

export interface SwitchCase {
  /** Each stands for a number, a character or a name; none: `default`. */
  readonly labels: readonly number[];
  readonly body: Body;
  readonly end: 'break' | 'fall' | 'continue' | 'return';
}

export interface GlobalSyntax {
  readonly type: NamedType;
  readonly isConst: boolean;
  /** `literal`: known before the program runs. */
  readonly literal: number | undefined;
  readonly value: Expression | undefined;
}

export interface ArraySyntax {
  readonly type: NamedType;
  readonly isConst: boolean;
  readonly length: number;
  /** How the length is written: as a number, by a list alone, by a name. */
  readonly form: number;
  readonly values: readonly number[];
}

export interface FunctionSyntax {
  /** Undefined: void. */
  readonly result: NamedType | undefined;
  readonly parameters: readonly NamedType[];
  /** `mutual`: this one and the next call each other. */
  readonly recursion: 'none' | 'self' | 'mutual';
  readonly prototype: boolean;
  readonly body: Body;
  readonly end: Expression;
}

export interface DefineSyntax {
  readonly form: number;
  readonly value: number;
}

export interface ProgramSyntax {
  /** Small expressions without side effects. */
  readonly pool: readonly Expression[];
  readonly defines: readonly DefineSyntax[];
  readonly globals: readonly GlobalSyntax[];
  readonly arrays: readonly ArraySyntax[];
  readonly functions: readonly FunctionSyntax[];
  /** setup(), or main(). */
  readonly setup: Body;
  /** loop(); undefined: the program has main(). */
  readonly loop: Body | undefined;
  readonly callersFirst: boolean;
  readonly rounds: number;
  readonly inputs: number;
}
