import { HilError } from '../errors/index.ts';
import { buildImage, stripDebug, type Program } from '../image/index.ts';

/** A program for the bench firmware and the part of its run to measure, in steps. */
export interface Job {
  readonly program: Program;
  readonly before: number;
  readonly steps: number;
}

/** What the bench firmware measured. */
export interface JobResult {
  /** Arm instructions from the call of cvm_run to its return. Of no meaning on a processor that doesn't count by them. */
  readonly instructions: number;
  /** Processor cycles of the same, where the processor counts them; 0 in emulation. */
  readonly cycles: number;
  /** VM instructions executed. */
  readonly steps: number;
  /** `enum cvm_run_result`. */
  readonly end: number;
  /** `enum cvm_error`. */
  readonly error: number;
  /** The last decimal number printed. */
  readonly printed: number;
}

/** All that a bench firmware says. */
export interface BenchOutput {
  /** One for each job, in their order. */
  readonly results: readonly JobResult[];
  /** The compiler that made it, such as `GCC 12.2.1 20221205`, and its flags. */
  readonly compiler: string;
  readonly flags: string;
  /** Bytes of hot code: run loop, handlers and what they call. */
  readonly hotBytes: number;
  /** Core clock of a real processor; absent in emulation. */
  readonly clockHz?: number;
}

/** Runs jobs on a bench firmware. */
export type JobRunner = (jobs: readonly Job[]) => Promise<BenchOutput>;

/** `CVBJ`; the layout is in firmware/bench/main.c. */
const MAGIC = 0x4a425643;
const HEADER = 8;
const ENTRY = 16;
/** Bytes of flash that firmware/bench/bench.ld has for jobs. */
const SPACE = 128 * 1024;

/** Where firmware/bench/bench.ld expects the jobs. */
export const JOBS_ADDRESS = 0x0802_0000;

/** The block of jobs as the bench firmware reads it. */
export function encodeJobs(jobs: readonly Job[]): Uint8Array {
  const images = jobs.map(({ program }) => stripDebug(buildImage(program)));
  const entries = HEADER + ENTRY * jobs.length;
  const size = images.reduce((sum, image) => sum + image.length, entries);
  if (size > SPACE) {
    throw new HilError('harness', `the jobs take ${size} bytes, ${SPACE} fit`, 'measure less');
  }
  const bytes = new Uint8Array(size);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, MAGIC, true);
  view.setUint32(4, jobs.length, true);
  let offset = entries;
  for (const [index, job] of jobs.entries()) {
    const image = images[index] ?? new Uint8Array();
    const fields = [offset, image.length, job.before, job.steps];
    for (const [field, value] of fields.entries()) {
      view.setUint32(HEADER + ENTRY * index + 4 * field, value, true);
    }
    bytes.set(image, offset);
    offset += image.length;
  }
  return bytes;
}

/** Sizes of an ELF file's header and of one program header, 32-bit (System V ABI, chapters 4 and 5). */
const ELF_HEADER = 52;
const PROGRAM_HEADER = 32;

/** Wraps bytes for an address in an ELF file of one segment: QEMU's loader takes no raw file for this machine. */
export function elfOf(bytes: Uint8Array, address: number): Uint8Array {
  const start = ELF_HEADER + PROGRAM_HEADER;
  const file = new Uint8Array(start + bytes.length);
  const view = new DataView(file.buffer);
  // Magic, 32-bit, little-endian, version 1; then executable, Arm, version 1, entry.
  file.set([0x7f, 0x45, 0x4c, 0x46, 1, 1, 1]);
  view.setUint16(16, 2, true);
  view.setUint16(18, 40, true);
  view.setUint32(20, 1, true);
  view.setUint32(24, address, true);
  view.setUint32(28, ELF_HEADER, true);
  view.setUint16(40, ELF_HEADER, true);
  view.setUint16(42, PROGRAM_HEADER, true);
  view.setUint16(44, 1, true);
  // PT_LOAD, offset, addresses, sizes, readable, alignment.
  const fields = [1, start, address, address, bytes.length, bytes.length, 4, 4];
  for (const [index, value] of fields.entries()) {
    view.setUint32(ELF_HEADER + 4 * index, value, true);
  }
  file.set(bytes, start);
  return file;
}

/** What the line that begins with `word` says. */
const textOf = (lines: readonly string[], word: string): string =>
  lines.find((line) => line.startsWith(`${word} `))?.slice(word.length + 1) ?? '';

/** The first number of that line; 0 without one. */
const numberOf = (lines: readonly string[], word: string): number => Number(textOf(lines, word));

const numbersOf = (line: string): number[] => line.split(' ').slice(1).map(Number);

/**
 * Reads the bench firmware's output.
 * @throws HilError (firmware) when it isn't complete
 */
export function parseResults(output: string, count: number): BenchOutput {
  const lines = output.split(/\r?\n/);
  const [ticks = 0, instructions = 0] = numbersOf(`scale ${textOf(lines, 'scale')}`);
  const results = lines
    .filter((line) => line.startsWith('job '))
    .map((line): JobResult => {
      const [, cost = 0, cycles = 0, steps = 0, end = 0, error = 0, printed = 0] = numbersOf(line);
      return {
        instructions: (cost * instructions) / ticks,
        cycles,
        steps,
        end,
        error,
        printed,
      };
    });
  const [compiler, flags] = [textOf(lines, 'compiler'), textOf(lines, 'flags')];
  if (ticks === 0 || compiler === '' || results.length !== count || !lines.includes('end')) {
    throw new HilError(
      'firmware',
      `the bench firmware gave ${results.length} results of ${count}: ${output.slice(-200).trim()}`,
      'build it again: ./scripts/setup',
    );
  }
  const clockHz = numberOf(lines, 'clock');
  return {
    ...{ results, compiler, flags, hotBytes: numberOf(lines, 'hot') },
    ...(clockHz === 0 ? {} : { clockHz }),
  };
}
