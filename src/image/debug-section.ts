import { debugInfoSchema, type DebugInfo } from './debug.ts';

type DebugFunction = DebugInfo['functions'][number];

/** What is inconsistent in the names of a function's slots; undefined when nothing is. */
function localsProblem({ name: owner, start, end, locals }: DebugFunction): string | undefined {
  const reach = new Map<number, number>();
  for (const local of locals.toSorted((a, b) => a.start - b.start)) {
    const { name, slot } = local;
    if (local.start < start || local.end > end || local.end <= local.start) {
      return `${owner}: local ${name} holds from instruction ${local.start} to ${local.end}`;
    }
    if (local.start < (reach.get(slot) ?? 0)) {
      return `${owner}: slot ${slot} has two names at instruction ${local.start}`;
    }
    reach.set(slot, local.end);
  }
  return undefined;
}

/** What is inconsistent in debug information that has the right shape; undefined when nothing is. */
export function debugProblem(debug: DebugInfo): string | undefined {
  let before = -1;
  for (const { pc, file } of debug.lines) {
    if (pc <= before) return `line table entry for instruction ${pc} follows ${before}`;
    if (file >= debug.files.length) {
      return `line table entry for instruction ${pc} names file ${file} of ${debug.files.length}`;
    }
    before = pc;
  }
  const backwards = debug.functions.find(({ start, end }) => end < start);
  if (backwards !== undefined) return `function ${backwards.name} ends before it starts`;
  return debug.functions.map(localsProblem).find((problem) => problem !== undefined);
}

/** Debug information from a section's bytes, or a text that says what is wrong with them. */
export function parseDebugSection(bytes: Uint8Array): DebugInfo | string {
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return 'the debug section is not JSON in UTF-8';
  }
  const parsed = debugInfoSchema.safeParse(json);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    return `debug section: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'not valid'}`;
  }
  return debugProblem(parsed.data) ?? parsed.data;
}
