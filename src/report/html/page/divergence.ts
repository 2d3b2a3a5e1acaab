import type { Divergence, ProgramResult, SourcePlace } from '../../../results/index.ts';
import { dataTable, h, pairs, section, type Child } from './dom.ts';
import { fileName } from './words.ts';

type Since = NonNullable<Divergence['since']>;
type Cell = NonNullable<Divergence['state']>['stack'][number];

/** The line of source with the place in it marked, and where they are known the lines around it. */
export function sourceLine(
  place: SourcePlace | undefined,
  context: Divergence['context'] = [],
): Child {
  if (place === undefined) return undefined;
  const { file, line, column, text } = place;
  const marked = [text.slice(0, column - 1), h('mark', {}, text.slice(column - 1))];
  const width = String(context.at(-1)?.line ?? '').length;
  const code = context.flatMap((around): Child[] => [
    `${around.line === line ? '>' : ' '} ${String(around.line).padStart(width)}  `,
    ...(around.line === line ? marked : [around.text]),
    '\n',
  ]);
  return h(
    'figure',
    { class: 'source' },
    h('figcaption', {}, `${file}:${line}:${column}`),
    h('pre', {}, h('code', {}, ...(code.length === 0 ? marked : code))),
  );
}

const side = (value: number | undefined): string => (value === undefined ? '-' : String(value));

function cellTable(title: string, cells: readonly Cell[]): Child {
  if (cells.length === 0) return undefined;
  return dataTable(
    title,
    ['cell', 'model', 'board', ''],
    cells.map(({ name, model, board, differs }) => [
      differs ? h('strong', {}, name) : name,
      side(model),
      differs ? h('strong', { class: 'differs' }, side(board)) : side(board),
      differs ? 'differs' : '',
    ]),
    [1, 2],
  );
}

function stateTables(state: NonNullable<Divergence['state']>): Child {
  return [
    h('h3', {}, 'State after the wrong step'),
    h('p', { class: 'note' }, `The board's side is ${state.boardSide}.`),
    cellTable('Registers', state.registers),
    cellTable('Stack, from the bottom', state.stack),
    cellTable('Call frames', state.frames),
    cellTable('Local variables', state.locals),
    cellTable('Global variables', state.globals),
    state.arrays.map(({ name, length, cells }) => cellTable(`Array ${name}`, [length, ...cells])),
  ];
}

function stepTable({ lastSteps }: Divergence): Child {
  return dataTable(
    'Last steps, the wrong one at the end as the board reported it',
    ['step', 'source', 'instruction', 'effect'],
    lastSteps.map(({ step, source, instruction, effect }) => [
      step,
      source === undefined ? '' : `${fileName(source.file)}:${source.line}`,
      h('code', {}, instruction),
      effect,
    ]),
    [0],
  );
}

const BISECTED = 'found by bisection; an earlier change may have been undone';

/** The step that had left the state wrong before the effect of another one was. */
function sinceText({ step, located, source, instruction, expected, actual }: Since): string {
  const line = source === undefined ? '' : ` (${fileName(source.file)}:${source.line})`;
  const [word, how] = located === 'bisected' ? ['after', `, ${BISECTED}`] : ['since', ''];
  return `${word} step ${step}${line}, ${instruction}${how}: model ${expected}; board ${actual}`;
}

/** Where board and model part. */
export function divergenceSection(divergence: Divergence): HTMLElement {
  const { step, source, context, instruction, expected, actual, operands, state, missing, since } =
    divergence;
  const at = (place: { step: number; source?: SourcePlace | undefined } | undefined): string =>
    place === undefined
      ? ''
      : `, from step ${place.step}${place.source === undefined ? '' : ` (${fileName(place.source.file)}:${place.source.line})`}`;
  return section(
    `Board and model part at step ${step}`,
    divergence.located === 'bisected' && h('p', { class: 'note' }, `A wrong step (${BISECTED}).`),
    sourceLine(source, context),
    pairs(
      ['instruction', h('code', {}, instruction)],
      ['model', expected],
      ['board', actual],
      ['differs in', divergence.fields.join(', ')],
      ...(since === undefined ? [] : [['state wrong', sinceText(since)] as const]),
    ),
    operands !== undefined && [
      h('h3', {}, 'What it worked on'),
      h(
        'ul',
        {},
        operands.list.map(({ what, value, writer, origin }) =>
          h('li', {}, `${what} = ${value}${at(origin ?? writer)}`),
        ),
      ),
    ],
    stepTable(divergence),
    state !== undefined && stateTables(state),
    missing.map((why) => h('p', { class: 'note' }, why)),
  );
}

/** Whose fault it is, and why. */
export function triageSection(triage: NonNullable<ProgramResult['triage']>): HTMLElement {
  const { cause, reasons, legs } = triage;
  return section(
    `Whose fault: ${cause}`,
    h(
      'ul',
      {},
      reasons.map((reason) => h('li', {}, reason)),
    ),
    pairs(
      ['model again', legs.model.text],
      ['native C', legs.native.text],
      ['board', legs.board.text],
    ),
  );
}
