import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { HilError } from '../../../src/errors/index.ts';
import { measureOnBoard } from '../../../src/measure/board.ts';
import { elfOf } from '../../../src/measure/jobs.ts';
import { FakeProbe } from '../../helpers/fake-bench-board.ts';
import { temporaryFolder } from '../../helpers/folder.ts';

const job = {
  program: {
    instructions: [{ opcode: 0, flags: 0, immediate: 0 }],
    strings: [],
    entry: 0,
    loop: undefined,
    debug: undefined,
  },
  before: 0,
  steps: 1,
};

const OUTPUT = [
  'compiler GCC 1.2.3',
  'flags -O2',
  'scale 1000000 1000000',
  'job 0 70 210 5 2 0 0',
  'end',
];

/** A bench firmware, as far as flashing it goes. */
async function benchElf(): Promise<string> {
  const folder = await temporaryFolder();
  const path = join(folder, 'bench.elf');
  await writeFile(path, elfOf(Uint8Array.of(1, 2, 3, 4), 0x0800_0000));
  return path;
}

/** Measures on a fake whose program writes `lines`. */
async function measure(lines: readonly string[], state?: () => Promise<'running'>) {
  let onLine: (line: string) => void = () => undefined;
  const probe = new FakeProbe(() => {
    lines.forEach((line) => {
      onLine(line);
    });
  }, state);
  const start = (listener: (line: string) => void) => {
    onLine = listener;
    listener('Open On-Chip Debugger 0.12.0');
    return Promise.resolve(probe);
  };
  const measured = measureOnBoard(start, await benchElf(), [job]);
  return { probe, measured };
}

test('bench and jobs are flashed, and the board runs only with semihosting', async () => {
  const { probe, measured } = await measure(OUTPUT);
  expect((await measured).results[0]?.cycles).toBe(210);
  const written = ['reset init', 'flash write_image erase 8000000', 'verify_image 0', 'reset halt'];
  const jobs = written.map((command) => command.replace('8000000', '8020000'));
  expect(probe.commands).toEqual([
    ...['reset halt', 'dump', ...written],
    ...['reset halt', 'dump', ...jobs],
    ...['arm semihosting enable', 'resume'],
  ]);
  expect(probe.disposed).toBe(true);
});

test('an OpenOCD that ends with the program, before its output was read, is no failure', async () => {
  const lost = () => Promise.reject(new HilError('rig', 'OpenOCD ended with exit code 0'));
  let late: (() => void) | undefined;
  const probe = new FakeProbe(
    () => undefined,
    () => {
      late?.();
      return lost();
    },
  );
  const start = (listener: (line: string) => void) => {
    late = () => {
      OUTPUT.forEach(listener);
    };
    return Promise.resolve(probe);
  };
  expect((await measureOnBoard(start, await benchElf(), [job])).results).toHaveLength(1);
});

test('a board that is lost before is one, by the words of the probe', async () => {
  const lost = () => Promise.reject(new HilError('rig', 'the connection to the board was lost'));
  const { probe, measured } = await measure(OUTPUT.slice(0, -1), lost);
  await expect(measured).rejects.toThrow('the connection to the board was lost');
  expect(probe.disposed).toBe(true);
});

test('so is a bench firmware that gives up', async () => {
  const { measured } = await measure(['compiler GCC', 'flags -O2', 'error no jobs']);
  await expect(measured).rejects.toThrow(/0 results of 1: .*error no jobs/s);
});
