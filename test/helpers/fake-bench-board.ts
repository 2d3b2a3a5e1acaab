import { readFile, writeFile } from 'node:fs/promises';
import type { BoardProbe, StartProbe } from '../../src/measure/board.ts';
import { JOBS_ADDRESS } from '../../src/measure/jobs.ts';
import { WORKLOADS } from '../../src/measure/workloads.ts';

/** An OpenOCD on an erased board, whose program writes what it is told to when it is resumed. */
export class FakeProbe implements BoardProbe {
  readonly commands: string[] = [];
  readonly log = [];
  disposed = false;
  /** Of the file flashed last that has any. */
  #jobs = 0;
  readonly #run: (jobs: number) => void;
  readonly #state: () => Promise<'running'>;

  constructor(
    run: (jobs: number) => void,
    state: () => Promise<'running'> = () => Promise.resolve('running'),
  ) {
    this.#run = run;
    this.#state = state;
  }

  async command(command: string) {
    const dump = /^dump_image (\S+) \w+ (\d+)$/.exec(command);
    if (dump !== null) await writeFile(dump[1] ?? '', Buffer.alloc(Number(dump[2]), 0xff));
    const written = /^flash write_image erase (\S+)$/.exec(command)?.[1];
    const file = written === undefined ? undefined : await readFile(written);
    // The file's address, as the ELF's first program header has it.
    const at = file?.readUInt32LE(52 + 12) ?? 0;
    if (at === JOBS_ADDRESS) this.#jobs = file?.readUInt32LE(52 + 32 + 4) ?? 0;
    this.commands.push((dump === null ? command : 'dump').replace(/ \/\S+/, ` ${at.toString(16)}`));
    return { ok: true, value: '', output: '' };
  }

  resume(): Promise<void> {
    this.commands.push('resume');
    this.#run(this.#jobs);
    return Promise.resolve();
  }

  targetState() {
    return this.#state();
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.disposed = true;
    return Promise.resolve();
  }
}

/** What the bench firmware writes of jobs that all go well; each takes 1,000 cycles more than the one before. */
function benchOutput(jobs: number, clockHz: number): string[] {
  const results = Array.from({ length: jobs }, (_, index) => {
    const printed = WORKLOADS[index - (jobs - WORKLOADS.length)]?.result ?? 0;
    return `job ${index} ${100 * index} ${1000 * index} 5 2 0 ${printed}`;
  });
  const head = ['compiler GCC 1.2.3', 'flags -O2', `clock ${clockHz}`, 'scale 1000000 1000000'];
  return [...head, 'size 5117', 'hot 7912', ...results, 'end'];
}

/** A board that carries out any benchmark flashed to it. @param broken what it says instead */
export function fakeBenchBoard(broken?: readonly string[]): {
  start: StartProbe;
  probes: FakeProbe[];
} {
  const probes: FakeProbe[] = [];
  const start: StartProbe = (onLine) => {
    const probe = new FakeProbe((jobs) => {
      (broken ?? benchOutput(jobs, 170_000_000)).forEach(onLine);
    });
    probes.push(probe);
    return Promise.resolve(probe);
  };
  return { start, probes };
}
