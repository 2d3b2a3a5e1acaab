import { benchHealth, type ResultView } from '../results/index.ts';
import type { Difference, FootprintChange, Growth, StackChange } from './types.ts';

const short = (hash: string): string => hash.slice(0, 12);
const UNKNOWN = 'unknown';

/** Each bench as one text, by name. */
function benchTexts(
  { benches }: ResultView,
  text: (bench: ResultView['benches'][number]) => string,
) {
  return benches
    .map((bench) => `${bench.name}: ${text(bench)}`)
    .sort()
    .join('; ');
}

function firmwareText(view: ResultView): string {
  const { sources } = view.environment;
  const built = benchTexts(view, ({ identity }) =>
    identity === undefined ? UNKNOWN : `${identity.firmware}, ELF ${short(identity.elf)}`,
  );
  return `${built}; sources ${sources === undefined ? UNKNOWN : short(sources.firmware)}`;
}

function benchText(view: ResultView): string {
  return benchTexts(view, ({ kind, ranOn, identity }) =>
    [ranOn ?? kind, identity?.board, identity?.uid].filter((it) => it !== undefined).join(', '),
  );
}

function toolText({ environment: { tools = {}, node, platform } }: ResultView): string {
  const named = Object.entries(tools).map(([name, version]) => `${name} ${version}`);
  return [...named.sort(), `Node ${node}`, platform].join(', ');
}

function harnessText({ environment: { harness, git } }: ResultView): string {
  if (git === undefined) return harness;
  return `${harness}, commit ${short(git.commit)}${git.dirty ? ' and changed files' : ''}`;
}

/** What each part is called, and how to say which one a result had. */
const PARTS: readonly (readonly [string, (view: ResultView) => string])[] = [
  ['firmware', firmwareText],
  ['model', ({ environment }) => short(environment.sources?.model ?? UNKNOWN)],
  ['compiler', ({ environment }) => short(environment.sources?.compiler ?? UNKNOWN)],
  ['suite', ({ suite }) => (suite === undefined ? 'none' : `${suite.name} ${short(suite.sha256)}`)],
  ['bench', benchText],
  ['toolchain', toolText],
  ['harness', harnessText],
];

/** What around the cases is not the same. */
export function differencesOf(before: ResultView, after: ResultView): Difference[] {
  return PARTS.flatMap(([what, text]) => {
    const sides = { before: text(before), after: text(after) };
    return sides.before === sides.after ? [] : [{ what, ...sides }];
  });
}

/** Names of both, with their numbers where those differ, the largest change first. */
export function growths(
  before: Readonly<Record<string, number>>,
  after: Readonly<Record<string, number>>,
): Growth[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  const size = ({ before: was = 0, after: is = 0 }: Growth): number => Math.abs(is - was);
  return [...names]
    .map((name): Growth => ({ name, before: before[name], after: after[name] }))
    .filter((growth) => growth.before !== growth.after)
    .sort((a, b) => size(b) - size(a) || (a.name < b.name ? -1 : 1));
}

/** What the firmwares of the benches take, where both are known and differ. */
export function footprintChanges(before: ResultView, after: ResultView): FootprintChange[] {
  return after.benches.flatMap(({ name, footprint: is }): FootprintChange[] => {
    const was = before.benches.find((bench) => bench.name === name)?.footprint;
    if (was === undefined || is === undefined) return [];
    const symbols = growths(was.symbols, is.symbols);
    if (was.flash === is.flash && was.ram === is.ram && symbols.length === 0) return [];
    return [
      {
        bench: name,
        flash: { name: 'flash', before: was.flash, after: is.flash },
        ram: { name: 'RAM', before: was.ram, after: is.ram },
        symbols,
      },
    ];
  });
}

/**
 * Bytes by which the same program's use of the C stack differs from run to run: an interrupt comes at its deepest place or doesn't. The
 * processor stacks 108 bytes for it, and its handler takes up to 20: for an interrupt and a fault docs/performance.md has 236, of which 216
 * are the processor's.
 */
const STACK_NOISE = 128;

/** The rule, for the report. */
export const STACK_RULE = `a board's C stack is larger when its most used bytes grew by more than ${STACK_NOISE}, which an interrupt at its deepest place takes; a board counts from its start, over whatever cases ran on it since, so it is judged by bench and not by case`;

/** Where the most that a bench's board used of its C stack is known of both and differs. */
export function stackChanges(before: ResultView, after: ResultView): StackChange[] {
  return after.benches.flatMap(({ name }): StackChange[] => {
    const [was, is] = [before, after].map((view) => benchHealth(view, name)?.stack?.used);
    if (was === undefined || is === undefined || was === is) return [];
    return [{ name, before: was, after: is, grew: is > was + STACK_NOISE }];
  });
}
