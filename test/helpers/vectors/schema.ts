import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { repositoryPath } from '../paths.ts';

const FOLDER = repositoryPath('test', 'vectors', 'semantics');

/** `DIGITAL+5`, `BUTTON+0`, …: a port of an input. */
const ports = z.record(z.string(), z.int());
/** Keys are ids. */
const byId = z.record(z.string().regex(/^\d+$/), z.string());

const common = {
  name: z.string(),
  /** A further variant of a case: run by the executors for which a case costs next to nothing. */
  variant: z.literal(true).optional(),
};

const stepCase = z.strictObject({
  ...common,
  /** See assemble.ts; `$` stands for the opcode. */
  code: z.string(),
  /** One byte for each character. */
  strings: z.array(z.string().regex(/^[\0-\xff]*$/)).optional(),
  /** Levels and values put on the board's inputs from outside, before the program runs. */
  inputs: ports.optional(),
  /** What the board's inputs read by themselves: the level of an output, a pull resistor. */
  reads: ports.optional(),
  /** Hardware that not every bench has. */
  needs: z.enum(['adc', 'pwm']).optional(),

  /** The whole operand stack afterwards. */
  stack: z.string(),
  /** Effect of the instruction, like `STORE GLOBAL+5 = -1`; left out: TOP, or ERROR for a fault, or PRINT for `prints`. */
  effect: z.string().optional(),
  fault: z.int().min(1).max(12).optional(),
  halts: z.literal(true).optional(),
  /** A label or an index; left out: where it was for a fault or a halt, else the next instruction. */
  pc: z.union([z.string(), z.int()]).optional(),
  /** `RETURN BASE` with the return pc as label or index, outermost first; `1..24 0` for return pcs 1 to 24. Left out: none. */
  frames: z.array(z.string().regex(/^[\w.]+ \d+$/)).optional(),
  /** Globals that are not 0. */
  globals: byId.optional(),
  /** Arrays that are active: all elements. */
  arrays: byId.optional(),
  /** Texts of the marked instructions. */
  prints: z.array(z.string().regex(/^[\0-\xff]*$/)).optional(),
});

const tableCase = z.strictObject({
  ...common,
  /** `operands > INSTRUCTION -> result`; without an instruction it is the opcode. Results stay on the stack. */
  table: z.array(z.string()).min(1),
});

const matrixCase = z.strictObject({
  ...common,
  /** One row of results for each a, with one result for each b. */
  matrix: z.strictObject({ a: z.string(), b: z.string(), results: z.array(z.string()) }),
});

const fileSchema = z.strictObject({
  blocks: z.array(
    z.strictObject({
      /** Opcodes that the cases hold for, each; empty: cases of no opcode. */
      opcodes: z.string(),
      cases: z.array(z.union([stepCase, tableCase, matrixCase])),
    }),
  ),
});

export type StepCase = z.output<typeof stepCase>;
export type TableCase = z.output<typeof tableCase>;
export type MatrixCase = z.output<typeof matrixCase>;
/** One file of vectors. */
export interface VectorFile {
  /** Its name without `.json`: a group of opcodes, or `machine`. */
  readonly name: string;
  readonly blocks: z.output<typeof fileSchema>['blocks'];
}

/** The files of test/vectors/semantics, and a digest of all their bytes. */
export function readVectorFiles(): { files: VectorFile[]; digest: string } {
  const hash = createHash('sha256');
  const names = readdirSync(FOLDER).filter((name) => name.endsWith('.json'));
  const files = names.sort().map((file) => {
    const text = readFileSync(join(FOLDER, file), 'utf8');
    hash.update(text);
    return { name: basename(file, '.json'), ...fileSchema.parse(JSON.parse(text)) };
  });
  return { files, digest: hash.digest('hex') };
}
