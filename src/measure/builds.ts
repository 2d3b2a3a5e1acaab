import { measureVm, type VmCosts } from './costs.ts';
import { benchElf, type HotCode } from './firmware.ts';
import type { BenchOutput, Job } from './jobs.ts';

/** The same VM behind each kind of dispatch. */
export interface Builds {
  readonly table: VmCosts;
  readonly switched: VmCosts;
}

/**
 * Measures both kinds of dispatch, one after the other, with hot code in one place.
 * @param run runs jobs on the bench firmware of an ELF
 * @param locate where the ELF of a build is
 * @throws HilError (rig) when the bench firmware was not built
 */
export async function measureBuilds(
  hot: HotCode,
  run: (elf: string, jobs: readonly Job[]) => Promise<BenchOutput>,
  locate = benchElf,
): Promise<Builds> {
  const measure = async (dispatch: 'table' | 'switch'): Promise<VmCosts> => {
    const elf = await locate({ dispatch, hot });
    return measureVm((jobs) => run(elf, jobs));
  };
  return { table: await measure('table'), switched: await measure('switch') };
}
