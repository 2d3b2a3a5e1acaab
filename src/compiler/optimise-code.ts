/**
 * Instructions of one function, rewritten to fewer. Each pass keeps what the code does; an instruction that stays keeps its
 * span. Labels that no jump goes to mark where names begin and end, and hinder nothing.
 */
import { PUSH_FLAGS } from '../isa/index.ts';
import { newLabel, type InstructionItem, type Item, type Label } from './assembly.ts';
import { OPCODE, RET_VALUE } from './opcode-names.ts';

type Items = readonly Item[];
type Pass = (items: Items) => Items;
type Jump = InstructionItem & { readonly immediate: Label };

const { HALT, JMP, JMP_FALSE, JMP_TRUE, POP, PUSH, RET } = OPCODE;
const { LOAD_GLOBAL, LOAD_LOCAL, STORE_LOCAL } = OPCODE;

const is = (item: Item | undefined, opcode: number): item is InstructionItem =>
  item?.kind === 'instruction' && item.opcode === opcode;

const isConditional = (item: Item | undefined): item is Jump =>
  is(item, JMP_TRUE) || is(item, JMP_FALSE);

const isPlainJump = (item: Item | undefined): item is Jump => is(item, JMP);

const isJump = (item: Item | undefined): item is Jump => isPlainJump(item) || isConditional(item);

const endsFlow = (item: Item): boolean => is(item, JMP) || is(item, RET) || is(item, HALT);

/** Labels that jumps go to. */
function targetsOf(items: Items): ReadonlySet<Label> {
  return new Set(items.filter(isJump).map(({ immediate }) => immediate));
}

/** Where each label is bound. */
function positionsOf(items: Items): ReadonlyMap<Label, number> {
  const positions = new Map<Label, number>();
  items.forEach((item, index) => {
    if (item.kind === 'label') positions.set(item.label, index);
  });
  return positions;
}

/** The first instruction from an index on, which is the one a label there stands for. */
function instructionFrom(items: Items, index: number): InstructionItem | undefined {
  for (let at = index; at < items.length; at += 1) {
    const item = items[at];
    if (item?.kind === 'instruction') return item;
  }
  return undefined;
}

/** The index of the instruction before an index; undefined when a jump can come between the two. */
function indexBefore(items: Items, index: number, targets: ReadonlySet<Label>): number | undefined {
  for (let at = index - 1; at >= 0; at -= 1) {
    const item = items[at];
    if (item?.kind === 'instruction') return at;
    if (item !== undefined && targets.has(item.label)) return undefined;
  }
  return undefined;
}

/** The items, with some replaced (or dropped, by undefined). */
function replaced(items: Items, changes: ReadonlyMap<number, Item | undefined>): Items {
  if (changes.size === 0) return items;
  return items
    .map((item, index) => (changes.has(index) ? changes.get(index) : item))
    .filter((item) => item !== undefined);
}

/** Drops instructions that no way leads to. */
export const dropUnreachable: Pass = (items) => {
  const positions = positionsOf(items);
  const reached = new Set<number>();
  const waiting = [0];
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
    for (; at < items.length && !reached.has(at); at += 1) {
      reached.add(at);
      const item = items[at];
      if (item === undefined) break;
      if (isJump(item)) waiting.push(positions.get(item.immediate) ?? items.length);
      if (endsFlow(item)) break;
    }
  }
  const kept = items.filter((item, index) => item.kind === 'label' || reached.has(index));
  return kept.length === items.length ? items : kept;
};

/** The instruction that a jump to a label executes first. */
function targetOf(
  items: Items,
  positions: ReadonlyMap<Label, number>,
  label: Label,
): InstructionItem | undefined {
  return instructionFrom(items, positions.get(label) ?? items.length);
}

/** A jump to a jump goes where that one goes. */
export const threadJumps: Pass = (items) => {
  const positions = positionsOf(items);
  const changes = new Map<number, Item>();
  items.forEach((item, index) => {
    if (!isJump(item)) return;
    const seen = new Set<Label>();
    let label = item.immediate;
    let next = targetOf(items, positions, label);
    while (isPlainJump(next) && !seen.has(label)) {
      seen.add(label);
      label = next.immediate;
      next = targetOf(items, positions, label);
    }
    // A jump there means that they go in a circle.
    const isDirect = label === item.immediate || isPlainJump(next);
    if (!isDirect) changes.set(index, { ...item, immediate: label });
  });
  return replaced(items, changes);
};

/** A jump to RET or HALT is one. */
export const endDirectly: Pass = (items) => {
  const positions = positionsOf(items);
  const changes = new Map<number, Item>();
  items.forEach((item, index) => {
    if (!isPlainJump(item)) return;
    const target = targetOf(items, positions, item.immediate);
    if (is(target, RET) || is(target, HALT)) changes.set(index, target);
  });
  return replaced(items, changes);
};

/** A jump to the instruction behind it is none; a condition is dropped. */
export const dropJumpToNext: Pass = (items) => {
  const changes = new Map<number, Item | undefined>();
  items.forEach((item, index) => {
    if (!isJump(item)) return;
    const rest = items.slice(index + 1, index + 1 + labelsFrom(items, index + 1));
    const isNext = rest.some((each) => each.kind === 'label' && each.label === item.immediate);
    if (!isNext) return;
    const pop = { ...item, opcode: POP, immediate: 0 };
    changes.set(index, is(item, JMP) ? undefined : pop);
  });
  return replaced(items, changes);
};

/** Labels that stand one behind the other from an index on. */
function labelsFrom(items: Items, index: number): number {
  let at = index;
  while (items[at]?.kind === 'label') at += 1;
  return at - index;
}

/** A conditional jump over a jump is one jump with the condition inverted. */
export const invertOverJump: Pass = (items) => {
  const targets = targetsOf(items);
  const changes = new Map<number, Item | undefined>();
  items.forEach((item, index) => {
    if (!isPlainJump(item)) return;
    const before = indexBefore(items, index, targets);
    const condition = before === undefined ? undefined : items[before];
    if (before === undefined || !isConditional(condition)) return;
    const behind = items.slice(index + 1, index + 1 + labelsFrom(items, index + 1));
    const isOver = behind.some(
      (each) => each.kind === 'label' && each.label === condition.immediate,
    );
    if (!isOver) return;
    const opcode = is(condition, JMP_TRUE) ? JMP_FALSE : JMP_TRUE;
    changes.set(before, { ...condition, opcode, immediate: item.immediate });
    changes.set(index, undefined);
  });
  return replaced(items, changes);
};

const isPlainPush = (item: Item | undefined): boolean =>
  is(item, PUSH) || is(item, LOAD_LOCAL) || is(item, LOAD_GLOBAL);

/** A value that is pushed and dropped is neither. */
export const dropPushPop: Pass = (items) => {
  const targets = targetsOf(items);
  const changes = new Map<number, Item | undefined>();
  items.forEach((item, index) => {
    if (!is(item, POP)) return;
    const before = indexBefore(items, index, targets);
    const push = before === undefined ? undefined : items[before];
    if (before === undefined || !isPlainPush(push) || changes.has(before)) return;
    changes.set(before, undefined);
    // The other half of a 32-bit constant is still to be dropped.
    if (is(push, PUSH) && push.flags === PUSH_FLAGS.WIDE) return;
    changes.set(index, undefined);
  });
  return replaced(items, changes);
};

/** RET drops the frame: nothing needs to be dropped before it. */
export const dropPopBeforeReturn: Pass = (items) => {
  const changes = new Map<number, Item | undefined>();
  items.forEach((item, index) => {
    const next = instructionFrom(items, index + 1);
    const ends = is(next, RET) && next.flags !== RET_VALUE;
    if (is(item, POP) && ends) changes.set(index, undefined);
  });
  return replaced(items, changes);
};

/** `x = value; return x`: x ends with the frame, so the value need not pass through it. */
export const dropStoreBeforeReturn: Pass = (items) => {
  const targets = targetsOf(items);
  const changes = new Map<number, Item | undefined>();
  items.forEach((item, index) => {
    if (!is(item, RET) || item.flags !== RET_VALUE) return;
    const loadAt = indexBefore(items, index, targets);
    const storeAt = loadAt === undefined ? undefined : indexBefore(items, loadAt, targets);
    if (loadAt === undefined || storeAt === undefined) return;
    const [store, load] = [items[storeAt], items[loadAt]];
    if (!is(store, STORE_LOCAL) || !is(load, LOAD_LOCAL)) return;
    if (store.immediate !== load.immediate) return;
    changes.set(storeAt, undefined);
    changes.set(loadAt, undefined);
  });
  return replaced(items, changes);
};

/** `POP; JMP x` where a POP stands before x too: a jump to that one. Often a conditional jump stands before it and takes it over. */
export const sharePops: Pass = (items) => {
  const targets = targetsOf(items);
  const positions = positionsOf(items);
  const shared = new Map<number, Label>();
  const changes = new Map<number, Item | undefined>();
  items.forEach((item, index) => {
    if (!isPlainJump(item)) return;
    const own = indexBefore(items, index, targets);
    const other = indexBefore(items, positions.get(item.immediate) ?? 0, new Set());
    if (own === undefined || other === undefined || own === other) return;
    if (!is(items[own], POP) || !is(items[other], POP)) return;
    if (shared.has(own) || changes.has(other)) return;
    const label = shared.get(other) ?? newLabel();
    shared.set(other, label);
    changes.set(own, undefined);
    changes.set(index, { ...item, immediate: label });
  });
  if (changes.size === 0) return items;
  const labelled = (index: number): Items => {
    const label = shared.get(index);
    return label === undefined ? [] : [{ kind: 'label', label }];
  };
  return items.flatMap((item, index) => {
    const kept = changes.has(index) ? changes.get(index) : item;
    return kept === undefined ? labelled(index) : [...labelled(index), kept];
  });
};

const PASSES: readonly Pass[] = [
  ...[threadJumps, dropUnreachable, dropJumpToNext, invertOverJump, dropPushPop],
  // Last, because a conditional jump over a jump is better still.
  ...[dropPopBeforeReturn, dropStoreBeforeReturn, sharePops, endDirectly],
];

/** Applies all passes until none changes anything. Each makes the code shorter or a jump more direct, so there is an end. */
export function optimiseCode(items: Items): Items {
  let before: Items | undefined;
  let after = items;
  while (after !== before) {
    before = after;
    after = PASSES.reduce((code, pass) => pass(code), before);
  }
  return after;
}
