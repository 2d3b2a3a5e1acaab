import { loadBench, loadBoard } from '../../bench/index.ts';
import { examine, THIS_MACHINE, type Check } from '../../doctor/index.ts';
import { printable } from '../../report/index.ts';
import type { CliContext } from '../context.ts';

/** Exit code when something is in the way of a run. */
const UNFIT = 2;

function lineOf({ name, state, found, fix }: Check): string {
  const line = `${state.padEnd(5)} ${name.padEnd(18)} ${printable(found)}`;
  return fix === undefined ? line : `${line}\n${' '.repeat(25)}fix: ${printable(fix)}`;
}

/** `doctor [--bench NAME]`: looks at everything a run needs. @returns 0, or 2 when something is in the way of a run */
export async function doctorCommand(
  context: CliContext,
  options: { bench?: string; json?: true },
): Promise<number> {
  const { resources, signal, log } = context;
  const bench = options.bench === undefined ? undefined : await loadBench(options.bench);
  const board = bench && {
    ...{ bench, resources, signal, log },
    board: await loadBoard(bench.board),
  };
  const checks: Check[] = [];
  const examination = { machine: THIS_MACHINE, node: process.version, folder: process.cwd() };
  for await (const check of examine({ ...examination, ...(board && { board }) })) {
    checks.push(check);
    if (options.json !== true) context.out(lineOf(check));
  }
  const bad = checks.filter(({ state }) => state === 'FAIL').length;
  if (options.json === true) {
    context.out(JSON.stringify({ ok: bad === 0, bench: bench?.name, checks }, null, 2));
  } else {
    const rest = bench === undefined ? '; name a bench with --bench to look at its board' : '';
    context.out(bad === 0 ? `nothing is in the way of a run${rest}` : `${bad} to mend`);
  }
  return bad === 0 ? 0 : UNFIT;
}
