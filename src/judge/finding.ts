import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { errorText, HilError } from '../errors/index.ts';
import type { SketchFinding } from './campaign.ts';
import type { Sketch } from './sketch.ts';

/** Writes a finding as one sketch, which says in comments how it is run and what was seen; the name follows from it. */
export async function writeSketchFinding(folder: string, finding: SketchFinding): Promise<string> {
  const { sketch, lines, seed, path } = finding;
  const comments = [
    `found: seed ${seed}, path ${path}`,
    `inputs: ${sketch.inputs}`,
    `rounds: ${sketch.rounds}`,
    ...lines.flatMap((line) => line.split('\n')),
  ];
  const text = `${comments.map((line) => `// ${line}`.trimEnd()).join('\n')}\n${sketch.source}`;
  const name = createHash('sha256').update(text).digest('hex').slice(0, 12);
  await mkdir(folder, { recursive: true });
  const file = join(folder, `${name}.ino`);
  await writeFile(file, text);
  return file;
}

/**
 * Reads a sketch with its `// inputs:` and `// rounds:` comments; without them its inputs are quiet, and it runs one round.
 * @throws HilError (usage) when it cannot be read
 */
export async function readSketch(file: string): Promise<Sketch> {
  let source: string;
  try {
    source = await readFile(file, 'utf8');
  } catch (error) {
    throw new HilError('usage', `cannot read ${file}: ${errorText(error)}`, 'check the path');
  }
  return { name: basename(file), source, ...settingsOf(source) };
}

/** What a sketch's comments say of how it is judged. */
function settingsOf(source: string): { inputs: number; rounds: number } {
  const number = (name: string): number | undefined => {
    const digits = new RegExp(`^// ${name}: (\\d{1,10})$`, 'm').exec(source)?.[1];
    return digits === undefined ? undefined : Number(digits);
  };
  return { inputs: number('inputs') ?? 0, rounds: number('rounds') ?? 1 };
}
