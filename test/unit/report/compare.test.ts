import { describe, expect, it } from 'vitest';
import { failures, parseFailOn } from '../../../src/compare/index.ts';
import { comparisonJunit, comparisonLines, comparisonMarkdown } from '../../../src/report/index.ts';
import { compareNightlies, failedRun, sampleComparison } from '../../helpers/sample-comparison.ts';
import { parseXml } from '../../helpers/xml.ts';
import {
  sampleAttempt,
  sampleBoard,
  sampleCase,
  sampleNightly,
  sampleRun,
} from '../../helpers/sample-results.ts';

const FAIL_ON = parseFailOn('newly-failing,missing');
const EVIL = '</failure><script>alert(1)</script> | `x` \u0007\u001b[2J & "q" ]]>';

/** A case that is new and fails, whose name and summary would do harm. */
const evil = () =>
  compareNightlies(
    sampleNightly([]),
    sampleNightly([sampleCase(EVIL, {}, [sampleAttempt(failedRun(EVIL))])]),
  );

/** The same twice, but for the C stack. */
const stackGrown = () => {
  const [before, after] = [816, 1200].map((used) => {
    const run = sampleRun({ board: sampleBoard({ stack: { size: 3072, used } }) });
    return sampleNightly([sampleCase('one', {}, [sampleAttempt(run)])], { id: 'night' });
  });
  if (before === undefined || after === undefined) throw new Error('two nightlies');
  return compareNightlies(before, after);
};

describe('a comparison on a terminal', () => {
  it('says what is worse, what changed around it, by which rule, and all in one line at the end', async () => {
    const comparison = await sampleComparison();
    const lines = comparisonLines(comparison, failures(comparison, FAIL_ON), { color: false });
    const text = lines.join('\n');
    expect(text).toContain('newly failing\n  breaks: failed [firmware]: wrong at step 9');
    expect(text).toContain('      -two\n      +three');
    expect(text).toContain('  model changed\n    before  444444444444\n    after   888888888888');
    expect(text).toMatch(/ {2}flash +32504 +33000 +\+496/);
    expect(text).toMatch(/ {2}PUSH +10 +12 +\+2/);
    expect(text).toContain('rule    a case is slower when');
    expect(lines.at(-2)).toBe(
      'WORSE before -> after: 1 newly-failing, 1 newly-flaky, 1 missing, 1 trace, 1 state, 1 output, 1 slower, 1 larger, 1 fixed, 2 new; 2 of 12 cases as before',
    );
    expect(lines.at(-1)).toBe('fails on newly-failing, missing');
  });

  it('shows what a board used of its C stack, and that it grew', async () => {
    const comparison = await stackGrown();
    const lines = comparisonLines(comparison, ['larger'], { color: false });
    expect(lines.join('\n')).toMatch(
      /C stack of the boards, bytes used at most\n.*\n {2}native +816 +1200 +\+384\n/,
    );
    expect(lines.at(-2)).toContain('WORSE night -> night: firmware larger; 1 of 1 cases');
    expect(comparisonMarkdown(comparison, [])).toContain('| native | 816 | 1200 | +384 |');
    const xml = comparisonJunit(comparison, ['larger']);
    expect(xml).toContain('<failure message="1200 bytes used, 816 before" type="larger">');
  });

  it('colours nothing where it should not, and lets no text steer the terminal', async () => {
    const comparison = await evil();
    const plain = comparisonLines(comparison, [], { color: false }).join('\n');
    // eslint-disable-next-line no-control-regex -- control characters are what this is about
    expect(plain).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/);
    expect(comparisonLines(comparison, [], { color: true }).join('\n')).toContain('\u001b[');
  });

  it('says when there is nothing to say', async () => {
    const same = sampleNightly([sampleCase('one')]);
    const lines = comparisonLines(await compareNightlies(same, same), [], { color: false });
    expect(lines.at(-1)).toContain('nothing found; 1 of 1 cases as before');
    expect(lines.at(-1)).toMatch(/^SAME /);
    expect(lines).toContain('  nothing changed');
  });
});

describe('a comparison as Markdown', () => {
  it('has a headline, a section for each kind, and diffs in blocks', async () => {
    const comparison = await sampleComparison();
    const text = comparisonMarkdown(comparison, failures(comparison, FAIL_ON));
    expect(text).toMatch(/^## WORSE before -&gt; after|^## WORSE before -> after/);
    expect(text).toContain('### newly failing (1)');
    expect(text).toContain('  ```diff\n  --- before');
    expect(text).toContain('| model | 444444444444 | 888888888888 |');
  });

  it('fits into a comment of a pull request', async () => {
    const ids = Array.from({ length: 2000 }, (_, index) => `a case with a long name ${index}`);
    const failed = [sampleAttempt(failedRun('w'.repeat(300)))];
    const comparison = await compareNightlies(
      sampleNightly(ids.map((id) => sampleCase(id))),
      sampleNightly(ids.map((id) => sampleCase(id, {}, failed))),
    );
    const text = comparisonMarkdown(comparison, []);
    expect(text.length).toBeLessThan(65_536);
    expect(text).toContain('### newly failing (2000)');
    expect(text).toContain('- and 1960 more');
  });

  it('keeps names and texts from becoming markup', async () => {
    const text = comparisonMarkdown(await evil(), []);
    expect(text).not.toContain('<script>');
    expect(text).toContain('\\`x\\`');
    expect(text).toContain('\\|');
  });
});

describe('a comparison as JUnit', () => {
  it('fails on the kinds that were asked for', async () => {
    const xml = comparisonJunit(await sampleComparison(), FAIL_ON);
    const { testsuites } = parseXml(xml, ['testcase']) as {
      testsuites: {
        testsuite: {
          '@tests': string;
          '@failures': string;
          testcase: { '@name': string; failure?: { '@type': string } }[];
        };
      };
    };
    const { testcase, ...suite } = testsuites.testsuite;
    expect(suite).toMatchObject({ '@tests': '12', '@failures': '2' });
    const failed = testcase.filter(({ failure }) => failure !== undefined);
    expect(failed.map((one) => [one['@name'], one.failure?.['@type']])).toEqual([
      ['breaks', 'newly-failing'],
      ['goes', 'missing'],
    ]);
    expect(testcase.map((one) => one['@name'])).toContain('firmware of native');
  });

  it('stays well-formed whatever the texts are', async () => {
    const xml = comparisonJunit(await evil(), FAIL_ON);
    expect(() => parseXml(xml)).not.toThrow();
    expect(xml).not.toContain('<script>');
  });
});
