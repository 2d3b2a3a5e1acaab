import { cpus } from 'node:os';
import { compilerAim, compilerLines, measureCompiler } from '../../measure/index.ts';
import type { CliContext } from '../context.ts';
import { aimsExitCode, type AimOptions } from '../require-aims.ts';

/** `bench compiler`: prints how long the compiler takes for a sketch of 1,000 lines. */
export function benchCompilerCommand(context: CliContext, options: AimOptions): Promise<number> {
  const speed = measureCompiler(() => {
    const { user, system } = process.threadCpuUsage();
    return { elapsed: performance.now(), processor: (user + system) / 1000 };
  });
  const host = `${cpus()[0]?.model ?? 'unknown processor'}, Node ${process.versions.node}`;
  for (const line of compilerLines(speed, host)) context.out(line);
  return Promise.resolve(aimsExitCode(context, [compilerAim(speed)], options));
}
