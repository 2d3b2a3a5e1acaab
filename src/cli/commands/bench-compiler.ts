import { cpus } from 'node:os';
import { compilerLines, measureCompiler } from '../../measure/index.ts';
import type { CliContext } from '../context.ts';

/** `bench compiler`: prints how long the compiler takes for a sketch of 1,000 lines. Never fails for a figure. */
export function benchCompilerCommand(context: CliContext): Promise<number> {
  const speed = measureCompiler(() => {
    const { user, system } = process.threadCpuUsage();
    return { elapsed: performance.now(), processor: (user + system) / 1000 };
  });
  const host = `${cpus()[0]?.model ?? 'unknown processor'}, Node ${process.versions.node}`;
  for (const line of compilerLines(speed, host)) context.out(line);
  return Promise.resolve(0);
}
