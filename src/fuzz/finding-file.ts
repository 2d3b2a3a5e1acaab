import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { errorText, HilError } from '../errors/index.ts';
import { buildImage, parseImage } from '../image/index.ts';
import type { FuzzCase } from './case.ts';
import { MAX_STEPS } from './case.ts';
import type { Finding } from './campaign.ts';
import { divergenceLines, listing } from './divergence-text.ts';

const findingSchema = z.object({
  schema: z.literal('cockpit-hil/fuzz-finding'),
  version: z.literal(1),
  /** The program, a file beside this one. */
  image: z.string().regex(/^[\w.-]+$/),
  inputs: z.int().min(0).max(0xffff_ffff),
  steps: z.int().min(1).max(MAX_STEPS),
  rounds: z.int().min(0).max(0xffff_ffff),
  /** For a person: how it was found and what was seen. */
  found: z.union([
    z.object({ seed: z.int(), path: z.string(), divergence: z.array(z.string()) }),
    z.object({ run: z.string(), bench: z.string(), divergence: z.array(z.string()) }),
  ]),
  listing: z.array(z.string()),
});

/** How a case was found: by the fuzzer, or shrunk from a run (its id, and what it ran on). */
type Found = z.infer<typeof findingSchema>['found'];

/** Writes what a campaign found, as {@link writeCase} does. */
export function writeFinding(folder: string, finding: Finding): Promise<string> {
  const { fuzzCase, seed, path } = finding;
  return writeCase(folder, fuzzCase, {
    seed,
    path,
    divergence: divergenceLines(finding.divergence),
  });
}

/**
 * Writes a case as two files, `NAME.json` and `NAME.cvbc`; the name follows from the program and its inputs.
 * @param fuzzCase at most MAX_STEPS steps
 * @returns the path of the JSON file
 */
export async function writeCase(
  folder: string,
  { program, inputs, steps, rounds }: FuzzCase,
  found: Found,
): Promise<string> {
  const image = buildImage(program);
  const hash = createHash('sha256').update(image).update(`${inputs} ${steps} ${rounds}`);
  const name = hash.digest('hex').slice(0, 12);
  const content: z.input<typeof findingSchema> = {
    schema: 'cockpit-hil/fuzz-finding',
    version: 1,
    image: `${name}.cvbc`,
    inputs,
    steps,
    rounds,
    found,
    listing: listing(program),
  };
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, content.image), image);
  const path = join(folder, `${name}.json`);
  await writeFile(path, `${JSON.stringify(content, undefined, 2)}\n`);
  return path;
}

/**
 * Reads a finding back, to run it again.
 * @throws HilError (usage) when the files aren't there or aren't a finding
 */
export async function readFinding(path: string): Promise<FuzzCase> {
  try {
    const finding = findingSchema.parse(JSON.parse(await readFile(path, 'utf8')));
    const parsed = parseImage(await readFile(join(dirname(path), finding.image)));
    if (!parsed.ok) throw new Error(`${finding.image} is refused: ${parsed.reason}`);
    const { inputs, steps, rounds } = finding;
    return { program: parsed.program, inputs, steps, rounds };
  } catch (error) {
    throw new HilError(
      'usage',
      `${path} is no finding of the fuzzer: ${errorText(error)}`,
      'give the .json file that `cockpit-hil fuzz` wrote, with its .cvbc beside it',
    );
  }
}
