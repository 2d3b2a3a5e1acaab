import { readdirSync, readFileSync } from 'node:fs';
import { compile } from '../../src/compiler/index.ts';
import { parseImage, type Program } from '../../src/image/index.ts';
import { EFFECT_KINDS, PORTS } from '../../src/isa/index.ts';
import { repositoryPath } from '../helpers/paths.ts';
import { testPrograms } from '../helpers/programs.ts';
import { loadVectors, type Vector } from '../helpers/vectors/vectors.ts';

/** Steps of a sketch; all of them end far earlier. */
const SKETCH_STEPS = 200_000;
/** More than the longest program of the corpus takes. */
const CORPUS_STEPS = 1000;

/** A value that a program must read, worked out by hand. */
export interface ExpectedInput {
  readonly step: number;
  readonly port: number;
  readonly value: number;
}

/** One run of the regression suite. */
export interface Unit {
  /** `sort.ino`, `ADD: edge values`, `corpus 07`. */
  readonly id: string;
  readonly program: Program;
  readonly steps: number;
  /** Rounds of loop(); 0 = no limit. */
  readonly loops: number;
  /** Levels and values put on the board's inputs before the run, by port. */
  readonly stimuli: ReadonlyMap<number, number>;
  /** What it must read; the model can only replay that. */
  readonly inputs: readonly ExpectedInput[];
  /** What it must print, and where pc must be afterwards, where a person has worked that out. */
  readonly printed: string | undefined;
  readonly pc: number | undefined;
}

function sketches(): Unit[] {
  return testPrograms().map(({ name, source, lines, rounds }) => {
    const compiled = compile(source, name);
    if (!compiled.ok) throw new Error(`${name} does not compile`);
    const { program } = compiled;
    return {
      id: name,
      program,
      steps: SKETCH_STEPS,
      loops: rounds,
      stimuli: new Map(),
      inputs: [],
      printed: [...lines, ''].join('\n'),
      pc: undefined,
    };
  });
}

/** Time is computed on both sides, not read. */
const isTime = (port: number): boolean => port === PORTS.MILLIS || port === PORTS.MICROS;

function fromVector({ id, program, steps, inputs, effects, after }: Vector): Unit {
  const reads = [...effects]
    .filter(([, { kind, address }]) => kind === EFFECT_KINDS.INPUT && !isTime(address))
    .map(([step, { address, value }]) => ({ step, port: address, value }));
  const { pc } = after;
  return { id, program, steps, loops: 0, stimuli: inputs, inputs: reads, printed: undefined, pc };
}

function corpus(): Unit[] {
  const folder = repositoryPath('test', 'vectors', 'corpus');
  const files = readdirSync(folder).filter((file) => file.endsWith('.cvbc'));
  return files.sort().map((file) => {
    const parsed = parseImage(readFileSync(`${folder}/${file}`));
    if (!parsed.ok) throw new Error(`${file}: ${parsed.reason}`);
    return {
      id: `corpus ${file.slice(0, -'.cvbc'.length)}`,
      program: parsed.program,
      steps: CORPUS_STEPS,
      loops: 0,
      stimuli: new Map(),
      inputs: [],
      printed: undefined,
      pc: undefined,
    };
  });
}

/**
 * The runs of the regression suite: the sketches of test/programs, the fuzzer's corpus, the cases of test/vectors/semantics. The
 * cases come last because they drive inputs, which stay as they are: what the others read is the same in each campaign.
 */
export function loadUnits(): Unit[] {
  return [...sketches(), ...corpus(), ...loadVectors().vectors.map(fromVector)];
}
