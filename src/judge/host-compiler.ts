import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HilError } from '../errors/index.ts';
import { capture } from '../process/index.ts';
import { hostSource } from './host-source.ts';
import { HOST_REFUSES, type Behaviour, type Sketch } from './sketch.ts';

const COMPILER = 'g++';
const FIX = 'run ./scripts/setup, which installs it (Debian package g++)';
const RUNTIME = join(import.meta.dirname, 'runtime');

/** A file of 40 sketches takes 2 s on a quiet core of 2020. */
const COMPILE_MS = 120_000;
/** A sketch is ended after 10 s by the runtime; more than some of those in one file would be a fault of the generator. */
const RUN_MS = 120_000;

/** Sketches in one file. Equal to MAX_PROGRAMS of runtime.cpp. */
const MAX_SKETCHES = 64;

/** C as an Arduino's compiler has it, in 32 bits that wrap around, and a trap where C leaves open what happens. */
const FLAGS = [
  ...['-std=gnu++17', '-O0', '-fwrapv', '-fsigned-char', '-fno-exceptions', '-fno-rtti'],
  ...['-w', '-Wno-narrowing'],
  '-fsanitize=shift-exponent,integer-divide-by-zero,bounds,return',
  '-fsanitize-undefined-trap-on-error',
];

/** The host's C++ compiler with the runtime for sketches, in a temporary folder. */
export class HostCompiler implements AsyncDisposable {
  readonly #folder: string;
  #files = 0;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  /** @throws HilError (rig) when there is no g++ or it does not work */
  static async open(): Promise<HostCompiler> {
    const compiler = new HostCompiler(await mkdtemp(join(tmpdir(), 'cockpit-hil-judge-')));
    try {
      await compiler.#compileRuntime();
    } catch (error) {
      await compiler[Symbol.asyncDispose]();
      throw error;
    }
    return compiler;
  }

  async #compileRuntime(): Promise<void> {
    const sources = ['runtime.cpp', 'output.cpp'].map((name) => join(RUNTIME, name));
    // Linked to one object, which is quicker to link to each file of sketches.
    const args = ['-std=gnu++17', '-O1', '-r', '-nostdlib', ...sources, '-o', this.#runtime];
    const { code, stderr } = await capture(COMPILER, args, COMPILE_MS, FIX);
    if (code === 0) return;
    throw new HilError('rig', `${COMPILER} does not compile: ${firstLine(stderr)}`, FIX);
  }

  get #runtime(): string {
    return join(this.#folder, 'runtime.o');
  }

  /** Runs sketches; what each did, in order. One that the compiler refuses, or that dies, says so in its `end`. */
  async run(sketches: readonly Sketch[]): Promise<Behaviour[]> {
    const middle = sketches.length >> 1;
    if (sketches.length <= MAX_SKETCHES) {
      const result = await this.#build(sketches);
      if (Array.isArray(result)) return result;
      if (middle === 0) return sketches.map(() => ({ events: [], end: result }));
    }
    // Too many for one file, or one of them spoils it.
    const first = await this.run(sketches.slice(0, middle));
    return [...first, ...(await this.run(sketches.slice(middle)))];
  }

  /** Compiles and runs one file; what went wrong when it is not right as a whole. */
  async #build(sketches: readonly Sketch[]): Promise<Behaviour[] | string> {
    this.#files += 1;
    const path = join(this.#folder, `sketches-${this.#files}`);
    const source = `${path}.cpp`;
    try {
      await writeFile(source, hostSource(sketches));
      const args = [...FLAGS, `-I${RUNTIME}`, source, this.#runtime, '-o', path];
      const { code, stderr } = await capture(COMPILER, args, COMPILE_MS, FIX);
      if (code !== 0) return `${HOST_REFUSES}${COMPILER}: ${firstLine(stderr)}`;
      const run = await capture(path, [], RUN_MS);
      const behaviours = parseBehaviours(run.stdout);
      const whole = run.code === 0 && behaviours.length === sketches.length;
      return whole ? behaviours : `ended early with exit code ${run.code}`;
    } finally {
      await Promise.all([source, path].map((file) => rm(file, { force: true })));
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true });
  }
}

/** The first error a compiler names. */
function firstLine(stderr: string): string {
  const lines = stderr.split('\n');
  return lines.find((line) => line.includes('error')) ?? lines[0] ?? '';
}

/** What runtime.cpp wrote. */
function parseBehaviours(stdout: string): Behaviour[] {
  const result: Behaviour[] = [];
  let events: string[] = [];
  for (const line of stdout.split('\n')) {
    if (line.startsWith('= ')) {
      result.push({ events, end: line.slice(2) });
      events = [];
    } else if (line !== '') events.push(line);
  }
  return result;
}
