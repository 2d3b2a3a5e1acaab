import { readdirSync, readFileSync } from 'node:fs';
import { sketchComments } from '../../src/nightly/index.ts';
import { repositoryPath } from './paths.ts';

/** A sketch of test/programs, with what it says of itself. */
export interface TestProgram {
  readonly name: string;
  readonly source: string;
  /** The lines it prints, worked out by hand: its `// expect:` comments. */
  readonly lines: readonly string[];
  /** Rounds of loop() that takes: its `// rounds:` comment, else 1. */
  readonly rounds: number;
  /** Why it is no program for g++: its `// gcc:` comment. */
  readonly notForGcc: string | undefined;
}

/** All sketches of test/programs. */
export function testPrograms(): TestProgram[] {
  const folder = repositoryPath('test', 'programs');
  const names = readdirSync(folder).filter((name) => name.endsWith('.ino'));
  return names.map((name) => {
    const source = readFileSync(`${folder}/${name}`, 'utf8');
    const notForGcc = /^\/\/ gcc: (.+)$/m.exec(source)?.[1];
    return { name, source, ...sketchComments(source), notForGcc };
  });
}
