import type { Aim } from '../measure/index.ts';
import type { CliContext } from './context.ts';

/** The option of every benchmark that has aims, as commander hands it over. */
export interface AimOptions {
  require?: boolean;
}

/** A benchmark's exit code: 1 when its aims are required and one is missed. Else a figure fails nobody: it depends on the machine. */
export function aimsExitCode(
  context: Pick<CliContext, 'err'>,
  aims: readonly Aim[],
  { require = false }: AimOptions,
): number {
  const missed = aims.filter(({ met }) => !met).length;
  if (!require || missed === 0) return 0;
  context.err(`error: ${missed} of ${aims.length} aims missed, and --require asks for all`);
  return 1;
}
