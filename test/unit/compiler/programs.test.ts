import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { compile, formatDiagnostic } from '../../../src/compiler/index.ts';
import { runProgram } from './support.ts';

const FOLDER = new URL('../../programs/', import.meta.url);
const names = readdirSync(FOLDER).filter((name) => name.endsWith('.ino'));

/** The lines that a program says it prints, and how many rounds of loop() that takes. */
function expectation(source: string): { lines: string[]; rounds: number } {
  const lines = [...source.matchAll(/^\/\/ expect:(?: (.*))?$/gm)].map((match) => match[1] ?? '');
  const rounds = /^\/\/ rounds: (\d+)$/m.exec(source)?.[1] ?? '1';
  return { lines, rounds: Number(rounds) };
}

describe('test programs on the reference model', () => {
  it('are there', () => {
    expect(names.length).toBeGreaterThanOrEqual(14);
  });

  it.each(names)('%s prints what its comment says', (name) => {
    const source = readFileSync(new URL(name, FOLDER), 'utf8');
    const { lines, rounds } = expectation(source);
    expect(lines.length).toBeGreaterThan(0);

    const result = compile(source, name);
    const problems = result.ok ? result.warnings : result.diagnostics;
    expect(problems.map((each) => formatDiagnostic(each, source))).toEqual([]);
    if (!result.ok) return;

    const outcome = runProgram(result.program, rounds);
    expect(outcome.text.split('\n')).toEqual([...lines, '']);
    expect(outcome.end).toBe(result.program.loop === undefined ? 'halted' : 'loops');
    expect(outcome.error).toBe(0);
  });
});
