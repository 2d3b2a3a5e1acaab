import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

const SCRIPT = resolve(import.meta.dirname, '../../../scripts/test-summary.ts');

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'summary-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** Sums up steps given as `name status`, and returns the exit code and the last line printed. */
function summary(...steps: string[]): { code: number | null; last: string | undefined } {
  const rows = steps.map((step) => `${step.replace(' ', '\t')}\t1234\n`);
  writeFileSync(join(folder, 'steps.tsv'), rows.join(''));
  const { status, stdout } = spawnSync(process.execPath, [SCRIPT, folder], { encoding: 'utf8' });
  return { code: status, last: stdout.trimEnd().split('\n').at(-1) };
}

function vitestReport(passed: number, failed: number): string {
  return JSON.stringify({
    numPassedTests: passed,
    numFailedTests: failed,
    numPendingTests: 0,
    numTodoTests: 0,
  });
}

describe('test-summary', () => {
  test('adds checks, vitest and ctest', () => {
    writeFileSync(join(folder, 'unit.json'), vitestReport(40, 0));
    writeFileSync(
      join(folder, 'c-unit.xml'),
      '<?xml version="1.0"?>\n<testsuite name="Linux-c++"\n\ttests="7"\n\tfailures="0"\n\tdisabled="0"\n\tskipped="2"\n>',
    );
    expect(summary('lint 0', 'unit 0', 'c-unit 0')).toEqual({
      code: 0,
      last: '46 passed, 0 failed',
    });
  });

  test('counts a failed check and failed tests', () => {
    writeFileSync(join(folder, 'unit.json'), vitestReport(40, 2));
    expect(summary('lint 1', 'unit 1')).toEqual({ code: 1, last: '40 passed, 3 failed' });
  });

  test('fails a run that ran no test', () => {
    writeFileSync(join(folder, 'unit.json'), vitestReport(0, 0));
    expect(summary('unit 0')).toEqual({ code: 1, last: '0 passed, 1 failed' });
  });

  test('fails a run that ended with an error outside its tests', () => {
    writeFileSync(join(folder, 'unit.json'), vitestReport(5, 0));
    expect(summary('unit 1')).toEqual({ code: 1, last: '5 passed, 1 failed' });
  });

  test.each([
    ['missing', undefined],
    ['broken', '{"numPassedTests": 4'],
    ['of another shape', '{}'],
  ])('fails a run whose report is %s', (_what, text) => {
    if (text !== undefined) writeFileSync(join(folder, 'native.json'), text);
    expect(summary('native 0')).toEqual({ code: 1, last: '0 passed, 1 failed' });
  });

  test('fails a ctest report without counts', () => {
    writeFileSync(join(folder, 'c-unit.xml'), '<testsuite name="x">');
    expect(summary('c-unit 0')).toEqual({ code: 1, last: '0 passed, 1 failed' });
  });
});
