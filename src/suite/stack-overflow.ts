import type { Gdb } from '../probe/index.ts';

/** In the first word of the crash record when there is one (firmware/board/nucleo_g474re/crash.h). */
const CRASH_MAGIC = 0x43524153;
/** Words at the end of the stack that are looked at: a few calls of the function that filled it. */
const WORDS = 32;
/** Flash and CCM SRAM, where a return address leads (RM0440 2.2); its lowest bit says Thumb. */
const isReturnAddress = (word: number): boolean =>
  (word & 1) === 1 &&
  ((word >= 0x0800_0000 && word < 0x0808_0000) || (word >= 0x1000_0000 && word < 0x1000_8000));

const hex = (value: number): string => `0x${value.toString(16)}`;

/**
 * Whether the C stack had left its place when the firmware crashed, by what its crash handler has noted, and whose calls filled it. No
 * backtrace tells: the core could not store where it came from.
 */
export async function stackOverflow(gdb: Pick<Gdb, 'variable'>): Promise<string[]> {
  const read = async (expression: string): Promise<number> =>
    (await gdb.variable(expression)).number ?? 0;
  if ((await read('crash_last.magic')) !== CRASH_MAGIC) return [];
  const bottom = await read('(unsigned long) &stack_bottom');
  const sp = await read('crash_last.seen.sp');
  if (sp >= bottom) return [];
  const callers = await functionsAt(gdb, bottom, read);
  const whose = callers.length === 0 ? '' : `; it is full of calls from ${callers.join(', ')}`;
  return [
    `the C stack has overflowed: its pointer was ${hex(sp)}, its lowest word is at ${hex(bottom)}${whose}`,
  ];
}

/** The functions that return addresses at the end of the stack lead into, the most frequent first. */
async function functionsAt(
  gdb: Pick<Gdb, 'variable'>,
  bottom: number,
  read: (expression: string) => Promise<number>,
): Promise<string[]> {
  const counts = new Map<string, number>();
  for (let at = bottom; at < bottom + 4 * WORDS; at += 4) {
    const word = await read(`*(unsigned long *) ${hex(at)}`);
    if (!isReturnAddress(word)) continue;
    // GDB prints a pointer as `0x8003c04 <go_deeper+20>`.
    const { text } = await gdb.variable(`(void *) ${hex(word)}`);
    const name = /<(\w+)/.exec(text)?.[1];
    if (name !== undefined) counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return [...counts].sort((a, b) => b[1] - a[1]).map(([name]) => name);
}
