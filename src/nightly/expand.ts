import { globSync } from 'node:fs';
import { basename, extname, relative, resolve } from 'node:path';
import { HilError } from '../errors/index.ts';
import type { RunRecord } from '../results/index.ts';
import { DEFAULT_RERUNS, DEFAULT_STEPS } from '../suite/index.ts';
import type { Need } from './needs.ts';
import { ROOT, type Suite } from './suite-file.ts';
import type { CaseEntry, Expect, FirmwareByKind } from './suite-schema.ts';

/** A case takes a second or two on any bench; a program of a million steps with its reruns up to a minute. */
const DEFAULT_LIMIT_MS = 120_000;
/** Once more on the same board, once on another. */
const DEFAULT_RETRIES = 2;

const VM_IDS = { sos: 0, audio: 1, display: 2, debug: 3 } as const;

/** One case of a suite: programs, run in one way. */
export interface SuiteCase {
  /** Words joined by `/`; no other case of the suite has it. */
  readonly id: string;
  readonly tags: readonly string[];
  /** At least one, each with another VM. */
  readonly files: readonly { readonly vm: number; readonly file: string }[];
  readonly mode: RunRecord['mode'];
  readonly clock: RunRecord['clock'];
  readonly steps: number;
  readonly loops: number | 'sketch' | undefined;
  /** As `--inputs` takes it. */
  readonly inputs: string | undefined;
  readonly limitMs: number;
  readonly retries: number;
  readonly reruns: number;
  readonly needs: readonly Need[];
  readonly firmware: FirmwareByKind | undefined;
  readonly expect: Expect;
}

/** A path of a suite file as a person and a shell would name it from here. */
function pathFromHere(path: string): string {
  const full = resolve(ROOT, path);
  const short = relative('', full);
  return short.startsWith('..') ? full : short;
}

/** A set of programs, and what it adds to the case's id. */
interface Source {
  readonly words: readonly string[];
  readonly files: SuiteCase['files'];
}

function sourcesOf(entry: CaseEntry, suite: Suite): Source[] {
  const { program, vms, programs } = entry;
  if (program !== undefined)
    return [{ words: [], files: [{ vm: 0, file: pathFromHere(program) }] }];
  if (vms !== undefined) {
    const files = (Object.keys(VM_IDS) as (keyof typeof VM_IDS)[]).flatMap((name) => {
      const file = vms[name];
      return file === undefined ? [] : [{ vm: VM_IDS[name], file: pathFromHere(file) }];
    });
    return [{ words: [], files }];
  }
  const sources: Source[] = [];
  for (const pattern of programs ?? []) {
    const found = globSync(pattern, { cwd: ROOT }).sort();
    if (found.length === 0) {
      throw new HilError(
        'usage',
        `${suite.file}: case ${entry.id}: no file is named as ${pattern} says`,
        'correct the pattern; it begins at the root of the project',
      );
    }
    for (const file of found) {
      const stem = basename(file, extname(file));
      sources.push({ words: [stem], files: [{ vm: 0, file: pathFromHere(file) }] });
    }
  }
  return sources;
}

/** A choice of one way of running out of several, and the word it adds to the id; none when there is only one. */
function choices<T>(
  values: readonly T[] | undefined,
  wordOf: (value: T) => string,
  always = false,
): { words: string[]; value: T | undefined }[] {
  if (values === undefined) return [{ words: [], value: undefined }];
  const named = always || values.length > 1;
  return values.map((value) => ({ words: named ? [wordOf(value)] : [], value }));
}

const united = <T>(...lists: (readonly T[] | undefined)[]): T[] => [
  ...new Set(lists.flatMap((list) => list ?? [])),
];

function* casesOf(entry: CaseEntry, suite: Suite): Generator<SuiteCase> {
  const { defaults } = suite;
  const expect = entry.expect ?? {};
  const clock = entry.clock ?? defaults.clock ?? 'virtual';
  const times = entry.repeat ?? defaults.repeat ?? 1;
  const common = {
    tags: united(defaults.tags, entry.tags),
    clock,
    steps: entry.steps ?? defaults.steps ?? DEFAULT_STEPS,
    loops: entry.loops ?? defaults.loops,
    limitMs: entry.limit ?? defaults.limit ?? DEFAULT_LIMIT_MS,
    retries: entry.retries ?? defaults.retries ?? DEFAULT_RETRIES,
    reruns: entry.reruns ?? defaults.reruns ?? DEFAULT_RERUNS,
    firmware: entry.firmware ?? defaults.firmware,
    expect,
  };
  if (clock === 'real' && common.loops === undefined && entry.steps === undefined) {
    throw new HilError(
      'usage',
      `${suite.file}: case ${entry.id}: with the real clock a million steps may take days`,
      'give loops or steps',
    );
  }
  if (clock === 'virtual' && expect.timing !== undefined) {
    throw new HilError(
      'usage',
      `${suite.file}: case ${entry.id}: a pin has no timing while the clock is virtual`,
      'give clock: real',
    );
  }
  const modes = choices<SuiteCase['mode']>(
    entry.modes ?? defaults.modes ?? ['digest'],
    (mode) => mode,
  );
  const seeds = choices(entry.seeds, (seed) => `seed-${seed}`, true);
  const repeats = choices(
    Array.from({ length: times }, (_, index) => index + 1),
    (index) => `run-${index}`,
  );
  for (const { words, files } of sourcesOf(entry, suite)) {
    for (const mode of modes) {
      for (const seed of seeds) {
        for (const repeat of repeats) {
          const inputs = seed.value === undefined ? scriptOf(entry.inputs) : `seed:${seed.value}`;
          yield {
            ...common,
            id: [entry.id, ...words, ...mode.words, ...seed.words, ...repeat.words].join('/'),
            files,
            mode: mode.value ?? 'digest',
            inputs,
            needs: united<Need>(
              defaults.needs,
              entry.needs,
              inputs === undefined ? [] : ['inputs'],
              expect.timing === undefined ? [] : ['pins'],
            ),
          };
        }
      }
    }
  }
}

/** What `--inputs` takes, its path as from here: `seed:N` has none, `record:FILE` and a script's file have. */
function scriptOf(inputs: string | undefined): string | undefined {
  if (inputs === undefined || inputs.startsWith('seed:')) return inputs;
  const [, prefix = '', path = ''] = /^(record:)?(.*)$/.exec(inputs) ?? [];
  return `${prefix}${pathFromHere(path)}`;
}

/**
 * All cases of a suite, in the order of the file.
 * @throws HilError (usage): two have the same id, a pattern finds no program, or settings contradict each other
 */
export function expandSuite(suite: Suite): SuiteCase[] {
  const cases = suite.cases.flatMap((entry) => [...casesOf(entry, suite)]);
  const seen = new Set<string>();
  for (const { id } of cases) {
    if (seen.has(id)) {
      throw new HilError(
        'usage',
        `${suite.file}: two cases have the id ${id}`,
        'give one of them another id',
      );
    }
    seen.add(id);
  }
  return cases;
}
