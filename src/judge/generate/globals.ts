/** What stands outside of functions: names, arrays, variables. */
import { writeNumber } from './literals.ts';
import type { ArrayVariable, Variable } from './site.ts';
import type { ArraySyntax, DefineSyntax, GlobalSyntax } from './syntax.ts';
import type { ScalarType } from './types.ts';
import { reportArray } from './write-declaration.ts';
import { LEVELS, written, type Written } from './written.ts';

/** Something at the outermost level, which is left out when nothing uses it. */
export interface Item {
  /** What others know it by. */
  readonly id: string;
  readonly lines: readonly string[];
  readonly uses: readonly string[];
  readonly noted: readonly string[];
  /** Prints what became of it. */
  readonly report?: readonly string[];
}

export const BUILTIN_CONSTANTS: readonly Written[] = [
  ...['true', 'false'].map((text) => written({ text, type: 'bool', level: LEVELS.primary })),
  ...['HIGH', 'LOW', 'INPUT', 'OUTPUT', 'INPUT_PULLUP', 'INPUT_PULLDOWN', 'LED_BUILTIN', 'A3'].map(
    (text) => written({ text, type: 'int', level: LEVELS.primary, uses: [text] }),
  ),
];

/** A `#define`; its name is its id. */
export interface DefineItem extends Item {
  readonly type: ScalarType;
}

/** What a name stands for binds at least like `+`, for no guard puts parentheses around it. */
export function writeDefine(
  { form, value }: DefineSyntax,
  index: number,
  before: DefineItem | undefined,
): DefineItem {
  const small = Math.abs(value % 100);
  const item = (text: string, note: string, own: Partial<DefineItem> = {}): DefineItem => {
    const id = own.id ?? `D${index}`;
    const lines = [`#define ${id} ${text}`];
    return { uses: [], type: 'int', ...own, id, lines, noted: [`define ${note}`] };
  };
  switch (form % 5) {
    case 1:
      return item(`(${small} - 7)`, 'expression');
    case 2:
      return item(`${small} + 2 * 3`, 'expression');
    case 3:
      if (before === undefined) break;
      return item(`(${before.id} * 2)`, 'nested', { uses: [before.id], type: before.type });
    case 4:
      // As a pin it must be one that there is.
      if (index === 0) return item(String(small % 23), 'replaces', { id: 'LED_BUILTIN' });
      break;
  }
  const { text, type } = writeNumber(value, form);
  return item(text, 'number', { type });
}

export const MAX_ARRAYS = 5;

export function writeArray(
  syntax: ArraySyntax,
  index: number,
): { item: Item; array: ArrayVariable } {
  const { type, form, isConst } = syntax;
  const values = syntax.values.slice(0, syntax.length);
  const byList = form % 4 === 1 && values.length > 0;
  const byName = form % 4 === 2;
  const length = byList ? values.length : syntax.length;
  // C++ wants values for a constant.
  if (isConst && values.length === 0) values.push(1);
  const name = `a${index}`;
  const texts = values.map((value) => writeNumber(value, 0).text);
  const list = values.length === 0 ? '' : ` = {${texts.join(', ')}}`;
  const inner = byList ? '' : byName ? `N${index}` : String(length);
  const noted = [
    ...['array global', `type ${type.name}`],
    ...(isConst ? ['array const'] : []),
    ...(byList ? ['array length-by-list'] : []),
    ...(byName ? ['array length-by-name'] : []),
    ...(values.length === 0 ? ['array no-list'] : []),
    ...(values.length > 0 && values.length < length ? ['array partial-list'] : []),
  ];
  const lines = [
    ...(byName ? [`const int N${index} = ${length};`] : []),
    `${isConst ? 'const ' : ''}${type.name} ${name}[${inner}]${list};`,
  ];
  const id = `array ${name}`;
  const report = `  ${reportArray(name, length)}`;
  return {
    item: { id, lines, uses: [], noted, report: isConst ? [] : [report] },
    array: { kind: 'array', id, name, type: type.type, length, writable: !isConst },
  };
}

export function globalVariable({ type, isConst }: GlobalSyntax, index: number): Variable {
  const name = `g${index}`;
  const base = { kind: 'variable', name, id: `global ${name}`, type: type.type } as const;
  return { ...base, writable: !isConst, max: undefined, sort: isConst ? 'const' : 'global' };
}
