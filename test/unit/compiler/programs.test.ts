import { describe, expect, it } from 'vitest';
import { compile, formatDiagnostic } from '../../../src/compiler/index.ts';
import { testPrograms } from '../../helpers/programs.ts';
import { runProgram } from './support.ts';

const programs = testPrograms();

describe('test programs on the reference model', () => {
  it('are there', () => {
    expect(programs.length).toBeGreaterThanOrEqual(14);
  });

  it.each(programs)('$name prints what its comment says', ({ name, source, lines, rounds }) => {
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
