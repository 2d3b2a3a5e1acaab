import type { Program } from '../image/index.ts';
import { LIMITS } from '../isa/index.ts';
import type { LocalCell, VmView } from '../lockstep/index.ts';
import type { CellView, StateView } from '../results/index.ts';
import type { BoardView } from './board-state.ts';

type Side = number | undefined;

/** A cell of both sides. Without a board to compare with nothing differs. */
function cell(name: string, model: Side, board: Side, known: boolean): CellView {
  return {
    name,
    ...(model === undefined ? {} : { model }),
    ...(board === undefined ? {} : { board }),
    differs: known && model !== board,
  };
}

/** int32, little-endian. */
function words(bytes: Uint8Array | undefined): readonly number[] {
  if (bytes === undefined) return [];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: Math.floor(bytes.length / 4) }, (_, index) =>
    view.getInt32(4 * index, true),
  );
}

/** The name of a global or an array, or what it is without one. */
function nameOf(
  id: number,
  what: string,
  names: readonly { readonly name: string; readonly id: number }[] | undefined,
): string {
  return names?.find((entry) => entry.id === id)?.name ?? `${what} ${id}`;
}

/** `total` in `add`; with the frame's number where a function runs more than once. */
function localName(local: LocalCell, all: readonly LocalCell[]): string {
  const again = all.some(
    (other) => other.function === local.function && other.frame !== local.frame,
  );
  return `${local.function}: ${local.name}${again ? ` (call ${local.frame})` : ''}`;
}

/**
 * Two states beside each other: every cell that is in use on either side or differs.
 * @param board undefined when it isn't known; then nothing is marked
 * @param boardSide where the board's state is from, or why there is none
 */
export function sideBySide(
  program: Program,
  model: VmView,
  board: BoardView | undefined,
  locals: readonly LocalCell[],
  boardSide: string,
): StateView {
  const known = board !== undefined;
  const [left, right] = [model.memory, board?.memory];
  const pair = (name: string, from: Side, to: Side): CellView => cell(name, from, to, known);
  const stacks = [words(left.stack), words(right?.stack)] as const;
  const slots = Math.max(stacks[0].length, stacks[1].length);
  const owners = new Map(locals.map((local) => [local.slot, localName(local, locals)]));
  return {
    boardSide,
    registers: [
      pair('pc', model.pc, board?.pc),
      pair('stack depth', model.sp, board?.sp),
      pair('call depth', model.depth, board?.depth),
      pair('fault', model.error, board?.error),
    ],
    stack: Array.from({ length: slots }, (_, slot) => {
      const owner = owners.get(slot);
      const name = owner === undefined ? `slot ${slot}` : `slot ${slot} (${owner})`;
      return pair(name, stacks[0][slot], stacks[1][slot]);
    }),
    frames: frameCells(words(left.frames), words(right?.frames), pair),
    locals: locals.map((local) =>
      pair(localName(local, locals), stacks[0][local.slot], stacks[1][local.slot]),
    ),
    globals: globalCells(program, words(left.globals), words(right?.globals), pair),
    arrays: arrayViews(program, model, board, pair),
  };
}

type Pair = (name: string, model: Side, board: Side) => CellView;

function frameCells(model: readonly number[], board: readonly number[], pair: Pair): CellView[] {
  return Array.from({ length: Math.max(model.length, board.length) }, (_, index) => {
    const what = index % 2 === 0 ? 'return pc' : 'frame base';
    return pair(`call ${Math.floor(index / 2) + 1}: ${what}`, model[index], board[index]);
  });
}

function globalCells(
  program: Program,
  model: readonly number[],
  board: readonly number[],
  pair: Pair,
): CellView[] {
  const names = program.debug?.globals;
  return model
    .map((value, id) => ({
      named: names?.some((entry) => entry.id === id) === true,
      view: pair(nameOf(id, 'global', names), value, board[id]),
    }))
    .filter(({ named, view }) => named || view.differs || view.model !== 0)
    .map(({ view }) => view);
}

function arrayViews(
  program: Program,
  model: VmView,
  board: BoardView | undefined,
  pair: Pair,
): StateView['arrays'] {
  const sides = [words(model.memory.arrays), words(board?.memory.arrays)] as const;
  return Array.from({ length: LIMITS.ARRAY_COUNT }, (_, id) => {
    const lengths = [model.memory.lengths[id] ?? 0, board?.memory.lengths[id]] as const;
    const length = pair('length', ...lengths);
    const used = Math.max(lengths[0], lengths[1] ?? 0);
    const cells = Array.from({ length: LIMITS.ARRAY_LENGTH }, (_, index) => {
      const at = id * LIMITS.ARRAY_LENGTH + index;
      return pair(`[${index}]`, sides[0][at], sides[1][at]);
    }).filter(({ differs }, index) => differs || index < used);
    return { name: nameOf(id, 'array', program.debug?.arrays), length, cells };
  }).filter(({ length, cells }) => length.differs || cells.length > 0);
}
