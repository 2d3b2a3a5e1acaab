import { HilError } from '../errors/index.ts';
import type { CaseResult, NightlyRecord } from '../results/index.ts';
import { nightlyVerdict } from './verdict.ts';

const refused = (message: string, fix: string): HilError => new HilError('usage', message, fix);

/** A record of a part. */
type Part = NightlyRecord & { readonly shard: NonNullable<NightlyRecord['shard']> };

function partOf(record: NightlyRecord): Part {
  const { shard, id } = record;
  if (shard !== undefined) return { ...record, shard };
  throw refused(`${id} is no part of a nightly, but a whole one`, 'give those run with --shard');
}

/** Refuses parts that are not of one nightly. */
function checkAlike(first: Part, other: Part): void {
  const differ = (what: string, a: string, b: string): HilError =>
    refused(
      `${first.id} and ${other.id} don't belong together: ${what} ${a} and ${b}`,
      'give the parts of one nightly, run with the same suite, seed, selection and --durations',
    );
  const of = (part: Part) => `${part.suite.name} (SHA-256 ${part.suite.sha256.slice(0, 12)})`;
  if (first.suite.sha256 !== other.suite.sha256) throw differ('suites', of(first), of(other));
  if (first.seed !== other.seed) {
    throw differ('seeds', String(first.seed), String(other.seed));
  }
  if (first.shard.of !== other.shard.of) {
    throw differ('parts of', String(first.shard.of), String(other.shard.of));
  }
  const selected = ({ selection }: Part): string => JSON.stringify(selection ?? 'everything');
  if (selected(first) !== selected(other)) {
    throw differ('selections', selected(first), selected(other));
  }
  if (first.shard.plan !== other.shard.plan) {
    throw differ('cuts', first.shard.plan.slice(0, 12), other.shard.plan.slice(0, 12));
  }
}

/** Refuses parts that are doubled or missing. */
function checkComplete(parts: readonly Part[], of: number): void {
  const numbers = parts.map(({ shard }) => shard.index);
  const doubled = parts.find(({ shard }, index) => numbers.indexOf(shard.index) !== index);
  if (doubled !== undefined) {
    const { index } = doubled.shard;
    const ids = parts.filter(({ shard }) => shard.index === index).map(({ id }) => id);
    throw refused(`part ${index}/${of} is there twice: ${ids.join(', ')}`, 'give one of them');
  }
  const missing = Array.from({ length: of }, (_, index) => index + 1).filter(
    (index) => !numbers.includes(index),
  );
  if (missing.length === 0) return;
  const names = missing.map((index) => `${index}/${of}`).join(', ');
  throw refused(`missing: part ${names}`, 'give the records of all parts');
}

/** A part with its benches named after it, where another machine's have the same names. */
function withNames(part: Part, shared: ReadonlySet<string>): Part {
  const named = (name: string): string => (shared.has(name) ? `${name}@${part.shard.index}` : name);
  const rename = (one: CaseResult): CaseResult => ({
    ...one,
    attempts: one.attempts.map((attempt) => ({ ...attempt, bench: named(attempt.bench) })),
  });
  return {
    ...part,
    benches: part.benches.map((bench) => ({ ...bench, name: named(bench.name) })),
    cases: part.cases.map(rename),
    recoveries: part.recoveries.map((one) => ({ ...one, bench: named(one.bench) })),
  };
}

function sharedNames(parts: readonly Part[]): Set<string> {
  const names = parts.flatMap(({ benches }) => benches.map(({ name }) => name));
  return new Set(names.filter((name, index) => names.indexOf(name) !== index));
}

/**
 * Joins the parts of a nightly that ran with `--shard` into one record.
 * @throws HilError (usage): parts of different suites, seeds or cuts, doubled ones, or missing ones
 */
export function mergeNightlies(records: readonly NightlyRecord[]): NightlyRecord {
  const given = records.map(partOf);
  const [first] = given;
  if (first === undefined) throw refused('no record to join', 'name the parts');
  for (const other of given) checkAlike(first, other);
  checkComplete(given, first.shard.of);
  const shared = sharedNames(given);
  const parts = given
    .map((part) => withNames(part, shared))
    .sort((a, b) => a.shard.index - b.shard.index);
  const cases = parts.flatMap((part) => part.cases).sort((a, b) => (a.id < b.id ? -1 : 1));
  const doubled = cases.find(({ id }, index) => cases[index + 1]?.id === id);
  if (doubled !== undefined) {
    throw refused(`two parts ran ${doubled.id}`, 'run the parts again, by one cut');
  }
  const benches = parts.flatMap((part) => part.benches);
  // What is wrong with the suite itself every part has found.
  const texts = new Map(parts.flatMap((part) => part.problems.map((one) => [one.text, one])));
  const problems = [...texts.values()];
  const { selection, suite, seed, environment } = first;
  const startedAt = parts.map((part) => part.startedAt).sort()[0] ?? first.startedAt;
  return {
    schema: first.schema,
    version: first.version,
    id: `${first.id}-merged`,
    startedAt,
    // They ran side by side.
    wallMs: Math.max(...parts.map(({ wallMs }) => wallMs)),
    suite,
    seed,
    ...(selection === undefined ? {} : { selection }),
    merged: parts.map(({ id }) => id),
    command: parts.map(({ command }) => command).join(' ; '),
    environment,
    verdict: nightlyVerdict({ cases, benches, problems }),
    benches,
    cases,
    recoveries: parts
      .flatMap((part) => part.recoveries)
      .sort((a, b) => (a.startedAt < b.startedAt ? -1 : 1)),
    problems,
  };
}
