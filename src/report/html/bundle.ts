import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';
import { HilError } from '../../errors/index.ts';

/** What the report's pages are made of. */
export interface Bundle {
  readonly script: string;
  readonly style: string;
}

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

async function build(): Promise<Bundle> {
  const bundle = await rolldown({
    input: here('page/main.ts'),
    platform: 'browser',
    tsconfig: here('page/tsconfig.json'),
    logLevel: 'silent',
  });
  const { output } = await bundle.generate({ format: 'iife', minify: true });
  await bundle.close();
  const [chunk] = output;
  const styles = await Promise.all([
    readFile(fileURLToPath(import.meta.resolve('uplot/dist/uPlot.min.css')), 'utf8'),
    readFile(here('page/style.css'), 'utf8'),
  ]);
  const style = styles.join('\n');
  if (/<\/(script|style)|<!--/i.test(chunk.code) || style.includes('</')) {
    throw new HilError('harness', "the report's script has markup in it that would end it");
  }
  return { script: chunk.code, style };
}

let built: Promise<Bundle> | undefined;

/** The pages' script and style, from their sources and uPlot's; made once in a process. */
export function pageBundle(): Promise<Bundle> {
  built ??= build();
  return built;
}

/** What a content security policy calls a text by. */
export function policyHash(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}
