/**
 * Adds up what `scripts/test` ran: a table, then `N passed, N failed` as the last line. Exit code 1 when anything failed.
 *
 * Every step counts: a check as one, a test run as its tests. A test run that could not be read, that ran no test, or that
 * ended with an error although no test failed, counts as one failure.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

interface Count {
  readonly passed: number;
  readonly failed: number;
  /** What a reader should know that the numbers do not say. */
  readonly note: string;
}

const vitestSchema = z.object({
  numPassedTests: z.int(),
  numFailedTests: z.int(),
  numPendingTests: z.int(),
  numTodoTests: z.int(),
});

const stepSchema = z.tuple([z.string(), z.coerce.number(), z.coerce.number()]);

/** Counts of vitest's JSON reporter. */
function countVitest(text: string): Count {
  const report = vitestSchema.parse(JSON.parse(text));
  const skipped = report.numPendingTests + report.numTodoTests;
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests,
    note: skipped === 0 ? '' : `${skipped} skipped`,
  };
}

/** Counts of the root element that `ctest --output-junit` writes. */
function countCtest(text: string): Count {
  const root = /<testsuite\b[^>]*>/.exec(text)?.[0] ?? '';
  const number = (name: string) => Number(new RegExp(`\\b${name}="(\\d+)"`).exec(root)?.[1]);
  const failed = number('failures');
  const skipped = number('skipped') + number('disabled');
  const passed = number('tests') - failed - skipped;
  if (Number.isNaN(passed)) throw new Error('not a report of ctest');
  return { passed, failed, note: skipped === 0 ? '' : `${skipped} skipped` };
}

const RUNS: Record<string, { file: string; count: (text: string) => Count }> = {
  'c-unit': { file: 'c-unit.xml', count: countCtest },
  'c-sanitized': { file: 'c-sanitized.xml', count: countCtest },
  unit: { file: 'unit.json', count: countVitest },
  browser: { file: 'browser.json', count: countVitest },
  native: { file: 'native.json', count: countVitest },
  emulated: { file: 'emulated.json', count: countVitest },
};

function countStep(folder: string, name: string, status: number): Count {
  const run = RUNS[name];
  if (run === undefined) {
    return status === 0 ? { passed: 1, failed: 0, note: '' } : { passed: 0, failed: 1, note: '' };
  }
  let count: Count;
  try {
    count = run.count(readFileSync(join(folder, run.file), 'utf8'));
  } catch {
    return { passed: 0, failed: 1, note: 'left no report that can be read' };
  }
  if (count.failed > 0) return count;
  if (count.passed === 0) return { ...count, failed: 1, note: 'ran no test' };
  if (status !== 0) return { ...count, failed: 1, note: 'ended with an error outside its tests' };
  return count;
}

const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error('usage: test-summary.ts FOLDER');
const steps = readFileSync(join(folder, 'steps.tsv'), 'utf8')
  .trimEnd()
  .split('\n')
  .map((line) => stepSchema.parse(line.split('\t')));

let passed = 0;
let failed = 0;
console.log('\nstep         passed  failed   seconds');
for (const [name, status, milliseconds] of steps) {
  const count = countStep(folder, name, status);
  passed += count.passed;
  failed += count.failed;
  const cells = [
    name.padEnd(11),
    String(count.passed).padStart(8),
    String(count.failed).padStart(8),
    (milliseconds / 1000).toFixed(1).padStart(10),
  ];
  console.log(`${cells.join('')}  ${count.note}`.trimEnd());
}
console.log(`\n${passed} passed, ${failed} failed`);
if (failed > 0) process.exitCode = 1;
