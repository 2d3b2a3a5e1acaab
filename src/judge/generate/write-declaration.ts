/** Declarations in functions as lines. */
import { LOCAL, WORLD_EFFECT } from './effects.ts';
import { writeCharacter, writeNumber } from './literals.ts';
import { account, note, type StatementSite, type Variable } from './site.ts';
import type { Expression, Statement } from './syntax.ts';
import { writeExpression } from './write-expression.ts';
import { LEVELS, operand, plain, unsequenced, type Written } from './written.ts';

type Of<Kind extends Statement['kind']> = Extract<Statement, { kind: Kind }>;

/** A variable whose name a declaration may take. */
function hidable({ frame, scope }: StatementSite): Variable | undefined {
  return scope.hideable.find(({ name }) => name !== frame.counter);
}

function newName({ frame }: StatementSite): string {
  frame.names += 1;
  return `v${frame.names}`;
}

/** Statics of all functions: with the globals fewer than the machine's 64. */
const MAX_STATICS = 24;
/** Arrays: with the global ones at most the machine's 16. */
const MAX_ARRAYS = 16;
/** Locals of one function, by far fewer than the 96 it may have: the stack is for all. */
const MAX_SLOTS = 24;

export function writeDeclare(site: StatementSite, statement: Of<'declare'>): string[] {
  const { frame, program, scope } = site;
  const { type, shadow } = statement;
  const isStatic = statement.form === 'static' && program.statics < MAX_STATICS;
  const form = statement.form === 'static' && !isStatic ? 'plain' : statement.form;
  const values = statement.values.slice(0, Math.max(0, MAX_SLOTS - frame.slots));
  const declared = values.map((value, at) => {
    const hidden = shadow && at === 0 ? hidable(site) : undefined;
    if (hidden !== undefined) note(site, 'variable shadowing');
    const name = hidden?.name ?? newName(site);
    const given = isStatic ? constantOf(value) : writeExpression(site, value);
    // The hidden variable cannot be named any more.
    const initial = account(site, given.uses.includes(hidden?.id ?? '') ? plain(4) : given);
    if (isStatic) program.statics += 1;
    else frame.slots += 1;
    frame.names += 1;
    const variable: Variable = {
      ...{ kind: 'variable', name, type: type.type, writable: form !== 'const', max: undefined },
      id: `${isStatic ? 'static ' : LOCAL}${name} ${program.callables.length} ${frame.names}`,
      sort: form === 'static' || form === 'const' ? form : 'local',
    };
    scope.declare(variable);
    return { name, initial: operand(initial, LEVELS.assign) };
  });
  if (declared.length === 0) return [];
  note(site, `type ${type.name}`);
  if (declared.length > 1) note(site, 'variable several');
  if (form === 'later') {
    note(site, 'variable later');
    const names = declared.map(({ name }) => name).join(', ');
    return [`${type.name} ${names};`, ...declared.map((it) => `${it.name} = ${it.initial};`)];
  }
  const list = declared.map((it) => `${it.name} = ${it.initial}`).join(', ');
  const word = { plain: '', static: 'static ', const: 'const ' }[form];
  return [`${word}${type.name} ${list};`];
}

/** A constant for where C wants one. */
function constantOf(value: Expression): Written {
  if (value.kind === 'number') return writeNumber(value.value, value.style);
  return value.kind === 'character' ? writeCharacter(value.choice) : plain(1);
}

export function writeDeclareArray(site: StatementSite, statement: Of<'declareArray'>): string[] {
  const { frame, program, scope } = site;
  const { type, isStatic, open, length } = statement;
  if (program.arrays >= MAX_ARRAYS || (frame.recursive && !isStatic)) return [];
  program.arrays += 1;
  const name = newName(site);
  const given = statement.values
    .slice(0, length)
    .map((value) => (isStatic ? constantOf(value) : writeExpression(site, value)));
  const list = unsequenced(given).map((it) => account(site, it));
  // Without a list, a local array's elements are nobody knows what in C; an empty list is no C.
  if (list.length === 0 && !isStatic) list.push(plain(0));
  const isOpen = open && list.length > 0;
  const size = isOpen ? list.length : length;
  const id = `array ${name} ${program.callables.length}`;
  scope.declare({ kind: 'array', name, type: type.type, writable: true, id, length: size });
  scope.reports.push(reportArray(name, size));
  // Its elements are cleared each time, and shown.
  frame.cost += 15 * size * site.factor;
  for (const effect of WORLD_EFFECT.writes) frame.writes.add(effect);
  note(site, isStatic ? 'array static' : 'array local', `type ${type.name}`);
  if (isOpen) note(site, 'array length-by-list');
  else if (list.length > 0 && list.length < length) note(site, 'array partial-list');
  const values = list.map((it) => operand(it, LEVELS.assign)).join(', ');
  const word = isStatic ? 'static ' : '';
  const end = list.length === 0 ? '' : ` = {${values}}`;
  return [`${word}${type.name} ${name}[${isOpen ? '' : length}]${end};`];
}

/** A statement that prints an array. */
export function reportArray(name: string, length: number): string {
  return `for (int i = 0; i < ${length}; i++) Serial.println(${name}[i]);`;
}
