import type { Program } from '../image/index.ts';
import {
  EFFECT_KINDS,
  LIMITS,
  opcodeByCode,
  PORTS,
  STORE_ADDRESSES,
  VM_ERRORS,
  type EffectKind,
  type Instruction,
  type OpcodeName,
} from '../isa/index.ts';

/** Ids that a kind of port has. */
const IDS = 256;

/** Addresses first..first+count-1 of a kind of effect, and the instructions that have it; undefined: all. */
interface Addresses {
  readonly kind: EffectKind;
  readonly first: number;
  readonly count: number;
  readonly by?: readonly OpcodeName[];
  /** Addresses that belong to one value of the instruction's immediate, where that says which. */
  readonly perImmediate?: number;
}

const { STORE, INPUT, OUTPUT, PRINT, ERROR } = EFFECT_KINDS;
const ADDRESSES: readonly Addresses[] = [
  {
    ...{ kind: STORE, first: STORE_ADDRESSES.GLOBAL, count: LIMITS.GLOBAL_COUNT },
    ...{ by: ['STORE_GLOBAL'], perImmediate: 1 },
  },
  { kind: STORE, first: STORE_ADDRESSES.LOCAL, count: LIMITS.STACK_DEPTH, by: ['STORE_LOCAL'] },
  {
    ...{ kind: STORE, first: STORE_ADDRESSES.CREATE, count: LIMITS.ARRAY_COUNT },
    ...{ by: ['CREATE_ARRAY'], perImmediate: 1 },
  },
  {
    ...{
      kind: STORE,
      first: STORE_ADDRESSES.ARRAY,
      count: LIMITS.ARRAY_COUNT * LIMITS.ARRAY_LENGTH,
    },
    ...{ by: ['STORE_ARRAY'], perImmediate: LIMITS.ARRAY_LENGTH },
  },
  { kind: INPUT, first: PORTS.DIGITAL, count: IDS, by: ['DIGITAL_READ'] },
  { kind: INPUT, first: PORTS.ANALOG, count: IDS, by: ['ANALOG_READ'] },
  { kind: INPUT, first: PORTS.BUTTON, count: IDS, by: ['BUTTON_PRESSED', 'BUTTON_RELEASED'] },
  { kind: INPUT, first: PORTS.MILLIS, count: 1, by: ['MILLIS'] },
  { kind: INPUT, first: PORTS.MICROS, count: 1, by: ['MICROS'] },
  { kind: OUTPUT, first: PORTS.DIGITAL, count: IDS, by: ['DIGITAL_WRITE'] },
  { kind: OUTPUT, first: PORTS.ANALOG, count: IDS, by: ['ANALOG_WRITE'] },
  { kind: OUTPUT, first: PORTS.PIN_MODE, count: IDS, by: ['PIN_MODE'] },
  { kind: OUTPUT, first: PORTS.DELAY, count: 1, by: ['DELAY'] },
  { kind: PRINT, first: PORTS.PRINT, count: 1, by: ['PRINTF'] },
  { kind: ERROR, first: 0, count: 1 },
];

const isErrorCode = (value: number): boolean =>
  value > VM_ERRORS.NONE && value <= VM_ERRORS.INVALID_ARGUMENT;

/** The row that a `where` belongs to: kind << 24 | address, with the value that goes with it. */
function rowOf(where: number, value: number): Addresses | undefined {
  const [kind, address] = [where >>> 24, where & 0xff_ffff];
  if (kind === ERROR && !isErrorCode(value)) return undefined;
  return ADDRESSES.find(
    (row) => row.kind === kind && address >= row.first && address < row.first + row.count,
  );
}

/** The kind of effect that a `where` has; undefined when there is no such effect with that value. */
export function kindAt(where: number, value: number): EffectKind | undefined {
  return rowOf(where, value)?.kind;
}

/** Every `where` that an effect with this value can have: some 3,000. */
export function* possibleWheres(value: number): Generator<number> {
  for (const { kind, first, count } of ADDRESSES) {
    if (kind === ERROR && !isErrorCode(value)) continue;
    for (let address = first; address < first + count; address += 1) yield (kind << 24) | address;
  }
}

/** Whether pc, opcode and stack depth in one word can be those of a step of this program. */
export function isPossiblePlace(place: number, program: Program): boolean {
  const pc = place & 0xffff;
  const opcode = (place >>> 16) & 0xff;
  if (place >>> 24 > LIMITS.STACK_DEPTH || pc > program.instructions.length) return false;
  return opcode === (program.instructions[pc]?.opcode ?? 0);
}

/** Whether an instruction is one that has such an effect: any may fault. */
export function isEffectOf(
  instruction: Instruction | undefined,
  where: number,
  value: number,
): boolean {
  const row = rowOf(where, value);
  if (row === undefined) return false;
  if (row.by === undefined) return true;
  const name = instruction === undefined ? undefined : opcodeByCode(instruction.opcode)?.name;
  if (!row.by.some((own) => own === name)) return false;
  if (row.perImmediate === undefined) return true;
  const index = (where & 0xff_ffff) - row.first;
  return Math.floor(index / row.perImmediate) === instruction?.immediate;
}
