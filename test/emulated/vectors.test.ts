import { describe, expect, it } from 'vitest';
import { coverageOf } from '../helpers/vectors/coverage.ts';
import { EXECUTORS } from '../helpers/vectors/executors.ts';
import { readRecord } from '../helpers/vectors/record.ts';
import { describeVectors, runAndRecord } from '../helpers/vectors/suite.ts';
import { loadVectors } from '../helpers/vectors/vectors.ts';

describeVectors('emulated');

describe('semantics on all executors', () => {
  it('has no hole', async () => {
    const { vectors, digest } = loadVectors();
    // The other executors ran in the test runs before this one; when it is run alone, they run now.
    for (const name of EXECUTORS)
      if (readRecord(name, digest) === undefined) await runAndRecord(name);
    const records = Object.fromEntries(EXECUTORS.map((name) => [name, readRecord(name, digest)]));
    const { table, excused, holes } = coverageOf(vectors, records);
    console.log([table, '', 'Not covered, and why:', ...excused].join('\n'));
    expect(holes).toEqual([]);
  });
});
