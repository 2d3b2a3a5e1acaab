import {
  EFFECT_KINDS,
  errorName,
  opcodeByCode,
  OPCODES,
  VM_ERRORS,
  type Effect,
  type Opcode,
} from '../isa/index.ts';
import type { Engine } from '../vm/index.ts';

/** Classes of an int32, by which operands are counted. */
export const OPERAND_CLASSES = [
  '0',
  '1',
  '-1',
  'INT_MIN',
  'INT_MAX',
  '2..31',
  'other positive',
  'other negative',
] as const;
const CLASSES = OPERAND_CLASSES.length;

function classOf(value: number): number {
  switch (value) {
    case 0:
      return 0;
    case 1:
      return 1;
    case -1:
      return 2;
    case -0x8000_0000:
      return 3;
    case 0x7fff_ffff:
      return 4;
    default:
      if (value < 0) return 7;
      return value < 32 ? 5 : 6;
  }
}

/** Keys are numbers: pairs first, then faults, then operands. */
const FAULT_BASE = 0x1_0000;
const OPERAND_BASE = FAULT_BASE + 0x1000;
const KEYS = OPERAND_BASE + 256 * CLASSES * CLASSES;

const pairKey = (first: number, second: number): number => (first << 8) | second;
const faultKey = (opcode: number, error: number): number => FAULT_BASE + ((opcode << 4) | error);
const operandKey = (opcode: number, deeper: number, top: number): number =>
  OPERAND_BASE + (opcode * CLASSES + deeper) * CLASSES + top;

/** Operands that an opcode always takes from the stack. CALL leaves its arguments, PRINTF has a varying number. */
const OPERANDS: Uint8Array = (() => {
  const counts = new Uint8Array(256);
  for (const { code, before, flags } of OPCODES) {
    counts[code] = flags.kind === 'count' ? 0 : before.length;
  }
  return counts;
})();

/** Faults that an opcode can raise, 5 (bad flags) and a hardware fault from the io controller included. */
function possibleFaults({ code, faults, flags, group }: Opcode): number[] {
  const found = new Set(faults);
  if (!(flags.kind === 'count' && flags.max === 0xff)) found.add(VM_ERRORS.INVALID_OPCODE);
  if (group === 'io') found.add(VM_ERRORS.HARDWARE_FAULT);
  return [...found].map((error) => faultKey(code, error));
}

/** Running off the end of the program, whose effect has opcode 0. */
const PROGRAM_END = faultKey(0, VM_ERRORS.INVALID_JUMP);

/** Everything that can be seen of known opcodes, by area. */
const UNIVERSE: Record<Area, readonly number[]> = {
  pairs: OPCODES.flatMap(({ code, name }) =>
    name === 'HALT' ? [] : OPCODES.map((second) => pairKey(code, second.code)),
  ),
  faults: [...OPCODES.flatMap(possibleFaults), PROGRAM_END],
  operands: OPCODES.flatMap(({ code }) => {
    const all = [...OPERAND_CLASSES.keys()];
    if (OPERANDS[code] === 2) return all.flatMap((a) => all.map((b) => operandKey(code, a, b)));
    return OPERANDS[code] === 1 ? all.map((b) => operandKey(code, 0, b)) : [];
  }),
};

const COUNTED = new Set(Object.values(UNIVERSE).flat());

export type Area = 'pairs' | 'faults' | 'operands';

/** How much of an area was seen. */
export interface AreaCoverage {
  readonly seen: number;
  readonly possible: number;
  /** What was not, in words. */
  readonly missing: readonly string[];
}

const opcodeName = (code: number): string => opcodeByCode(code)?.name ?? `0x${code.toString(16)}`;

function keyText(key: number): string {
  if (key < FAULT_BASE) return `${opcodeName(key >> 8)} ${opcodeName(key & 0xff)}`;
  if (key === PROGRAM_END) return 'end of program';
  if (key < OPERAND_BASE) {
    return `${opcodeName((key - FAULT_BASE) >> 4)} ${errorName(key & 0xf)}`;
  }
  const rest = key - OPERAND_BASE;
  const opcode = Math.floor(rest / (CLASSES * CLASSES));
  const deeper = OPERAND_CLASSES[Math.floor(rest / CLASSES) % CLASSES] ?? '';
  const top = OPERAND_CLASSES[rest % CLASSES] ?? '';
  const operands = OPERANDS[opcode] === 2 ? `(${deeper}, ${top})` : `(${top})`;
  return `${opcodeName(opcode)} ${operands}`;
}

/** What was executed: which opcodes after which, which faults of which opcodes, and which classes of operands. */
export class Coverage {
  readonly #counts = new Uint32Array(KEYS);
  /** Keys seen, in the order in which they were first. */
  readonly #seen: number[] = [];
  /** The last step counted. */
  last: Effect | undefined;
  #previous = -1;
  #deeper = 0;
  #top = 0;
  #available = 0;

  #count(key: number): void {
    const before = this.#counts[key] ?? 0;
    if (before === 0) this.#seen.push(key);
    this.#counts[key] = before + 1;
  }

  /** A program begins. */
  begin(): void {
    this.#previous = -1;
    this.last = undefined;
  }

  /** Looks at the operands that the next step will find. */
  before({ stack, sp, frameBase }: Engine): void {
    this.#available = sp - frameBase;
    this.#top = stack[sp - 1] ?? 0;
    this.#deeper = stack[sp - 2] ?? 0;
  }

  /** Counts the step. */
  after(effect: Effect): void {
    const { opcode, kind, value } = effect;
    this.last = effect;
    if (kind === EFFECT_KINDS.ERROR) {
      this.#count(faultKey(opcode, value));
      // No instruction was there: HALT doesn't raise it.
      if (faultKey(opcode, value) === PROGRAM_END) return;
    }
    if (this.#previous >= 0) this.#count(pairKey(this.#previous, opcode));
    this.#previous = opcode;
    const operands = OPERANDS[opcode] ?? 0;
    if (operands === 0 || this.#available < operands) return;
    const deeper = operands === 2 ? classOf(this.#deeper) : 0;
    this.#count(operandKey(opcode, deeper, classOf(this.#top)));
  }

  /** What was seen and counts, as numbers that mean the same in every Coverage. */
  get keys(): readonly number[] {
    return this.#seen.filter((key) => COUNTED.has(key));
  }

  /** Opcodes that were not executed one after the other, though they could be. */
  missingPairs(): (readonly [number, number])[] {
    return UNIVERSE.pairs
      .filter((key) => this.#counts[key] === 0)
      .map((key) => [key >> 8, key & 0xff] as const);
  }

  area(area: Area): AreaCoverage {
    const missing = UNIVERSE[area].filter((key) => this.#counts[key] === 0);
    const possible = UNIVERSE[area].length;
    return { seen: possible - missing.length, possible, missing: missing.map(keyText) };
  }

  /** Forgets everything. */
  clear(): void {
    for (const key of this.#seen.splice(0)) this.#counts[key] = 0;
    this.begin();
  }
}

/** How many names of missing ones a summary shows for an area. */
const SHOWN = 12;

/** One line for each area: what was seen of what is possible, and what is missing. */
export function coverageLines(coverage: Coverage): string[] {
  const areas: [Area, string][] = [
    ['pairs', 'opcode pairs'],
    ['faults', 'faults by opcode'],
    ['operands', 'operand classes'],
  ];
  return areas.map(([area, name]) => {
    const { seen, possible, missing } = coverage.area(area);
    const shown = missing.slice(0, SHOWN).join(', ');
    const more = missing.length > SHOWN ? `, and ${missing.length - SHOWN} more` : '';
    const rest = missing.length === 0 ? '' : `; missing: ${shown}${more}`;
    return `${name.padEnd(16)} ${seen} of ${possible}${rest}`;
  });
}
