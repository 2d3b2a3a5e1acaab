import type { Footprint } from '../results/index.ts';
import { capture } from '../process/index.ts';

/** Time for one of the toolchain's readers: about 10 ms. */
const READER_MS = 5000;

/** Where the STM32G474's flash and RAM are mapped (RM0440, 2.2: flash at 0x0800_0000, CCM SRAM at 0x1000_0000, SRAM at 0x2000_0000). */
const isFlash = (address: number): boolean => address >= 0x0800_0000 && address < 0x1000_0000;
const isRam = (address: number): boolean => address >= 0x1000_0000 && address < 0x4000_0000;

/** `.text  31992  134218240`: a section of `size -A`. */
const SECTION = /^(\S+)\s+(\d+)\s+(\d+)$/;
/** Sections that are kept in flash, and copied at the start when RAM is where they are used. */
const COPIED = ['.data', '.hot'];
/** `134221880 00000084 T agent_start`: a symbol of `nm --print-size --radix=d`. */
const SYMBOL = /^\d+ (\d+) [a-zA-Z] (\S+)$/;

/** Sums up what `size -A` prints of a firmware. */
export function sectionTotals(text: string): Pick<Footprint, 'flash' | 'ram'> {
  const totals = { flash: 0, ram: 0 };
  for (const line of text.split('\n')) {
    const [, name = '', size = '0', address = '0'] = SECTION.exec(line.trim()) ?? [];
    if (isFlash(Number(address)) || COPIED.includes(name)) totals.flash += Number(size);
    if (isRam(Number(address))) totals.ram += Number(size);
  }
  return totals;
}

/** Bytes of each symbol that `nm` prints; those of one name are added up. */
export function symbolSizes(text: string): Record<string, number> {
  const sizes: Record<string, number> = {};
  for (const line of text.split('\n')) {
    const [, size, name] = SYMBOL.exec(line.trim()) ?? [];
    if (name !== undefined) sizes[name] = (sizes[name] ?? 0) + Number(size);
  }
  return sizes;
}

/**
 * What a firmware takes of flash and RAM, read with the toolchain's `size` and `nm`.
 * @returns undefined without that toolchain, or when the file is no firmware for the board
 */
export async function footprintOf(elf: string): Promise<Footprint | undefined> {
  try {
    const [sections, names] = await Promise.all([
      capture('arm-none-eabi-size', ['-A', elf], READER_MS),
      capture('arm-none-eabi-nm', ['--print-size', '--radix=d', '--defined-only', elf], READER_MS),
    ]);
    const totals = sectionTotals(sections.stdout);
    if (sections.code !== 0 || names.code !== 0 || totals.flash === 0) return undefined;
    return { ...totals, symbols: symbolSizes(names.stdout) };
  } catch {
    return undefined;
  }
}
