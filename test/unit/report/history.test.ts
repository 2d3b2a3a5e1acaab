import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { caseHistoryLines, historyLines, oneLine, resultLines } from '../../../src/report/index.ts';
import { History, resultView } from '../../../src/results/index.ts';
import { failedRun } from '../../helpers/sample-comparison.ts';
import {
  sampleAttempt,
  sampleCase,
  sampleNightly,
  sampleRun,
} from '../../helpers/sample-results.ts';

const PLAIN = { color: false };
const EVIL = 'a\u001b[2Jb\u0007\nc';
// eslint-disable-next-line no-control-regex -- control characters are what this is about
const CONTROL = /[\u0000-\u001f\u007f]/;

const nightly = sampleNightly([
  sampleCase('blink'),
  sampleCase('sort', {}, [sampleAttempt(failedRun('wrong at step 9'))]),
  sampleCase('loops', { outcome: 'flaky', summary: 'passed at the second try' }, [
    sampleAttempt(failedRun('silent')),
    sampleAttempt(sampleRun(), { number: 2 }),
  ]),
]);

let history: History;
beforeEach(() => {
  history = History.open(':memory:');
});
afterEach(() => {
  history[Symbol.dispose]();
});

describe('the list of runs', () => {
  it('has its columns under each other, and says of a nightly how its cases went', () => {
    history.add(sampleRun({ id: 'a', startedAt: '2026-11-22T00:00:00.000Z', wallMs: 120_000 }));
    history.add(nightly);
    expect(historyLines(history.runs(9), PLAIN)).toEqual([
      'OUTCOME  RUN                       STARTED (UTC)     STEPS    TIME  BENCH   COMMIT   CASES',
      'FAILED   20261123T014500Z-smoke-1  2026-11-23 01:45    168  60.0 s  native  ccccccc  3 cases: 1 failed, 1 flaky',
      'PASSED   a                         2026-11-22 00:00     42   120 s  native  ccccccc  -',
    ]);
  });

  it('colours the outcome alone, and lets no text steer the terminal', () => {
    history.add(sampleRun({ id: EVIL }));
    const [, line = ''] = historyLines(history.runs(9), { color: true });
    expect(line.startsWith('\u001b[32mPASSED\u001b[39m   a')).toBe(true);
    const plain = historyLines(history.runs(9), PLAIN);
    expect(plain.every((text) => !CONTROL.test(text))).toBe(true);
  });
});

describe('the list of one case', () => {
  it('sums it up and says what was wrong when it did not pass', () => {
    for (const [day, ms] of [1000, 1200, 1400].entries()) {
      const startedAt = `2026-11-0${day + 1}T00:00:00.000Z`;
      history.add(sampleNightly([sampleCase('blink', { ms })], { id: `n${day}`, startedAt }));
    }
    const failed = [sampleAttempt(failedRun('wrong at step 9'))];
    history.add(sampleNightly([sampleCase('blink', {}, failed)], { id: 'last' }));
    const [summary, , newest] = caseHistoryLines('blink', history.caseRuns('blink', 9), PLAIN);
    expect(summary).toBe(
      'blink: 3 of 4 passed, 1 failed; 1.20 s, give or take 0.20 s (median and median deviation of those that passed)',
    );
    expect(newest).toMatch(/^FAILED +last +2026-11-23 01:45 .* \[firmware\] wrong at step 9$/);
  });
});

describe('a nightly shown again', () => {
  it('has the cases to look at first, and ends with what is needed to make it again', () => {
    const lines = resultLines(resultView(nightly), PLAIN);
    expect(lines[0]).toMatch(/^OUTCOME +CASE +TRIES/);
    expect(lines.slice(1, 4).map((line) => line.split(/ {2,}/).slice(0, 2))).toEqual([
      ['FAILED', 'sort'],
      ['FLAKY', 'loops'],
      ['PASSED', 'blink'],
    ]);
    expect(lines).toContain(
      'FAILED [firmware] suite smoke on native at ccccccc: 3 cases: 1 failed, 1 flaky (60.0 s, 20261123T014500Z-smoke-1)',
    );
    expect(lines.join('\n')).toContain('tools   openocd 0.12.0, qemu 10.0.2');
    expect(lines.at(-1)).toBe('again   cockpit-hil nightly smoke --bench native');
  });

  it('lets no text steer the terminal', () => {
    const evil = sampleNightly([sampleCase(EVIL, { summary: EVIL, outcome: 'failed' })], {
      command: EVIL,
      problems: [{ text: EVIL, fix: EVIL }],
    });
    const lines = resultLines(resultView(evil), PLAIN);
    expect(lines.filter((text) => CONTROL.test(text))).toEqual([]);
  });
});

describe('one line for a chat', () => {
  it('says what, where, of which commit, how it went and how long it took', () => {
    expect(oneLine(resultView(sampleRun({ id: 'x' })))).toBe(
      'PASSED sketch on native at ccccccc: all agree (1.5 s, x)',
    );
    const { environment } = sampleRun();
    const dirty = { ...environment, git: { commit: 'd'.repeat(40), dirty: true } };
    expect(oneLine(resultView(sampleNightly([sampleCase('a')], { environment: dirty })))).toBe(
      'PASSED suite smoke on native at ddddddd+: 1 case passed (60.0 s, 20261123T014500Z-smoke-1)',
    );
  });

  it('is one line whatever the texts are', () => {
    const evil = sampleRun({ id: EVIL, verdict: { outcome: 'failed', summary: EVIL } });
    expect(oneLine(resultView(evil))).not.toMatch(/[\n\r]/);
  });
});
