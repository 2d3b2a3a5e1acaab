/** Statements of the generated syntax as lines. */
import { writeCharacter } from './literals.ts';
import { account, choose, note, Scope, type StatementSite, type Variable } from './site.ts';
import type { Body, Expression, LoopForm, Statement, SwitchCase } from './syntax.ts';
import { LOCAL } from './effects.ts';
import { NAMED_TYPES } from './types.ts';
import { writeDeclare, writeDeclareArray } from './write-declaration.ts';
import { writeCall, writeExpression } from './write-expression.ts';
import { writeOutput, writePrintf, writeSerial } from './write-output.ts';
import { LEVELS, masked, operand, type Written } from './written.ts';

type Of<Kind extends Statement['kind']> = Extract<Statement, { kind: Kind }>;

const indented = (lines: readonly string[]): string[] => lines.map((line) => `  ${line}`);

/** The statements of a scope. */
export function writeBody(site: StatementSite, body: Body): string[] {
  const lines = body.flatMap((statement) => writeStatement(site, statement));
  return [...lines, ...site.scope.reports];
}

/** Statements in a block of their own. */
function writeBlock(site: StatementSite, body: Body): string[] {
  return writeBody({ ...site, scope: new Scope(site.scope) }, body);
}

/** A full expression: it becomes part of the function. */
function full(site: StatementSite, expression: Expression): Written {
  return account(site, writeExpression(site, expression));
}

function writeStatement(site: StatementSite, statement: Statement): string[] {
  switch (statement.kind) {
    case 'evaluate':
      return [`${writeEvaluate(site, statement)};`];
    case 'callStatement': {
      const call = writeCall(site, statement, true);
      if (call === undefined) return [];
      const taken = account(site, call);
      return [`${taken.text};`];
    }
    case 'declare':
      return writeDeclare(site, statement);
    case 'declareArray':
      return writeDeclareArray(site, statement);
    case 'if':
      return writeIf(site, statement);
    case 'loop':
      return writeLoop(site, statement);
    case 'switch':
      return writeSwitch(site, statement);
    case 'jump':
      return writeJump(site, statement);
    case 'bump':
      return writeBump(site, statement);
    case 'block':
      note(site, 'statement block');
      return ['{', ...indented(writeBlock(site, statement.body)), '}'];
    case 'printf':
      return [`${takeCall(site, writePrintf(site, statement))};`];
    case 'serial':
      return [`${takeCall(site, writeSerial(site, statement))};`];
    case 'begin': {
      const baud = operand(full(site, statement.baud), LEVELS.assign);
      note(site, 'serial begin');
      return [`Serial.begin(${baud});`];
    }
    case 'output':
      return [`${writeOutput(site, statement)};`];
    case 'empty':
      note(site, 'statement empty');
      return [';'];
  }
}

/** A call that prints; when there is no room for what it prints, a plain one. */
function takeCall(site: StatementSite, call: Written): string {
  const taken = account(site, call);
  return taken === call ? call.text : 'printf("~")';
}

function writeEvaluate(site: StatementSite, { value, discard }: Of<'evaluate'>): string {
  const part = full(site, value);
  if (discard) {
    note(site, 'cast (void)x');
    return `(void)${operand(part, LEVELS.unary)}`;
  }
  // What begins with a type's name would be a declaration.
  return TYPE_CALL.test(part.text) ? `(${part.text})` : part.text;
}

const TYPE_CALL = new RegExp(`^(${NAMED_TYPES.map(({ name }) => name).join('|')})\\(`);

/** Statements that may stand without braces. An `else` behind them may then belong to another `if`, which is as good. */
const BARE: readonly Statement['kind'][] = [
  ...(['evaluate', 'callStatement', 'printf', 'serial', 'output', 'if', 'jump', 'empty'] as const),
];

/** Statements as the body of an `if` or a loop: in braces, or one alone without. */
function writeBranch(site: StatementSite, head: string, body: Body, braces: boolean): string[] {
  const lines = writeBlock(site, body);
  const [only] = body;
  const bare = !braces && body.length === 1 && only !== undefined && BARE.includes(only.kind);
  if (bare && lines.length > 0) {
    note(site, 'statement no-braces');
    return [head, ...indented(lines)];
  }
  return [`${head} {`, ...indented(lines), '}'];
}

function writeIf(site: StatementSite, { clauses, otherwise, braces }: Of<'if'>): string[] {
  note(site, 'statement if');
  const lines = clauses.flatMap(({ condition, body }, at) => {
    if (at > 0) note(site, 'statement else-if');
    const head = `${at > 0 ? 'else ' : ''}if (${full(site, condition).text})`;
    return writeBranch(site, head, body, braces);
  });
  if (otherwise === undefined) return lines;
  note(site, 'statement else');
  return [...lines, ...writeBranch(site, 'else', otherwise, braces)];
}

/** Instructions that a loop itself takes in each round. */
const LOOP_COST = 8;
/** How often the innermost statement of a function may be executed. */
const MAX_FACTOR = 64;

function writeLoop(site: StatementSite, statement: Of<'loop'>): string[] {
  const { frame, factor } = site;
  const { form, braces, body } = statement;
  const wanted = statement.times === 0 ? 0 : 1 + (statement.times % 4);
  const times = factor * wanted > MAX_FACTOR ? 1 : wanted;
  // A counter must hold every value that it is compared with, also -1.
  const signed = form === 'forDown' || form === 'forTwo' || form === 'while' || form === 'do';
  const fits =
    statement.counter.type !== 'bool' && !(signed && statement.counter.type.startsWith('u'));
  const type = fits ? statement.counter.name : 'int';
  frame.names += 1;
  frame.slots += form === 'forTwo' ? 2 : 1;
  const name = `i${frame.names}`;
  const down = form === 'forDown' || form === 'while' || form === 'do';
  const limit = form === 'forStep' ? 2 * times : times;
  // Never below 0, nor with the loop's own step.
  const least = form === 'forDown' ? 1 : 0;
  const counter: Variable = {
    bump: down ? `if (${name} > ${least}) ${name}--;` : `if (${name} < ${limit}) ${name}++;`,
    ...{ kind: 'variable', name, writable: false, sort: 'counter', max: 2 * times + 1 },
    id: `${LOCAL}${name}`,
    type: fits ? statement.counter.type : 'int',
  };
  const outer = { ...site, scope: new Scope(site.scope), factor: factor * (times + 1) };
  outer.scope.declare(counter);
  const inner = { ...outer, factor: factor * Math.max(1, times), inLoop: true, inSwitch: false };
  frame.cost += LOOP_COST * outer.factor;
  const stop =
    statement.condition === undefined
      ? undefined
      : operand(full(outer, statement.condition), LEVELS['&&'] + 1);
  if (stop !== undefined) note(site, 'operator &&');
  /** The loop's own condition and the other one. */
  const both = (own: string): string => {
    if (stop === undefined) return own;
    return statement.conditionFirst ? `${stop} && ${own}` : `${own} && ${stop}`;
  };
  note(site, `type ${type}`, ...LOOP_NOTES[form]);
  const branch = (head: string): string[] => writeBranch(inner, head, body, braces);
  switch (form) {
    case 'for':
      return branch(`for (${type} ${name} = 0; ${both(`${name} < ${times}`)}; ${name}++)`);
    case 'forDown':
      return branch(`for (${type} ${name} = ${times}; ${both(`${name} > 0`)}; --${name})`);
    case 'forStep':
      return branch(`for (${type} ${name} = 0; ${both(`${name} < ${limit}`)}; ${name} += 2)`);
    case 'forTwo': {
      const two = `${name} = 0, ${name}b = ${2 * times}`;
      return branch(`for (${type} ${two}; ${both(`${name} < ${name}b`)}; ${name}++, ${name}b--)`);
    }
    case 'while':
      return [`${type} ${name} = ${times};`, ...branch(`while (${both(`${name}-- > 0`)})`)];
    case 'do': {
      const lines = indented(writeBlock(inner, body));
      const end = `} while (${both(`--${name} > 0`)});`;
      return [`${type} ${name} = ${times};`, 'do {', ...lines, end];
    }
    case 'forEver':
    case 'whileTrue': {
      const leave = [`if (!(${both(`${name} < ${times}`)})) break;`, `${name}++;`];
      const lines = indented([...leave, ...writeBlock(inner, body)]);
      const head = form === 'forEver' ? 'for (;;) {' : 'while (true) {';
      return [`${type} ${name} = 0;`, head, ...lines, '}'];
    }
  }
}

const LOOP_NOTES: Readonly<Record<LoopForm, readonly string[]>> = {
  for: ['statement for'],
  forDown: ['statement for', 'step --x'],
  forStep: ['statement for', 'operator +='],
  forTwo: ['statement for', 'statement for-two'],
  forEver: ['statement for-ever', 'statement break'],
  while: ['statement while'],
  whileTrue: ['statement while', 'statement break'],
  do: ['statement do'],
};

function writeBump(site: StatementSite, { counter }: Of<'bump'>): string[] {
  const counters = site.scope.variables.filter(({ bump }) => bump !== undefined);
  const chosen = choose(counters, counter);
  if (chosen?.bump === undefined) return [];
  note(site, 'statement bump');
  site.frame.writes.add(chosen.id);
  return [chosen.bump];
}

/** The value of a `case` and how it is written. */
function writeLabel(site: StatementSite, label: number): { value: number; text: string } {
  switch (label % 8) {
    case 5:
      note(site, 'switch constant-label');
      return { value: 1, text: 'HIGH' };
    case 6:
      note(site, 'switch character-label');
      return { value: 97, text: writeCharacter(0).text };
    case 7:
      note(site, 'switch constant-label');
      return { value: 6, text: '2 * 3' };
    default: {
      const value = label % 8 === 4 ? label : label % 8;
      return { value, text: String(value) };
    }
  }
}

function writeSwitch(site: StatementSite, { subject, masked: low, cases }: Of<'switch'>): string[] {
  note(site, 'statement switch');
  const part = writeExpression(site, subject);
  const taken = account(site, low ? masked(part, 3) : part);
  const seen = new Set<number | undefined>();
  const inner = { ...site, inSwitch: true };
  const lines = cases.flatMap((it, at) => writeCase(inner, it, seen, at));
  // A label stands before a statement.
  if (lines.at(-1)?.endsWith(':') === true) lines.push('  ;');
  return [`switch (${taken.text}) {`, ...indented(lines), '}'];
}

function writeCase(
  site: StatementSite,
  { labels, body, end }: SwitchCase,
  seen: Set<number | undefined>,
  at: number,
): string[] {
  const heads: string[] = [];
  for (const label of labels) {
    const { value, text } = writeLabel(site, label);
    if (seen.has(value)) continue;
    seen.add(value);
    heads.push(`case ${text}:`);
  }
  if (heads.length > 1) note(site, 'switch several-labels');
  if (heads.length === 0) {
    if (seen.has(undefined)) return [];
    seen.add(undefined);
    heads.push('default:');
    note(site, 'switch default', ...(at === 0 ? ['switch default-first'] : []));
  }
  const lines = writeBlock(site, body);
  const declares = body.some(({ kind }) => ['declare', 'declareArray', 'loop'].includes(kind));
  // C++ lets no label follow a declaration in the same block.
  const inner = declares ? ['{', ...indented(lines), '}'] : lines;
  return [...heads, ...indented([...inner, ...writeCaseEnd(site, end)])];
}

function writeCaseEnd(site: StatementSite, end: SwitchCase['end']): string[] {
  const possible =
    (end === 'continue' && !site.inLoop) || (end === 'return' && site.frame.result !== undefined)
      ? 'break'
      : end;
  if (possible === 'fall') {
    note(site, 'switch fall-through');
    return [];
  }
  note(site, `switch ${possible}`);
  return [`${possible};`];
}

function writeJump(site: StatementSite, statement: Of<'jump'>): string[] {
  const { what } = statement;
  const possible = what === 'return' || site.inLoop || (what === 'break' && site.inSwitch);
  if (!possible) return [];
  const condition = full(site, statement.condition).text;
  note(site, 'statement if', `statement ${what}`);
  if (what !== 'return') return [`if (${condition}) ${what};`];
  if (site.frame.result === undefined) return [`if (${condition}) return;`];
  return [`if (${condition}) return ${full(site, statement.value).text};`];
}
