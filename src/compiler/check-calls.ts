/** Calls: functions of the sketch, built-in functions, printf and Serial. */
import {
  BUILTIN_FUNCTIONS,
  MISSING_FUNCTIONS,
  PRINT_FUNCTIONS,
  type BuiltinFunction,
} from './builtins.ts';
import { convertImplicitly, invalid, requireScalar } from './conversions.ts';
import type { Span } from './diagnostics.ts';
import { escapeFormat, parseFormat } from './formats.ts';
import { LIMITS } from '../isa/index.ts';
import type { Site } from './scope.ts';
import { didYouMean } from '../errors/index.ts';
import type { FunctionSymbol, TypedExpression } from './typed.ts';

/** A call with its arguments checked. */
export interface CheckedCall {
  readonly site: Site;
  readonly span: Span;
  /** The callee's name. */
  readonly at: Span;
  readonly callee: string;
  readonly args: readonly TypedExpression[];
}

const plural = (count: number, word: string): string => `${count} ${word}${count === 1 ? '' : 's'}`;

/** Chooses what a call means. */
export function checkCall(call: CheckedCall): TypedExpression {
  const { site, callee } = call;
  if (site.scope.find(callee) !== undefined) {
    site.file.diagnostics.error(call.at, `'${callee}' is not a function`);
    return invalid(call.span);
  }
  const symbol = site.file.functions.get(callee);
  if (symbol !== undefined) return callFunction(call, symbol);
  const builtin = BUILTIN_FUNCTIONS.get(callee);
  if (builtin !== undefined) return callBuiltin(call, builtin);
  switch (callee) {
    case 'printf':
      return callPrintf(call);
    case 'Serial.begin':
      return callSerialBegin(call);
    case 'Serial.print':
    case 'Serial.println':
      return callSerialPrint(call, callee === 'Serial.println');
    default:
      reportUnknown(call);
      return invalid(call.span);
  }
}

function reportUnknown({ site, callee, at }: CheckedCall): void {
  const { diagnostics, functions, damagedNames } = site.file;
  if (damagedNames.has(callee)) return;
  const known = [...functions.keys(), ...BUILTIN_FUNCTIONS.keys(), ...PRINT_FUNCTIONS];
  const hint = MISSING_FUNCTIONS[callee] ?? didYouMean(callee, known);
  diagnostics.error(at, `there is no function '${callee}'`, hint);
}

/** Reports a wrong number of arguments. */
function countFits(
  { site, at, callee, args }: CheckedCall,
  parameters: readonly string[],
): boolean {
  if (args.length === parameters.length) return true;
  const takes = parameters.length === 0 ? 'no arguments' : plural(parameters.length, 'argument');
  const message = `'${callee}' takes ${takes}, not ${args.length}`;
  site.file.diagnostics.error(at, message, `call ${callee}(${parameters.join(', ')})`);
  return false;
}

function callFunction(call: CheckedCall, symbol: FunctionSymbol): TypedExpression {
  const { site, span, at, callee } = call;
  const { diagnostics, damagedNames } = site.file;
  site.owner?.symbol.callees.add(symbol);
  if (!symbol.defined && !damagedNames.has(callee)) {
    const hint = `write the body of '${callee}'`;
    diagnostics.error(at, `'${callee}' is declared but never defined`, hint);
  }
  const { parameters, result } = symbol;
  if (call.args.length !== parameters.length) {
    const takes = parameters.length === 0 ? 'no arguments' : plural(parameters.length, 'argument');
    const message = `'${callee}' takes ${takes}, not ${call.args.length}`;
    diagnostics.error(at, message, `it is declared in line ${symbol.span.line}`);
    return invalid(span);
  }
  const args = call.args.map((arg, index) =>
    convertImplicitly(diagnostics, arg, parameters[index] ?? 'invalid'),
  );
  return result === 'invalid'
    ? invalid(span)
    : { kind: 'call', span, type: result, callee: symbol, args };
}

function callBuiltin(call: CheckedCall, builtin: BuiltinFunction): TypedExpression {
  const { site, span } = call;
  if (!countFits(call, builtin.parameters)) return invalid(span);
  const operands = call.args.map((arg) => convertImplicitly(site.file.diagnostics, arg, 'int'));
  const [first] = operands;
  if (builtin.opcode === 'DELAY' && first?.kind === 'constant' && first.value < 0) {
    const message = 'a delay cannot be negative: the VM will stop here with error 12';
    site.file.diagnostics.warning(first.span, message);
  }
  return { kind: 'operate', span, type: builtin.result, opcode: builtin.opcode, operands };
}

function callPrintf(call: CheckedCall): TypedExpression {
  const { site, span, at } = call;
  const { diagnostics } = site.file;
  const [format, ...args] = call.args;
  if (format?.kind === 'invalid') return invalid(span);
  if (format?.kind !== 'text') {
    const hint = 'write the text itself in the call';
    diagnostics.error(format?.span ?? at, 'printf needs a text in "quotes" first', hint);
    return invalid(span);
  }
  const parsed = parseFormat(format.bytes);
  if (!parsed.ok) {
    diagnostics.error(format.span, parsed.message, parsed.hint);
    return invalid(span);
  }
  const { conversions } = parsed;
  if (conversions.length !== args.length) {
    const has = plural(conversions.length, 'conversion');
    const message = `printf's text has ${has} for ${plural(args.length, 'value')}`;
    diagnostics.error(at, message, 'write one % conversion for each value');
    return invalid(span);
  }
  if (args.length > LIMITS.PRINT_ARGUMENTS) {
    const message = `printf takes at most ${LIMITS.PRINT_ARGUMENTS} values`;
    diagnostics.error(at, message, 'split it into several calls');
    return invalid(span);
  }
  conversions.forEach(({ text, type }, index) => {
    const arg = args[index];
    if (arg === undefined || arg.type === 'invalid') return;
    if (type === 's' && arg.type !== 'text') {
      diagnostics.error(arg.span, `'${text}' needs a text`, 'print a number with %d');
    } else if (type !== 's' && arg.type === 'text') {
      diagnostics.error(arg.span, `'${text}' needs a number`, 'print a text with %s');
    } else if (type !== 's') requireScalar(diagnostics, arg);
  });
  return print(call, format.bytes, args);
}

function callSerialBegin(call: CheckedCall): TypedExpression {
  const { site, span } = call;
  if (!countFits(call, ['baud'])) return invalid(span);
  const [baud] = call.args;
  if (baud === undefined || !requireScalar(site.file.diagnostics, baud)) return invalid(span);
  // The line's speed is the bench's: the argument is evaluated for its effects alone.
  return { kind: 'discard', type: 'void', span, operand: baud };
}

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

function callSerialPrint(call: CheckedCall, newline: boolean): TypedExpression {
  const { site, span, at, callee } = call;
  const { diagnostics } = site.file;
  const [value, base, ...rest] = call.args;
  const end = newline ? '\n' : '';
  if (value === undefined && newline) return print(call, encode('\n'), []);
  if (value === undefined || rest.length > 0) {
    diagnostics.error(at, `'${callee}' takes one value, or a number and DEC or HEX`);
    return invalid(span);
  }
  if (value.kind === 'text' && base === undefined) {
    return print(call, Uint8Array.from([...escapeFormat(value.bytes), ...encode(end)]), []);
  }
  if (value.type === 'text' && base === undefined) return print(call, encode(`%s${end}`), [value]);
  if (!requireScalar(diagnostics, value)) return invalid(span);
  const number = value.type === 'uint' ? '%u' : '%d';
  if (base === undefined) {
    return print(call, encode(`${value.type === 'char' ? '%c' : number}${end}`), [value]);
  }
  if (base.kind === 'invalid') return invalid(span);
  if (base.kind !== 'constant' || (base.value !== 10 && base.value !== 16)) {
    diagnostics.error(base.span, 'only the bases DEC and HEX are supported');
    return invalid(span);
  }
  return print(call, encode(`${base.value === 16 ? '%X' : number}${end}`), [value]);
}

function print(
  { site, span, args: [text] }: CheckedCall,
  format: Uint8Array,
  args: readonly TypedExpression[],
): TypedExpression {
  const at = text?.span ?? span;
  if (format.length > LIMITS.PRINT_LENGTH) {
    const message = `a text of ${format.length} bytes is too long: at most ${LIMITS.PRINT_LENGTH}`;
    site.file.diagnostics.error(at, message, 'split it into several calls');
    return invalid(span);
  }
  return { kind: 'print', type: 'void', span, format, args };
}
