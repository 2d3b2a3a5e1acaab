import { EFFECT_KINDS, LIMITS, type Effect, type EffectKind } from '../isa/index.ts';
import { HilError } from '../errors/index.ts';
import { ByteReader, putVarint, RecordError, unzigzag, zigzag } from './varint.ts';

const KIND_MASK = 0x07;
const PC_FOLLOWS = 0x08;
/** The header's high nibble is the sp change plus 8; 0 there means an explicit sp. */
const SP_BIAS = 8;
const SP_CHANGE_MAX = 7;

const KINDS = new Set<number>(Object.values(EFFECT_KINDS));
const isKind = (kind: number): kind is EffectKind => KINDS.has(kind);
const hasAddress = (kind: EffectKind): boolean =>
  kind !== EFFECT_KINDS.TOP && kind !== EFFECT_KINDS.ERROR;

/** The record of one effect; `before` is the effect before it in the same chunk. */
function putRecord(out: number[], effect: Effect, before: Effect | undefined): void {
  const change = before === undefined ? undefined : effect.sp - before.sp;
  const inHeader = change !== undefined && Math.abs(change) <= SP_CHANGE_MAX;
  const pcFollows = effect.pc !== (before === undefined ? -1 : before.pc + 1);
  out.push(
    effect.kind | (pcFollows ? PC_FOLLOWS : 0) | (inHeader ? (change + SP_BIAS) << 4 : 0),
    effect.opcode,
  );
  if (pcFollows) out.push(effect.pc & 0xff, effect.pc >> 8);
  if (!inHeader) putVarint(out, effect.sp);
  if (hasAddress(effect.kind)) putVarint(out, effect.address);
  if (effect.kind !== EFFECT_KINDS.PRINT) {
    putVarint(out, zigzag(effect.value));
    return;
  }
  const text = effect.text ?? new Uint8Array(0);
  if (text.length > LIMITS.PRINT_LENGTH)
    throw new HilError('harness', `a printed text of ${text.length} bytes cannot be encoded`);
  out.push(text.length, ...text);
}

/** The records of one chunk. A chunk holds at most 336 bytes; keeping to that is the caller's concern. */
export function encodeEffects(effects: readonly Effect[]): Uint8Array {
  const out: number[] = [];
  effects.forEach((effect, index) => {
    putRecord(out, effect, effects[index - 1]);
  });
  return Uint8Array.from(out);
}

/**
 * The effects of one chunk, in order.
 * @throws RecordError when the bytes are no sequence of whole records, or an impossible one (sp outside the stack, an unknown kind)
 */
export function decodeEffects(bytes: Uint8Array): Effect[] {
  const reader = new ByteReader(bytes);
  const effects: Effect[] = [];
  if (reader.atEnd()) throw new RecordError('no records', 0);
  while (!reader.atEnd()) effects.push(takeRecord(reader, effects.at(-1)));
  return effects;
}

function takeRecord(reader: ByteReader, before: Effect | undefined): Effect {
  const start = reader.offset;
  const header = reader.u8();
  const opcode = reader.u8();
  const kind = header & KIND_MASK;
  if (!isKind(kind)) throw new RecordError(`kind ${kind} is unknown`, start);
  const pc = takePc(reader, start, (header & PC_FOLLOWS) !== 0, before);
  const sp = takeSp(reader, start, header >> 4, before);
  const address = hasAddress(kind) ? reader.varint() : 0;
  if (kind === EFFECT_KINDS.PRINT)
    return { pc, opcode, sp, kind, address, value: 0, text: reader.take(reader.u8()) };
  return { pc, opcode, sp, kind, address, value: unzigzag(reader.varint()) };
}

function takePc(
  reader: ByteReader,
  start: number,
  follows: boolean,
  before: Effect | undefined,
): number {
  if (follows) return reader.u16();
  if (before === undefined) throw new RecordError('no pc in the first record', start);
  if (before.pc >= 0xffff) throw new RecordError('pc beyond 65535', start);
  return before.pc + 1;
}

function takeSp(
  reader: ByteReader,
  start: number,
  nibble: number,
  before: Effect | undefined,
): number {
  if (nibble !== 0 && before === undefined)
    throw new RecordError('no sp in the first record', start);
  const sp = nibble === 0 || before === undefined ? reader.varint() : before.sp + nibble - SP_BIAS;
  if (sp < 0 || sp > LIMITS.STACK_DEPTH)
    throw new RecordError(`sp ${sp} is not 0..${LIMITS.STACK_DEPTH}`, start);
  return sp;
}
