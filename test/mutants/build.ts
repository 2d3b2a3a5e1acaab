import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { HilError } from '../../src/errors/index.ts';
import { capture } from '../../src/process/index.ts';
import { repositoryPath } from '../helpers/paths.ts';
import { mutate } from './apply.ts';
import type { Mutant } from './types.ts';

/** Configuring and compiling all of the firmware takes about 10 s on two busy cores. */
const BUILD_MS = 120_000;

/** Builds that a mutant can be made of. */
const EXECUTABLES = {
  native: 'cockpit-agent',
  'nucleo-harness': 'cockpit-agent.elf',
} as const;
export type Preset = keyof typeof EXECUTABLES;

/** A copy of the firmware's sources with one build tree, in which one file at a time is mutated. */
export class BuildTree {
  readonly #folder: string;
  readonly #preset: Preset;

  private constructor(folder: string, preset: Preset) {
    this.#folder = folder;
    this.#preset = preset;
  }

  /** Copies the sources and builds them as they are. @param folder for it alone; made when missing */
  static async create(folder: string, preset: Preset): Promise<BuildTree> {
    await mkdir(folder, { recursive: true });
    await cp(repositoryPath('firmware'), join(folder, 'firmware'), { recursive: true });
    const tree = new BuildTree(folder, preset);
    await tree.#run('cmake', ['--preset', preset, '-S', join(folder, 'firmware')]);
    await tree.#ninja(['cockpit-agent']);
    return tree;
  }

  /** The program that was built last. */
  get program(): string {
    return join(this.#build, EXECUTABLES[this.#preset]);
  }

  get #build(): string {
    return join(this.#folder, 'build', 'firmware', this.#preset);
  }

  /**
   * Builds a mutant, lends it, and puts the source back.
   * @throws StaleMutantError; HilError (harness) when it doesn't compile
   */
  async with<T>(mutant: Mutant, use: (program: string) => Promise<T>): Promise<T> {
    const path = join(this.#folder, 'firmware', mutant.file);
    const source = await readFile(path, 'utf8');
    const text = mutate(mutant, source);
    await writeFile(path, text);
    try {
      await this.#ninja(['cockpit-agent']);
      return await use(this.program);
    } finally {
      await writeFile(path, source);
    }
  }

  /** Whether the firmware's C unit tests pass on the sources as they are now. */
  async unitTestsPass(): Promise<boolean> {
    await this.#ninja([]);
    const { code } = await capture(
      'ctest',
      ['--test-dir', this.#build, '--no-tests=error'],
      BUILD_MS,
    );
    return code === 0;
  }

  #ninja(targets: readonly string[]): Promise<void> {
    return this.#run('ninja', ['-C', this.#build, ...targets]);
  }

  async #run(tool: string, args: readonly string[]): Promise<void> {
    const { code, stdout, stderr } = await capture(tool, args, BUILD_MS);
    if (code === 0) return;
    const said = `${stdout}\n${stderr}`.split('\n').filter((line) => /error|FAILED/.test(line));
    throw new HilError('harness', `${tool} failed: ${said.slice(0, 4).join(' | ')}`);
  }
}
