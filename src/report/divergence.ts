import type {
  CellView,
  Divergence,
  OperandView,
  StateView,
  StepPlace,
  Triage,
} from '../results/index.ts';
import { lineOf, painter, printable, sourceLines, table, type Style } from './text.ts';

/** Marks the wrong step, and cells that differ. */
const WRONG_STEP = '>';
const DIFFERS = '!';
/** A section longer than this shows what differs and counts the rest. */
const ROWS_SHOWN = 12;
/** Cells of an array in one line. */
const CELLS_IN_LINE = 8;
/** Values read from outside that are shown; the record has more. */
const INPUTS_SHOWN = 4;
/** Width of the labels before a value. */
const LABEL = 15;

const label = (text: string): string => `  ${text}`.padEnd(LABEL);

/** Where and how two sides part, and everything known about it. */
export function divergenceLines(divergence: Divergence, style: Style): string[] {
  const paint = painter(style);
  const { step, source, instruction, expected, actual, fields, operands } = divergence;
  const sides = [printable(expected), printable(actual)] as const;
  const width = Math.max(...sides.map((text) => text.length));
  return [
    paint('bold', headText(divergence)),
    ...sourceLines(source, '  '),
    `${label('instruction')}${printable(instruction)}`,
    `${label('expected')}${paint('green', sides[0].padEnd(width))}  (reference model)`,
    `${label('actual')}${paint('red', sides[1].padEnd(width))}  (board)`,
    `${label('differs in')}${fields.join(', ')}`,
    ...sinceLines(divergence.since),
    ...(operands === undefined ? [] : operandLines(operands, step)),
    ...inputLines(divergence.inputs),
    ...stepLines(divergence, style),
    ...(divergence.state === undefined ? [] : stateLines(divergence.state, style)),
    ...divergence.missing.map((text) => `${label('not known')}${printable(text)}`),
  ];
}

/** What is not known of a bisected step. */
const BISECTED = 'found by bisection; an earlier change may have been undone';

function headText({ step, epoch, located }: Divergence): string {
  const what = located === 'bisected' ? `a wrong step (${BISECTED})` : 'first wrong step';
  return `${what}: ${step}${epoch === undefined ? '' : `, in epoch ${epoch}`}`;
}

/** `step 3, sketch.ino:6` */
function stepText({ step, source }: Pick<StepPlace, 'step' | 'source'>): string {
  const where = lineOf(source);
  return where === '' ? `step ${step}` : `step ${step}, ${where}`;
}

/** A step that had left the state wrong before. */
function sinceLines(since: Divergence['since']): string[] {
  if (since === undefined) return [];
  const { expected, actual } = since;
  const bisected = since.located === 'bisected';
  const where = `${bisected ? 'after' : 'since'} ${stepText(since)}: ${printable(since.instruction)}`;
  return [
    `${label('state wrong')}${where}${bisected ? ` (${BISECTED})` : ''}`,
    `${label('  expected')}${printable(expected)}`,
    `${label('  actual')}${printable(actual)}`,
  ];
}

function originOf({ writer, origin }: OperandView): string {
  if (writer === undefined) return 'never written since load';
  const text = `${stepText(writer)}: ${printable(writer.instruction)}`;
  return origin === undefined ? text : `${text}, stored there by ${stepText(origin)}`;
}

function operandLines({ of, list }: NonNullable<Divergence['operands']>, step: number): string[] {
  const rows = list.map((operand) => [
    printable(operand.what),
    `= ${operand.value}`,
    originOf(operand),
  ]);
  const [first, ...others] = table(rows, []);
  const before =
    of.step === step ? [] : [`${label('decided by')}${stepText(of)}: ${printable(of.instruction)}`];
  if (first === undefined) return before;
  return [
    ...before,
    `${label('worked on')}${first}`,
    ...others.map((line) => `${' '.repeat(LABEL)}${line}`),
  ];
}

function inputLines({ count, last }: Divergence['inputs']): string[] {
  if (count === 0) return [];
  const shown = last.slice(-INPUTS_SHOWN);
  const texts = shown.map(
    ({ step, port, value }) => `${printable(port)} = ${value} at step ${step}`,
  );
  const which = shown.length < count ? `the last ${shown.length} of ${count}: ` : '';
  return [`${label('inputs read')}${which}${texts.join(', ')}`];
}

function stepLines({ lastSteps, step }: Divergence, style: Style): string[] {
  const paint = painter(style);
  const head = ['step', 'pc', 'instruction', 'what it did', ''];
  const rows = lastSteps.map((entry) => [
    String(entry.step),
    String(entry.pc),
    printable(entry.instruction),
    printable(entry.effect),
    lineOf(entry.source),
  ]);
  const [title = '', ...lines] = table([head, ...rows], [0, 1]);
  return [
    `  the last ${lastSteps.length} steps on the board:`,
    `      ${paint('dim', title)}`,
    ...lines.map((line, index) => {
      const wrong = lastSteps[index]?.step === step;
      const text = `    ${wrong ? WRONG_STEP : ' '} ${line}`;
      return wrong ? paint('red', text) : text;
    }),
  ];
}

/** A heading and its cells; for a long section those that differ, and how many don't. */
interface Section {
  readonly title: string;
  readonly cells: readonly CellView[];
}

const number = (value: number | undefined): string => (value === undefined ? '-' : String(value));

/** Model and board side by side. */
function stateLines(state: StateView, style: Style): string[] {
  const paint = painter(style);
  const sections: Section[] = [
    { title: '', cells: state.registers },
    { title: 'stack, with the locals', cells: state.stack },
    { title: 'calls', cells: state.frames.some(({ differs }) => differs) ? state.frames : [] },
    { title: 'globals', cells: state.globals },
  ];
  const shown = sections
    .filter(({ cells }) => cells.length > 0)
    .map(({ title, cells }) => {
      const differing = cells.filter(({ differs }) => differs);
      const some = cells.length > ROWS_SHOWN ? differing : cells;
      return { title, cells: some, more: cells.length - some.length };
    });
  const rowOf = ({ name, model, board }: CellView): string[] => [
    printable(name),
    number(model),
    number(board),
  ];
  const all = shown.flatMap(({ cells }) => cells);
  const [head = '', ...lines] = table([['', 'model', 'board'], ...all.map(rowOf)], [1, 2]);
  const rest = [...lines];
  return [
    `  the state after it; board: ${printable(state.boardSide)}`,
    `      ${paint('dim', head)}`,
    ...shown.flatMap(({ title, cells, more }) => [
      ...(title === '' ? [] : [`    ${paint('dim', title)}`]),
      ...cells.map((cell) => markedLine(cell.differs, rest.shift() ?? '', style)),
      ...(more === 0 ? [] : [`      ${more} more, equal`]),
    ]),
    ...state.arrays.flatMap((array) => arrayLines(array, style)),
  ];
}

function markedLine(differs: boolean, line: string, style: Style): string {
  const text = `    ${differs ? DIFFERS : ' '} ${line}`;
  return differs ? painter(style)('red', text) : text;
}

/** An array: a line if it is equal, else the lines of cells in which something differs. */
function arrayLines({ name, length, cells }: StateView['arrays'][number], style: Style): string[] {
  const paint = painter(style);
  const equal = !length.differs && cells.every(({ differs }) => !differs);
  const title = `    ${paint('dim', 'array')} ${printable(name)}, length ${lengthText(length)}`;
  const known = cells.some(({ board }) => board !== undefined);
  if (equal) return [`${title}${known ? ', equal' : ''}`];
  const lines: string[] = [];
  let same = 0;
  for (let from = 0; from < cells.length; from += CELLS_IN_LINE) {
    const part = cells.slice(from, from + CELLS_IN_LINE);
    if (part.some(({ differs }) => differs)) lines.push(...cellLines(part, style));
    else same += part.length;
  }
  return [
    title,
    ...lines,
    ...(same === 0 ? [] : [`      ${same} more cell${same === 1 ? '' : 's'}, equal`]),
  ];
}

function lengthText({ model, board, differs }: CellView): string {
  return differs ? `${number(model)} in the model, ${number(board)} on the board` : number(model);
}

function cellLines(cells: readonly CellView[], style: Style): string[] {
  const right = cells.map((_, index) => index + 1);
  const mark = ({ differs }: CellView): string => (differs ? DIFFERS : '');
  const rows = [
    ['', ...cells.map(({ name }) => name)],
    ['model', ...cells.map(({ model }) => number(model))],
    ['board', ...cells.map((cell) => `${mark(cell)}${number(cell.board)}`)],
  ];
  const [head = '', model = '', board = ''] = table(rows, right);
  const paint = painter(style);
  return [`      ${paint('dim', head)}`, `      ${model}`, markedLine(true, board, style)];
}

/** Whose fault it is, and the words of the three legs. */
export function triageLines({ cause, reasons, legs }: Triage, style: Style): string[] {
  const leg = (name: string, { text }: Triage['legs']['model']): string =>
    `${label(`  ${name}`)}${printable(text)}`;
  const [first = '', ...others] = reasons;
  return [
    `whose fault: ${painter(style)('bold', cause)}`,
    leg('model', legs.model),
    leg('native C', legs.native),
    leg('board', legs.board),
    `${label('  because')}${printable(first)}`,
    ...others.map((reason) => `${label('  and')}${printable(reason)}`),
  ];
}
