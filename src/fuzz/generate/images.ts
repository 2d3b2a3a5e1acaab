import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import { buildImage, type DebugInfo, type Program } from '../../image/index.ts';
import { edgeProgram, rawProgram } from './soup.ts';

/** An image that was good once, and whether what its debug section says still is. */
export interface MutatedImage {
  readonly bytes: Uint8Array;
  /** The bytes where the header says the debug section is are the ones that the image builder wrote, or there are none. */
  readonly debugIntact: boolean;
}

/** Offsets and sizes of the header's fields, docs/image-format.md. */
const FIELDS = [
  { at: 0, size: 4 },
  { at: 4, size: 1 },
  { at: 5, size: 1 },
  { at: 6, size: 2 },
  { at: 12, size: 4 },
  { at: 16, size: 4 },
  { at: 20, size: 2 },
  { at: 22, size: 2 },
  { at: 24, size: 2 },
  { at: 26, size: 2 },
  { at: 28, size: 4 },
  { at: 32, size: 4 },
  { at: 36, size: 4 },
  { at: 40, size: 4 },
  { at: 44, size: 4 },
  { at: 48, size: 4 },
] as const;
const HEADER_SIZE = 52;
const CRC_AT = 8;
const TOTAL_SIZE_AT = 12;
const INSTRUCTION_COUNT_AT = 24;
const STRING_COUNT_AT = 26;
const DEBUG_OFFSET_AT = 44;

const DEBUG: DebugInfo = {
  files: [{ name: 'a.ino', sha256: '0'.repeat(64), text: 'void loop() {}\n' }],
  lines: [{ pc: 0, file: 0, line: 1, column: 1 }],
  functions: [],
  globals: [],
  arrays: [],
};
const DEBUG_BYTES = Buffer.from(JSON.stringify(DEBUG));

/** A value for a field: a little off what it was, or at an end of its range. */
type FieldValue =
  { readonly kind: 'add'; readonly by: number } | { readonly kind: 'set'; readonly to: number };

type Edit =
  | { readonly kind: 'field'; readonly field: number; readonly value: FieldValue }
  /** One of the offsets in the string table. */
  | { readonly kind: 'offset'; readonly index: number; readonly value: FieldValue }
  /** Behind the header, before the debug section. */
  | { readonly kind: 'byte'; readonly at: number; readonly to: number }
  | { readonly kind: 'debugByte'; readonly at: number; readonly to: number }
  /** Bytes cut off the end, or put there when negative. */
  | { readonly kind: 'length'; readonly cut: number }
  | { readonly kind: 'header'; readonly at: number; readonly to: number };

const byte = fc.nat(255);
const position = fc.nat(0xffff);
const fieldValue: fc.Arbitrary<FieldValue> = fc.oneof(
  fc.record({ kind: fc.constant('add' as const), by: fc.integer({ min: -8, max: 8 }) }),
  fc.record({
    kind: fc.constant('set' as const),
    to: fc.oneof(
      fc.constantFrom(0, 1, 2, 0x7f, 0xff, 0xfffe, 0xffff, 0x1_0000, 0x7fff_ffff, 0xffff_fffc),
      fc.noBias(fc.nat(0xffff_ffff)),
    ),
  }),
);
const edit: fc.Arbitrary<Edit> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('field' as const),
      field: fc.nat(FIELDS.length - 1),
      value: fieldValue,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('offset' as const),
      index: fc.nat(4),
      value: fc.oneof(
        fieldValue,
        fc.record({
          kind: fc.constant('set' as const),
          to: fc.constantFrom(1, 200, 255, 256, 257, 400, 455, 456),
        }),
      ),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('byte' as const), at: position, to: byte }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('debugByte' as const), at: position, to: byte }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('length' as const),
      cut: fc.oneof(fc.integer({ min: -8, max: 8 }), fc.nat(400)),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('header' as const), at: position, to: byte }),
  },
);

function changeNumber(image: Buffer, at: number, size: number, value: FieldValue): void {
  if (image.length < at + size) return;
  const after = value.kind === 'add' ? image.readUIntLE(at, size) + value.by : value.to;
  const modulus = 2 ** (8 * size);
  image.writeUIntLE(((after % modulus) + modulus) % modulus, at, size);
}

function changeField(image: Buffer, field: number, value: FieldValue): void {
  const { at, size } = FIELDS[field] ?? FIELDS[0];
  changeNumber(image, at, size, value);
}

/** Where the table is follows from the number of instructions, if that is still right. */
function changeOffset(image: Buffer, index: number, value: FieldValue): void {
  if (image.length < HEADER_SIZE) return;
  const table = HEADER_SIZE + 4 * image.readUInt16LE(INSTRUCTION_COUNT_AT);
  const count = image.readUInt16LE(STRING_COUNT_AT) + 1;
  changeNumber(image, table + 2 * (index % count), 2, value);
}

function apply(image: Buffer, it: Edit, debugAt: number): Buffer {
  const put = (from: number, end: number, at: number): void => {
    if (end > from && image.length >= end)
      image[from + (at % (end - from))] = 'to' in it ? it.to : 0;
  };
  switch (it.kind) {
    case 'field':
      changeField(image, it.field, it.value);
      break;
    case 'offset':
      changeOffset(image, it.index, it.value);
      break;
    case 'byte':
      put(HEADER_SIZE, debugAt, it.at);
      break;
    case 'debugByte':
      put(debugAt, image.length, it.at);
      break;
    case 'header':
      put(0, HEADER_SIZE, it.at);
      break;
    case 'length':
      if (it.cut < 0) return Buffer.concat([image, Buffer.alloc(-it.cut)]);
      return Buffer.from(image.subarray(0, Math.max(0, image.length - it.cut)));
  }
  return image;
}

/** Total size and checksum as they must be, so that the checks behind them are reached. */
function repair(image: Buffer, size: boolean): void {
  if (image.length < HEADER_SIZE) return;
  if (size) image.writeUInt32LE(image.length, TOTAL_SIZE_AT);
  const crc = crc32(image.subarray(CRC_AT + 4), crc32(image.subarray(0, CRC_AT)));
  image.writeUInt32LE(crc, CRC_AT);
}

function isDebugIntact(image: Buffer): boolean {
  if (image.length < HEADER_SIZE) return true;
  const at = image.readUInt32LE(DEBUG_OFFSET_AT);
  return at >= image.length || DEBUG_BYTES.equals(image.subarray(at));
}

/** Strings of these lengths, so that an offset that moves makes one too long. */
const longStrings = fc
  .array(fc.constantFrom(0, 1, 3, 200, 255), { maxLength: 4 })
  .map((lengths) => lengths.map((length) => new Uint8Array(length).fill(65)));

const program: fc.Arbitrary<Program> = fc.oneof(
  { weight: 2, arbitrary: edgeProgram },
  { weight: 1, arbitrary: rawProgram },
  {
    weight: 1,
    arbitrary: fc.tuple(edgeProgram, longStrings).map(([it, strings]) => ({ ...it, strings })),
  },
);

/** Images of programs with some bytes changed; most have the right size and checksum again. */
export const mutatedImage: fc.Arbitrary<MutatedImage> = fc
  .record({
    program,
    debug: fc.boolean(),
    edits: fc.array(edit, { maxLength: 3 }),
    repairs: fc.nat(9),
  })
  .map(({ program: base, debug, edits, repairs }) => {
    let image: Buffer = Buffer.from(buildImage({ ...base, debug: debug ? DEBUG : undefined }));
    const debugAt = image.length - (debug ? DEBUG_BYTES.length : 0);
    for (const it of edits) image = apply(image, it, debugAt);
    if (repairs < 9) repair(image, repairs < 8);
    return { bytes: Uint8Array.from(image), debugIntact: isDebugIntact(image) };
  });
