import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { errorText, HilError } from '../errors/index.ts';
import { writeOutput } from '../results/index.ts';
import type { Memory } from './person.ts';

/** Where answers are kept, relative to the working directory. */
export const ANSWERS_FILE = '.cockpit-hil/validation-answers.json';

/** Answers by bench and unique number, then by question. */
const answersSchema = z.strictObject({
  version: z.literal(1),
  boards: z.record(
    z.string(),
    z.record(z.string(), z.strictObject({ answer: z.boolean(), at: z.iso.datetime() })),
  ),
});
type Answers = z.infer<typeof answersSchema>;

async function readAnswers(path: string): Promise<Answers> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { version: 1, boards: {} };
    throw new HilError('usage', `cannot read ${path}: ${errorText(error)}`, 'check the file');
  }
  try {
    return answersSchema.parse(JSON.parse(text));
  } catch {
    const fix = `remove it: rm ${path}; the questions are then asked again`;
    throw new HilError('usage', `${path} is no file of answers`, fix);
  }
}

/**
 * What was answered of one board before; new answers are written at once.
 * @param board bench and unique number
 * @throws HilError (usage) when the file is damaged
 */
export async function openAnswers(
  board: string,
  now: () => Date,
  path = ANSWERS_FILE,
): Promise<Memory> {
  const answers = await readAnswers(path);
  const own = { ...answers.boards[board] };
  return {
    get: (id) => own[id]?.answer,
    set: async (id, answer) => {
      own[id] = { answer, at: now().toISOString() };
      const boards = { ...answers.boards, [board]: own };
      await writeOutput(path, `${JSON.stringify({ version: 1, boards }, null, 2)}\n`);
    },
  };
}
