/** Expressions of the generated syntax as text. */
import { ANY_EFFECT, changes, conflict, reading, WORLD_EFFECT, writing } from './effects.ts';
import { writeCharacter, writeNumber } from './literals.ts';
import { compound, writeBinary, writeCast, writeUnsignedConstants } from './operators.ts';
import { choose, mayCall, type ArrayVariable, type Callable, type Site } from './site.ts';
import type { Expression, Target } from './syntax.ts';
import { commonType, NAMED_TYPES, promote, type ScalarType } from './types.ts';
import {
  asInt,
  infixed,
  LEVELS,
  masked,
  operand,
  plain,
  prefixed,
  unsequenced,
  written,
  type Written,
} from './written.ts';

type Of<Kind extends Expression['kind']> = Extract<Expression, { kind: Kind }>;

export function writeExpression(site: Site, expression: Expression): Written {
  switch (expression.kind) {
    case 'number':
      return writeNumber(expression.value, expression.style);
    case 'character':
      return writeCharacter(expression.choice);
    case 'constant':
      return choose(site.program.constants, expression.choice) ?? plain(1);
    case 'variable':
      return writeVariable(site, expression.slot);
    case 'element':
      return writeElement(site, expression);
    case 'unary': {
      const { operator } = expression;
      const part = writeExpression(site, expression.operand);
      const type = operator === '!' ? 'bool' : promote(part.type);
      return prefixed(operator, part, type, `unary ${operator}`);
    }
    case 'binary': {
      const { operator, form } = expression;
      const left = writeExpression(site, expression.left);
      const right = writeExpression(site, expression.right);
      return writeBinary(operator, left, right, form);
    }
    case 'unsignedConstants':
      return writeUnsignedConstants(expression);
    case 'logical': {
      const { operator } = expression;
      const left = writeExpression(site, expression.left);
      const right = writeExpression(site, expression.right);
      return infixed(operator, left, right, { type: 'bool', noted: [`operator ${operator}`] });
    }
    case 'conditional':
      return writeConditional(site, expression);
    case 'comma': {
      const first = writeExpression(site, expression.first);
      const second = writeExpression(site, expression.second);
      const text = `${operand(first, LEVELS.assign)}, ${operand(second, LEVELS.assign)}`;
      const own = { text, type: second.type, level: LEVELS.comma, noted: ['operator comma'] };
      return written(own, [first, second]);
    }
    case 'cast':
      return writeCast(expression, writeExpression(site, expression.operand));
    case 'step':
      return writeStep(site, expression);
    case 'assign':
      return writeAssign(site, expression);
    case 'call':
      return writeCall(site, expression, false) ?? plain(2);
    case 'read': {
      const { what } = expression;
      const pin = writePin(site, expression.pin, expression.form);
      const type = what.startsWith('button') ? 'bool' : 'int';
      const text = `${what}(${operand(pin, LEVELS.assign)})`;
      const own = { text, type, level: LEVELS.primary, effects: WORLD_EFFECT } as const;
      return written({ ...own, noted: [`call ${what}`] }, [pin]);
    }
    case 'pool': {
      const chosen = choose(site.program.pool, expression.choice);
      return chosen === undefined
        ? plain(0)
        : writeExpression(site, variantOf(chosen, expression.variant));
    }
    case 'clock': {
      const { what } = expression;
      const own = { text: `${what}()`, type: 'uint', level: LEVELS.primary } as const;
      return written({ ...own, effects: WORLD_EFFECT, noted: [`call ${what}`] });
    }
  }
}

/** The same expression with other types, elements and numbers. */
function variantOf(expression: Expression, variant: number): Expression {
  const inner = (part: Expression): Expression => variantOf(part, variant);
  if (variant === 0) return expression;
  switch (expression.kind) {
    case 'number':
      return { ...expression, value: (expression.value + variant) | 0 };
    case 'element':
      return { ...expression, form: expression.form + 3 * variant };
    case 'unary':
      return { ...expression, operand: inner(expression.operand) };
    case 'cast': {
      const at = NAMED_TYPES.findIndex(({ name }) => name === expression.to.name);
      const to = choose(NAMED_TYPES, at + variant) ?? expression.to;
      return { ...expression, to, operand: inner(expression.operand) };
    }
    case 'binary':
      return { ...expression, left: inner(expression.left), right: inner(expression.right) };
    default:
      return expression;
  }
}

const SHARED = { global: 'variable global', static: 'variable static', const: 'variable const' };
const OWN = { local: 'variable local', parameter: 'variable parameter', counter: 'variable local' };

function writeVariable(site: Site, slot: number): Written {
  const variable = choose(site.scope.variables, slot);
  if (variable === undefined) return plain(0);
  const { name, type, id, sort } = variable;
  const own = { text: name, type, level: LEVELS.primary, effects: reading(id) };
  return written({ ...own, noted: [{ ...SHARED, ...OWN }[sort]], uses: [id] });
}

/** An index that is always inside. */
function writeIndex(site: Site, array: ArrayVariable, index: Expression, form: number): Written {
  const { length } = array;
  if (form % 3 === 0) return plain(form % length);
  if (form % 3 === 1) {
    const counters = site.scope.variables.filter(({ max }) => max !== undefined && max < length);
    const counter = choose(counters, form);
    if (counter !== undefined) {
      const { name, type, id } = counter;
      const own = { text: name, type, level: LEVELS.primary, noted: ['array index-computed'] };
      return written({ ...own, effects: reading(id), uses: [id] });
    }
  }
  const part = writeExpression(site, index);
  const noted = ['array index-computed'];
  if ((length & (length - 1)) === 0) {
    const inside = masked(part, length - 1);
    return { ...inside, noted: [...noted, ...inside.noted] };
  }
  const low = asInt(masked(part, 0x7fff));
  return infixed('%', low, plain(length), { type: 'int', noted: [...noted, 'operator %'] });
}

/** Something that can be assigned to. */
interface Place {
  readonly text: string;
  readonly id: string;
  readonly type: ScalarType;
  /** The index, of an element. */
  readonly parts: readonly Written[];
  readonly noted: readonly string[];
}

function elementPlace(site: Site, array: ArrayVariable, index: Expression, form: number): Place {
  const { id, name, type, length } = array;
  const at = writeIndex(site, array, index, form);
  // An index that changes the array itself could be evaluated before or after.
  const part = changes(at.effects, id) ? plain(form % length) : at;
  const noted = length === 64 ? ['array 64'] : [];
  return { text: `${name}[${part.text}]`, id, type, parts: [part], noted };
}

function writeElement(site: Site, { slot, index, form }: Of<'element'>): Written {
  const array = choose(site.scope.arrays, slot);
  if (array === undefined) return writeVariable(site, slot);
  const { text, id, type, parts, noted } = elementPlace(site, array, index, form);
  const own = { text, type, level: LEVELS.primary, effects: reading(id), uses: [id] };
  return written({ ...own, noted }, parts);
}

function writePlace(site: Site, { slot, index, form }: Target): Place | undefined {
  if (index !== undefined) {
    const array = choose(
      site.scope.arrays.filter(({ writable }) => writable),
      slot,
    );
    if (array !== undefined) return elementPlace(site, array, index, form);
  }
  const variables = site.scope.variables.filter(({ writable }) => writable);
  const variable = choose(variables, slot);
  if (variable === undefined) return undefined;
  const { name, id, type, sort } = variable;
  return { text: name, id, type, parts: [], noted: [{ ...SHARED, ...OWN }[sort]] };
}

function writeConditional(site: Site, expression: Of<'conditional'>): Written {
  const condition = writeExpression(site, expression.condition);
  const whenTrue = writeExpression(site, expression.whenTrue);
  const whenFalse = writeExpression(site, expression.whenFalse);
  const text = [
    operand(condition, LEVELS['||']),
    operand(whenTrue, LEVELS.conditional),
    operand(whenFalse, LEVELS.conditional),
  ];
  const same = whenTrue.type === whenFalse.type;
  const type = same ? whenTrue.type : commonType(whenTrue.type, whenFalse.type);
  const own = { type, level: LEVELS.conditional, noted: ['operator ?:'] };
  const [a = '', b = '', c = ''] = text;
  return written({ ...own, text: `${a} ? ${b} : ${c}` }, [condition, whenTrue, whenFalse]);
}

function writeStep(site: Site, { operator, prefix, target }: Of<'step'>): Written {
  const place = writePlace(site, target);
  if (place === undefined) return plain(0);
  const { id, type, parts } = place;
  const noted = [prefix ? `step ${operator}x` : `step x${operator}`, ...place.noted];
  if (parts.length > 0) noted.push('step element');
  const effects = { reads: new Set([id]), writes: new Set([id]) };
  if (type === 'bool') {
    // C++ has no ++ and -- of a bool.
    const text = `${place.text} = !${place.text}`;
    if (parts.some(({ effects: own }) => own.writes.size > 0)) return plain(0);
    const twice = { text, type, level: LEVELS.assign, effects, uses: [id] };
    return written({ ...twice, noted: ['operator =', 'unary !'] }, [...parts, ...parts]);
  }
  const text = prefix ? operator + place.text : place.text + operator;
  const level = prefix ? LEVELS.unary : LEVELS.primary;
  return written({ text, type, level, effects, noted, uses: [id], height: 3 }, parts);
}

function writeAssign(site: Site, expression: Of<'assign'>): Written {
  const place = writePlace(site, expression.target);
  let value = writeExpression(site, expression.value);
  if (place === undefined) return value;
  const { id, type, parts } = place;
  const clash = parts.some(({ effects }) => conflict(effects, value.effects));
  if (clash || changes(value.effects, id)) value = plain(3);
  let operator = '';
  if (expression.operator !== '') {
    const possible = compound(expression.operator, type, value, expression.form);
    operator = possible.operator;
    value = possible.value;
  }
  const text = `${place.text} ${operator}= ${operand(value, LEVELS.assign)}`;
  const noted = [`operator ${operator}=`, ...place.noted];
  if (parts.length > 0) noted.push('array element-assigned');
  const effects = operator === '' ? writing(id) : { reads: new Set([id]), writes: new Set([id]) };
  const own = { text, type, level: LEVELS.assign, effects, noted, uses: [id], height: 3 };
  return written(own, [...parts, value]);
}

/** A call of one of the functions there are; undefined when there is none, or no room for one. */
export function writeCall(
  site: Site,
  { callee, args }: Pick<Of<'call'>, 'callee' | 'args'>,
  any: boolean,
): Written | undefined {
  const { program, frame } = site;
  const group = frame?.group ?? [];
  // The other one of a pair, the first of the group, twice: that both call each other is rare enough.
  const known: Callable[] = [...group.slice(0, 1), ...group, ...program.callables];
  const possible = known.filter((it) => (any || it.result !== undefined) && mayCall(site, it));
  const chosen = choose(possible, callee);
  if (chosen === undefined) return undefined;
  const within = frame?.group.includes(chosen) === true;
  const given = chosen.parameters.map((_, index) => {
    if (within && index === 0) return countDown(frame.counter);
    const argument = args[index];
    const part = argument === undefined ? plain(index) : writeExpression(site, argument);
    return chosen.counts && index === 0 ? masked(part, 3) : part;
  });
  const parts = unsequenced(given);
  // The counter must not be replaced: it is where the recursion ends. It changes nothing, so it never is.
  const text = `${chosen.name}(${parts.map((part) => operand(part, LEVELS.assign)).join(', ')})`;
  const effects = within ? ANY_EFFECT : chosen.effects;
  return written(
    {
      ...{ text, type: chosen.result ?? 'int', level: LEVELS.primary, effects },
      ...{ cost: 4 + chosen.cost, uses: [chosen.name] },
      ...{ calleeWords: chosen.words + parts.length, calleeFrames: chosen.frames },
    },
    parts,
  );
}

/** The counter of a recursion, one lower. It has a name of its own that nothing hides. */
function countDown(counter: string): Written {
  const own = { text: `${counter} - 1`, type: 'int', level: LEVELS['+'] } as const;
  return written({ ...own, noted: ['operator -'] });
}

const PINS = ['LED_BUILTIN', 'USER_BTN', 'A0', 'A1', 'A2', 'A3', 'A4', 'A5'];

/** A pin or button: a number, a name, or computed. */
export function writePin(site: Site, pin: Expression, form: number): Written {
  if (form % 3 === 0) return plain(Math.floor(form / 3) % 23);
  if (form % 3 === 1) {
    const text = choose(PINS, Math.floor(form / 3)) ?? 'A0';
    return written({ text, type: 'int', level: LEVELS.primary, uses: [text] });
  }
  return masked(writeExpression(site, pin), 15);
}
