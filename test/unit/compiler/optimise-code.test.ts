import { describe, expect, it } from 'vitest';
import { newLabel, type Item, type Label } from '../../../src/compiler/assembly.ts';
import {
  dropJumpToNext,
  dropPopBeforeReturn,
  dropPushPop,
  dropStoreBeforeReturn,
  dropUnreachable,
  endDirectly,
  invertOverJump,
  optimiseCode,
  sharePops,
  threadJumps,
} from '../../../src/compiler/optimise-code.ts';
import { disassemble, opcodeByName } from '../../../src/isa/index.ts';

const FLAGS: Readonly<Record<string, number>> = { SIGNED: 1, WIDE: 2, VALUE: 1 };

/**
 * Code as text: instructions separated by `; `, labels as `a:`, targets by label. Each instruction's column is its number,
 * so that it can be told where it went.
 */
function parse(text: string): Item[] {
  const labels = new Map<string, Label>();
  const label = (name: string): Label => {
    const found = labels.get(name) ?? newLabel();
    labels.set(name, found);
    return found;
  };
  const words = text.replaceAll(/(\w+:)\s/g, '$1; ').split('; ');
  return words.map((word, index): Item => {
    if (word.endsWith(':')) return { kind: 'label', label: label(word.slice(0, -1)) };
    const [, name = '', flag, operand] = /^(\w+)(?:\.(\w+))?(?: (\S+))?$/.exec(word) ?? [];
    const opcode = opcodeByName(name)?.code;
    if (opcode === undefined) throw new Error(`no instruction ${word}`);
    const isTarget = operand !== undefined && !/^\d/.test(operand);
    return {
      kind: 'instruction',
      opcode,
      flags: FLAGS[flag ?? ''] ?? 0,
      immediate: isTarget ? label(operand) : Number(operand ?? 0),
      span: { line: 1, column: index + 1, length: 1 },
    };
  });
}

/** The instructions alone, with targets as the index of an instruction. */
function show(items: readonly Item[]): string {
  let count = 0;
  const places = new Map<Label, number>();
  for (const item of items) {
    if (item.kind === 'label') places.set(item.label, count);
    else count += 1;
  }
  return items
    .filter((item) => item.kind === 'instruction')
    .map(({ opcode, flags, immediate }) => {
      const target = typeof immediate === 'number' ? immediate : (places.get(immediate) ?? -1);
      return disassemble({ opcode, flags, immediate: target });
    })
    .join('; ');
}

type Case = readonly [before: string, after: string];

function check(pass: (items: readonly Item[]) => readonly Item[], cases: readonly Case[]): void {
  it.each(cases)('%s', (before, after) => {
    expect(show(pass(parse(before)))).toBe(after);
  });
}

describe('what cannot be reached is dropped', () => {
  check(dropUnreachable, [
    ['JMP a; PUSH 1; a: RET', 'JMP 1; RET'],
    ['RET; PUSH 1; POP', 'RET'],
    ['PUSH 1; HALT; PUSH 2', 'PUSH 1; HALT'],
    ['RET; a: PUSH 1; JMP a', 'RET'],
    ['PUSH 1; JMP_TRUE a; RET; a: PUSH 2; RET', 'PUSH 1; JMP_TRUE 3; RET; PUSH 2; RET'],
  ]);
});

describe('a jump to a jump goes to its end', () => {
  check(threadJumps, [
    ['JMP a; PUSH 1; a: JMP b; PUSH 2; b: RET', 'JMP 4; PUSH 1; JMP 4; PUSH 2; RET'],
    [
      'PUSH 1; JMP_TRUE a; RET; a: JMP b; b: PUSH 2; RET',
      'PUSH 1; JMP_TRUE 4; RET; JMP 4; PUSH 2; RET',
    ],
    ['a: JMP a', 'JMP 0'],
    ['JMP a; a: JMP b; b: JMP a', 'JMP 1; JMP 2; JMP 1'],
  ]);
});

describe('a jump to RET or HALT is one', () => {
  check(endDirectly, [
    ['JMP a; PUSH 1; a: RET', 'RET; PUSH 1; RET'],
    ['JMP a; PUSH 1; a: RET.VALUE', 'RET.VALUE; PUSH 1; RET.VALUE'],
    ['JMP a; PUSH 1; a: HALT', 'HALT; PUSH 1; HALT'],
    ['JMP_TRUE a; PUSH 1; a: RET', 'JMP_TRUE 2; PUSH 1; RET'],
  ]);
});

describe('a jump to the next instruction is none', () => {
  check(dropJumpToNext, [
    ['PUSH 1; JMP a; a: RET', 'PUSH 1; RET'],
    ['JMP a; b: a: RET', 'RET'],
    ['PUSH 1; JMP_FALSE a; a: RET', 'PUSH 1; POP; RET'],
    ['JMP a; PUSH 1; a: RET', 'JMP 2; PUSH 1; RET'],
  ]);
});

describe('a conditional jump over a jump is inverted', () => {
  check(invertOverJump, [
    ['JMP_FALSE a; JMP b; a: PUSH 1; b: RET', 'JMP_TRUE 2; PUSH 1; RET'],
    ['JMP_TRUE a; JMP b; a: PUSH 1; b: RET', 'JMP_FALSE 2; PUSH 1; RET'],
    // A jump goes to the second one.
    [
      'JMP_TRUE c; JMP_FALSE a; c: JMP b; a: PUSH 1; b: RET',
      'JMP_TRUE 2; JMP_FALSE 3; JMP 4; PUSH 1; RET',
    ],
    // A label without a jump, where a name ends.
    ['JMP_FALSE a; n: JMP b; a: PUSH 1; b: RET', 'JMP_TRUE 2; PUSH 1; RET'],
    ['JMP_FALSE a; PUSH 1; JMP b; a: PUSH 2; b: RET', 'JMP_FALSE 3; PUSH 1; JMP 4; PUSH 2; RET'],
  ]);
});

describe('a value that is pushed and dropped is neither', () => {
  check(dropPushPop, [
    ['PUSH 1; POP; RET', 'RET'],
    ['LOAD_LOCAL 2; POP; LOAD_GLOBAL 1; POP; RET', 'RET'],
    ['PUSH 1; PUSH 2; POP; RET', 'PUSH 1; RET'],
    ['PUSH 1; a: POP; PUSH 0; JMP_TRUE a; RET', 'PUSH 1; POP; PUSH 0; JMP_TRUE 1; RET'],
    ['CALL 1; POP; RET', 'CALL 1, 0; POP; RET'],
    ['MILLIS; POP; RET', 'MILLIS; POP; RET'],
    ['LOAD_ARRAY 1; POP; RET', 'LOAD_ARRAY 1; POP; RET'],
  ]);

  it('with both halves of a 32-bit constant', () => {
    expect(show(optimiseCode(parse('PUSH 1; PUSH.WIDE 2; POP; RET.VALUE')))).toBe('RET.VALUE');
  });
});

describe('nothing is dropped before RET', () => {
  check(dropPopBeforeReturn, [
    ['PUSH 1; CALL 5; POP; RET', 'PUSH 1; CALL 5, 0; RET'],
    ['POP; a: RET; JMP a', 'RET; JMP 0'],
    // What lies under the dropped value is the result.
    ['CALL 5; POP; RET.VALUE', 'CALL 5, 0; POP; RET.VALUE'],
    ['POP; HALT', 'POP; HALT'],
  ]);
});

describe('a result does not pass through a variable', () => {
  check(dropStoreBeforeReturn, [
    ['PUSH 1; STORE_LOCAL 2; LOAD_LOCAL 2; RET.VALUE', 'PUSH 1; RET.VALUE'],
    [
      'PUSH 1; STORE_LOCAL 2; LOAD_LOCAL 3; RET.VALUE',
      'PUSH 1; STORE_LOCAL 2; LOAD_LOCAL 3; RET.VALUE',
    ],
    [
      'PUSH 1; STORE_GLOBAL 2; LOAD_GLOBAL 2; RET.VALUE',
      'PUSH 1; STORE_GLOBAL 2; LOAD_GLOBAL 2; RET.VALUE',
    ],
    [
      'PUSH 1; STORE_LOCAL 2; a: LOAD_LOCAL 2; RET.VALUE; JMP a',
      'PUSH 1; STORE_LOCAL 2; LOAD_LOCAL 2; RET.VALUE; JMP 2',
    ],
  ]);
});

describe('POP before a jump to behind a POP is shared', () => {
  check(sharePops, [
    ['JMP_FALSE a; POP; JMP b; a: PUSH 1; POP; b: RET', 'JMP_FALSE 2; JMP 3; PUSH 1; POP; RET'],
    ['JMP_FALSE a; JMP b; a: PUSH 1; POP; b: RET', 'JMP_FALSE 2; JMP 4; PUSH 1; POP; RET'],
    // A jump goes behind the first POP.
    [
      'JMP_FALSE a; POP; a: JMP b; PUSH 1; POP; b: RET',
      'JMP_FALSE 2; POP; JMP 5; PUSH 1; POP; RET',
    ],
    ['POP; a: JMP a', 'POP; JMP 1'],
  ]);

  it('by several, and leaves inverted conditions', () => {
    const text =
      'JMP_TRUE a; POP; JMP e; a: JMP_TRUE b; POP; JMP e; b: CALL 9; POP; e: PUSH 1; RET';
    expect(show(optimiseCode(parse(text)))).toBe(
      'JMP_FALSE 3; JMP_FALSE 3; CALL 9, 0; POP; PUSH 1; RET',
    );
  });
});

describe('all passes together', () => {
  it('leave an empty if behind as nothing but its condition', () => {
    expect(show(optimiseCode(parse('MILLIS; JMP_FALSE a; JMP b; a: b: HALT')))).toBe(
      'MILLIS; POP; HALT',
    );
  });

  it('come to an end with jumps in a circle', () => {
    expect(show(optimiseCode(parse('a: JMP b; c: JMP a; b: JMP c')))).toBe('JMP 2; JMP 0; JMP 1');
  });

  it('keep the spans of the instructions that stay', () => {
    const items = optimiseCode(parse('PUSH 1; POP; MILLIS; JMP_FALSE a; JMP b; a: DELAY; b: HALT'));
    const columns = items.flatMap((item) =>
      item.kind === 'instruction' ? [item.span.column] : [],
    );
    // MILLIS, JMP_TRUE, DELAY (`a:` counts), HALT.
    expect(columns).toEqual([3, 4, 7, 9]);
  });

  it('keep labels at the instruction that they stand before', () => {
    const label = newLabel();
    const [push, pop, end] = parse('PUSH 1; POP; HALT');
    if (push === undefined || pop === undefined || end === undefined) throw new Error('three');
    expect(optimiseCode([push, pop, { kind: 'label', label }, end])).toEqual([
      { kind: 'label', label },
      end,
    ]);
  });
});
