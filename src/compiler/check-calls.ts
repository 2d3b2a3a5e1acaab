/** Calls: functions of the sketch, built-in functions, printf and Serial. */
import { BUILTIN_FUNCTIONS, PRINT_FUNCTIONS, type BuiltinFunction } from './builtins.ts';
import { warnOfPin } from './check-pins.ts';
import { convertImplicitly, invalid, requireScalar } from './conversions.ts';
import type { Diagnostics, Span } from './diagnostics.ts';
import { escapeFormat, parseFormat } from './formats.ts';
import { LIMITS } from '../isa/index.ts';
import type { Site } from './scope.ts';
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

const counted = (parameters: number): string =>
  parameters === 0 ? 'no arguments' : plural(parameters, 'argument');
const plural = (count: number, word: string): string => `${count} ${word}${count === 1 ? '' : 's'}`;

/** True when a name can be called, whatever it then means. */
export function isFunction({ file, scope }: Site, callee: string): boolean {
  if (scope.find(callee) !== undefined) return false;
  return (
    file.functions.has(callee) || BUILTIN_FUNCTIONS.has(callee) || PRINT_FUNCTIONS.includes(callee)
  );
}

/** Chooses what the call of a function means. */
export function checkCall(call: CheckedCall): TypedExpression {
  const { site, callee } = call;
  const symbol = site.file.functions.get(callee);
  if (symbol !== undefined) return callFunction(call, symbol);
  const builtin = BUILTIN_FUNCTIONS.get(callee);
  if (builtin !== undefined) return callBuiltin(call, builtin);
  switch (callee) {
    case 'printf':
      return callPrintf(call);
    case 'Serial.begin':
      return callSerialBegin(call);
    default:
      return callSerialPrint(call, callee === 'Serial.println');
  }
}

/** Reports a wrong number of arguments. */
function countFits(
  { site, at, callee, args }: CheckedCall,
  parameters: readonly string[],
): boolean {
  if (args.length === parameters.length) return true;
  const message = `'${callee}' takes ${counted(parameters.length)}, not ${args.length}`;
  site.file.diagnostics.error(at, message, `call ${callee}(${parameters.join(', ')})`);
  return false;
}

function callFunction(call: CheckedCall, symbol: FunctionSymbol): TypedExpression {
  const { site, span, at, callee } = call;
  const { diagnostics, damagedNames, conflicting, unknownNames } = site.file;
  site.owner?.symbol.callees.add(symbol);
  if (conflicting.has(callee)) return invalid(span);
  if (!symbol.defined && !damagedNames.has(callee) && !unknownNames.has(callee)) {
    unknownNames.add(callee);
    const hint = `write the body of '${callee}'`;
    diagnostics.error(at, `'${callee}' is declared but never defined`, hint);
  }
  const { parameters, result } = symbol;
  if (parameters.includes('invalid')) return invalid(span);
  if (call.args.length !== parameters.length) {
    const message = `'${callee}' takes ${counted(parameters.length)}, not ${call.args.length}`;
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
  warnOfPin(site.file.diagnostics, builtin.opcode, operands);
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
  if (value === undefined || rest.length > 0 || (value.type === 'text' && base !== undefined)) {
    const hint = 'print the parts one after the other, or use printf';
    diagnostics.error(at, `'${callee}' takes one value, or a number and DEC or HEX`, hint);
    return invalid(span);
  }
  if (value.type === 'invalid' || base?.type === 'invalid') return invalid(span);
  if (value.kind === 'text' && base === undefined) {
    return print(call, Uint8Array.from([...escapeFormat(value.bytes), ...encode(end)]), []);
  }
  if (value.type === 'text' && base === undefined) return print(call, encode(`%s${end}`), [value]);
  if (!requireScalar(diagnostics, value)) return invalid(span);
  const number = value.type === 'uint' ? '%u' : '%d';
  if (base === undefined) {
    return print(call, encode(`${value.type === 'char' ? '%c' : number}${end}`), [value]);
  }
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
  if (format.length > LIMITS.PRINT_LENGTH) return textTooLong(site.file.diagnostics, at, format);
  return { kind: 'print', type: 'void', span, format, args };
}

/** Refuses a text that is longer than the machine prints in one go. */
export function textTooLong(
  diagnostics: Diagnostics,
  span: Span,
  { length }: Uint8Array,
): TypedExpression {
  const message = `a text of ${length} bytes is too long: at most ${LIMITS.PRINT_LENGTH}`;
  diagnostics.error(span, message, 'split it into several calls');
  return invalid(span);
}
