/** The typed tree: names resolved, conversions explicit, operators chosen. Code generation adds no meaning to it. */
import type { Span } from './diagnostics.ts';
import type { OpcodeName } from './opcode-names.ts';
import type { ScalarType, ValueType } from './types.ts';

export interface VariableSymbol {
  readonly kind: 'variable';
  readonly name: string;
  readonly span: Span;
  readonly type: ScalarType;
  readonly isConst: boolean;
  readonly storage: 'global' | 'local';
  /** Global id; of a parameter its offset from the frame base; of a local the number of parameters and locals around it. */
  readonly slot: number;
}

/** A `const` whose value is known: takes no memory. */
export interface ConstantSymbol {
  readonly kind: 'constant';
  readonly name: string;
  readonly span: Span;
  readonly type: ScalarType;
  readonly value: number;
}

export interface ArraySymbol {
  readonly kind: 'array';
  readonly name: string;
  readonly span: Span;
  readonly type: ScalarType;
  readonly isConst: boolean;
  readonly id: number;
  readonly length: number;
}

export interface FunctionSymbol {
  readonly kind: 'function';
  readonly name: string;
  readonly span: Span;
  readonly result: ScalarType | 'void' | 'invalid';
  readonly parameters: readonly (ScalarType | 'invalid')[];
  /** Set when a definition was seen. */
  defined: boolean;
  readonly callees: Set<FunctionSymbol>;
  /** Arrays declared in it without `static`: wrong when it can run twice at the same time. */
  readonly localArrays: ArraySymbol[];
}

export type ValueSymbol = VariableSymbol | ConstantSymbol | ArraySymbol;

/** Something that can be assigned to. */
export type Place =
  | { readonly kind: 'variable'; readonly symbol: VariableSymbol }
  | { readonly kind: 'element'; readonly symbol: ArraySymbol; readonly index: TypedExpression };

interface Base {
  readonly span: Span;
}

export interface ConstantExpression extends Base {
  readonly kind: 'constant';
  readonly type: ScalarType;
  /** As int32. */
  readonly value: number;
}

export type TypedExpression =
  | ConstantExpression
  | (Base & { readonly kind: 'text'; readonly type: 'text'; readonly bytes: Uint8Array })
  | (Base & { readonly kind: 'load'; readonly type: ScalarType; readonly place: Place })
  /** Operands from left to right, then the instruction. Also every built-in function. */
  | (Base & {
      readonly kind: 'operate';
      readonly type: ScalarType | 'void';
      readonly opcode: OpcodeName;
      readonly operands: readonly TypedExpression[];
    })
  /** 8- and 16-bit types and bool: cut the int32 down to them. */
  | (Base & {
      readonly kind: 'narrow';
      readonly type: ScalarType;
      readonly operand: TypedExpression;
    })
  /** The same 32 bits read as another type. */
  | (Base & {
      readonly kind: 'reinterpret';
      readonly type: ScalarType;
      readonly operand: TypedExpression;
    })
  | (Base & { readonly kind: 'discard'; readonly type: 'void'; readonly operand: TypedExpression })
  | (Base & {
      readonly kind: 'logical';
      readonly type: 'bool';
      readonly operator: '&&' | '||';
      readonly left: TypedExpression;
      readonly right: TypedExpression;
    })
  | (Base & {
      readonly kind: 'choose';
      readonly type: ScalarType | 'text' | 'void';
      readonly condition: TypedExpression;
      readonly whenTrue: TypedExpression;
      readonly whenFalse: TypedExpression;
    })
  /** The value has the type of the place already. */
  | (Base & {
      readonly kind: 'assign';
      readonly type: ScalarType;
      readonly place: Place;
      readonly value: TypedExpression;
    })
  /** place = narrow(place opcode value), the place's index evaluated once. */
  | (Base & {
      readonly kind: 'update';
      readonly type: ScalarType;
      readonly place: Place;
      readonly opcode: OpcodeName;
      readonly value: TypedExpression;
      readonly yields: 'old' | 'new';
    })
  | (Base & {
      readonly kind: 'call';
      readonly type: ScalarType | 'void';
      readonly callee: FunctionSymbol;
      readonly args: readonly TypedExpression[];
    })
  | (Base & {
      readonly kind: 'print';
      readonly type: 'void';
      readonly format: Uint8Array;
      readonly args: readonly TypedExpression[];
    })
  | (Base & {
      readonly kind: 'sequence';
      readonly type: ValueType;
      readonly first: TypedExpression;
      readonly second: TypedExpression;
    })
  /** Has been reported. */
  | (Base & { readonly kind: 'invalid'; readonly type: 'invalid' });

export type SwitchItem =
  | {
      readonly kind: 'label';
      readonly span: Span;
      /** Undefined for `default`. */
      readonly value: number | undefined;
    }
  | TypedStatement;

export type TypedStatement =
  /** `end` is the closing brace. */
  | { readonly kind: 'block'; readonly items: readonly TypedStatement[]; readonly end: Span }
  /** The names of one declaration, in the block around it. */
  | { readonly kind: 'declarations'; readonly items: readonly TypedStatement[] }
  /** A local variable comes to be. The value has its type already; without one it begins as 0. */
  | {
      readonly kind: 'declare';
      readonly span: Span;
      readonly symbol: VariableSymbol;
      readonly value: TypedExpression | undefined;
    }
  | { readonly kind: 'evaluate'; readonly span: Span; readonly expression: TypedExpression }
  | {
      readonly kind: 'if';
      readonly span: Span;
      readonly clauses: readonly {
        readonly condition: TypedExpression;
        readonly body: TypedStatement;
      }[];
      readonly otherwise: TypedStatement | undefined;
    }
  | {
      readonly kind: 'while';
      readonly span: Span;
      readonly condition: TypedExpression;
      readonly body: TypedStatement;
    }
  | {
      readonly kind: 'do';
      readonly span: Span;
      readonly condition: TypedExpression;
      readonly body: TypedStatement;
    }
  | {
      readonly kind: 'for';
      readonly span: Span;
      readonly start: TypedStatement;
      readonly condition: TypedExpression | undefined;
      readonly step: TypedExpression | undefined;
      readonly body: TypedStatement;
    }
  | {
      readonly kind: 'switch';
      readonly span: Span;
      readonly subject: TypedExpression;
      readonly items: readonly SwitchItem[];
    }
  | { readonly kind: 'break' | 'continue'; readonly span: Span }
  | {
      readonly kind: 'return';
      readonly span: Span;
      readonly value: TypedExpression | undefined;
    };

export type Loop = Extract<TypedStatement, { kind: 'while' | 'do' | 'for' }>;

export interface TypedFunction {
  readonly symbol: FunctionSymbol;
  readonly parameters: readonly VariableSymbol[];
  readonly body: TypedStatement;
  /** The closing brace. */
  readonly end: Span;
}

/** A whole program that has no errors. */
export interface TypedProgram {
  readonly functions: readonly TypedFunction[];
  readonly globals: readonly { readonly name: string; readonly id: number; readonly span: Span }[];
  readonly arrays: readonly ArraySymbol[];
  /** Initial values in the order of execution: constants first, then what must be computed. */
  readonly initializers: readonly TypedExpression[];
  readonly entry:
    | { readonly kind: 'sketch'; readonly setup: FunctionSymbol; readonly loop: FunctionSymbol }
    | { readonly kind: 'main'; readonly main: FunctionSymbol };
}
