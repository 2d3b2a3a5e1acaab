/** A program header of {@link elf}. */
export interface ElfHeader {
  readonly type: number;
  readonly offset: number;
  readonly paddr: number;
  readonly size: number;
}

/** Size of the file header plus `count` program headers: where the data of {@link elf} begins. */
export function dataOffset(count: number): number {
  return 52 + count * 32;
}

/** A 32-bit little-endian ARM ELF file: file header, program headers, data. */
export function elf(
  headers: readonly ElfHeader[],
  data: readonly number[],
  machine = 40,
): Uint8Array {
  const file = new Uint8Array(dataOffset(headers.length) + data.length);
  const view = new DataView(file.buffer);
  file.set([0x7f, 0x45, 0x4c, 0x46, 1, 1, 1]);
  view.setUint16(18, machine, true);
  view.setUint32(28, 52, true);
  view.setUint16(42, 32, true);
  view.setUint16(44, headers.length, true);
  headers.forEach(({ type, offset, paddr, size }, index) => {
    const at = dataOffset(index);
    view.setUint32(at, type, true);
    view.setUint32(at + 4, offset, true);
    view.setUint32(at + 8, 0x20000000, true);
    view.setUint32(at + 12, paddr, true);
    view.setUint32(at + 16, size, true);
    view.setUint32(at + 20, size + 8, true);
  });
  file.set(data, dataOffset(headers.length));
  return file;
}

/** A PT_LOAD program header. */
export function load(offset: number, paddr: number, size: number): ElfHeader {
  return { type: 1, offset, paddr, size };
}
