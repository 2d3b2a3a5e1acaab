import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Board } from '../bench/index.ts';
import { errorText, HilError } from '../errors/index.ts';
import { VM_NAMES } from '../isa/index.ts';
import { sketchComments } from './sketch-comments.ts';
import { ROOT } from './suite-file.ts';
import type { OutputExpectation } from './suite-schema.ts';

/** What one program is expected to print: the whole text, or parts of it. */
export interface ExpectedOutput {
  readonly vm: number;
  readonly text: { readonly whole: string } | { readonly parts: readonly string[] };
}

/** The program of a case that an expectation speaks of. */
interface Source {
  readonly vm: number;
  readonly file: string;
  readonly source: string;
}

/**
 * The texts that a case's programs are expected to print.
 * @param where begins a complaint
 * @throws HilError (usage): no such file or VM, or a sketch that says nothing of what it prints
 */
export async function prepareOutputs(
  expected: readonly OutputExpectation[],
  sources: readonly Source[],
  where: string,
): Promise<ExpectedOutput[]> {
  const outputs: ExpectedOutput[] = [];
  for (const one of expected) {
    const program = programOf(one, sources, where);
    outputs.push({ vm: program.vm, text: await textOf(one, program, where) });
  }
  return outputs;
}

function programOf({ vm }: OutputExpectation, sources: readonly Source[], where: string): Source {
  const name = vm ?? 'sos';
  const program =
    vm === undefined && sources.length === 1
      ? sources[0]
      : sources.find((source) => VM_NAMES[source.vm]?.toLowerCase() === name);
  if (program !== undefined) return program;
  throw new HilError(
    'usage',
    `${where}: no program runs on VM ${name}, whose output is expected`,
    'name the VM of one of its programs',
  );
}

async function textOf(
  { exact, contains, file }: OutputExpectation,
  program: Source,
  where: string,
): Promise<ExpectedOutput['text']> {
  if (exact !== undefined) return { whole: exact };
  if (contains !== undefined) return { parts: contains };
  if (file !== undefined) {
    try {
      return { whole: await readFile(resolve(ROOT, file), 'utf8') };
    } catch (error) {
      const what = `${where}: cannot read ${file}: ${errorText(error)}`;
      throw new HilError('usage', what, 'correct the path; it begins at the root of the project');
    }
  }
  const { lines } = sketchComments(program.source);
  if (lines.length > 0) return { whole: [...lines, ''].join('\n') };
  throw new HilError(
    'usage',
    `${where}: ${program.file} has no line that begins with "// expect:"`,
    'add them, or say otherwise what it prints',
  );
}

/** A logical pin of a board by its alias, its name or its number; undefined when there is none. */
export function pinNumber(
  name: string,
  board: Pick<Board, 'aliases' | 'pins'>,
): number | undefined {
  const alias = board.aliases[name];
  if (alias !== undefined) return alias;
  return board.pins.find((pin) => pin.name === name || String(pin.pin) === name)?.pin;
}
