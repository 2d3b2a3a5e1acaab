import { basename, dirname } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  githubAnnotations,
  githubSummary,
  junitXml,
  nightlyLines,
  recoveryText,
} from '../../../src/report/index.ts';
import type { CaseResult, NightlyRecord } from '../../../src/results/index.ts';
import { sampleAttempt, sampleCase, sampleNightly } from '../../helpers/sample-nightly.ts';
import { sampleBoard } from '../../helpers/sample-results.ts';
import { parseXml } from '../../helpers/xml.ts';
import { sampleDivergence, sampleProgram, sampleRecord } from '../../helpers/sample-record.ts';

const ROOT = '/project';
const VERDICT = { outcome: 'failed', causeClass: 'toolchain', summary: 'they part' } as const;
const RUN = sampleRecord({
  verdict: VERDICT,
  programs: [sampleProgram({ verdict: VERDICT, divergence: sampleDivergence(), output: 'x\n' })],
});
const FAILED = sampleAttempt({ verdict: VERDICT, run: RUN });
const failed = (id: string, change: Partial<CaseResult> = {}): CaseResult =>
  sampleCase(id, { ...VERDICT, attempts: [FAILED], ...change });
const QUARANTINE = { issue: 'T-7', owner: 'ann', expires: '2026-12-31' };

/** A nightly in which everything occurs that can. */
const EVERYTHING = sampleNightly({
  verdict: { outcome: 'failed', causeClass: 'toolchain', summary: 'much' },
  cases: [
    sampleCase('good'),
    failed('bad'),
    sampleCase('err', { outcome: 'errored', causeClass: 'rig', summary: 'no bench', attempts: [] }),
    sampleCase('flake', {
      ...VERDICT,
      outcome: 'flaky',
      flake: { follows: 'board', reason: 'it went wrong on A alone' },
      attempts: [FAILED, sampleAttempt({ number: 2 })],
    }),
    failed('held', { outcome: 'quarantined', quarantine: QUARANTINE }),
    sampleCase('skip', { outcome: 'skipped', summary: 'A lacks adc', attempts: [] }),
  ],
  problems: [{ text: 'quarantine of z fits no case', fix: 'remove it' }],
});

interface ParsedCase {
  readonly '@name': string;
  readonly '@time': string;
  readonly '@file': string;
  readonly failure?: { readonly '@message': string; readonly '#text': string };
  readonly error?: { readonly '@message': string };
  readonly skipped?: { readonly '@message': string };
  readonly properties?: { readonly property: { '@name': string; '@value': string }[] };
  readonly 'system-out'?: string;
}

/** The document as an independent parser reads it. */
function parsed(record: NightlyRecord): { suite: Record<string, string>; cases: ParsedCase[] } {
  const document = parseXml(junitXml(record, ROOT), ['testcase', 'property']) as {
    testsuites: { testsuite: Record<string, string> & { testcase: ParsedCase[] } };
  };
  const { testsuite } = document.testsuites;
  return { suite: testsuite, cases: testsuite.testcase };
}

describe('JUnit XML', () => {
  it('counts what there is, a case for each case and each problem', () => {
    const { suite, cases } = parsed(EVERYTHING);
    expect(suite).toMatchObject({
      '@name': 'smoke',
      '@tests': '7',
      '@failures': '2',
      '@errors': '1',
      '@skipped': '2',
      '@timestamp': '2026-11-23T01:45:00Z',
    });
    expect(cases.map((one) => one['@name'])).toEqual([
      'good',
      'bad',
      'err',
      'flake',
      'held',
      'skip',
      'quarantine of z fits no case',
    ]);
  });

  it('shows a failure with everything known of it', () => {
    const bad = parsed(EVERYTHING).cases[1];
    expect(bad?.failure?.['@message']).toBe('they part');
    expect(bad?.failure?.['#text']).toContain('first wrong step: 9');
    expect(bad?.failure?.['#text']).toContain('cockpit-hil replay runs/bad-1.json');
    expect(bad?.['system-out']).toBe('x\n');
  });

  it('marks a flake as passed, with its attempts as properties', () => {
    const flake = parsed(EVERYTHING).cases[3];
    expect(flake?.failure).toBeUndefined();
    const values = Object.fromEntries(
      flake?.properties?.property.map((one) => [one['@name'], one['@value']]) ?? [],
    );
    expect(values).toMatchObject({
      flaky: 'true',
      'flaky.follows': 'board: it went wrong on A alone',
      'attempt.1': 'attempt 1 on native: failed [toolchain]: they part',
      'attempt.2': 'attempt 2 on native: passed: all agree',
    });
  });

  it('skips what is in quarantine or could not run, and says why', () => {
    const { cases } = parsed(EVERYTHING);
    expect(cases[4]?.skipped?.['@message']).toBe(
      'in quarantine until 2026-12-31 (T-7, ann): they part',
    );
    expect(cases[5]?.skipped?.['@message']).toBe('A lacks adc');
    expect(cases[2]?.error?.['@message']).toBe('no bench');
  });

  it('carries any text, as far as XML can', () => {
    const nasty = 'a<b>&"c"\'d\' ]]> <!-- \u0000\u0007\u001b[31m\r\n\ttab \ud800 \uffff é 😀';
    const utf8 = Buffer.from(nasty).toString('latin1');
    const run = sampleRecord({ programs: [sampleProgram({ output: utf8 })] });
    const attempts = [sampleAttempt({ run, verdict: { ...VERDICT, summary: nasty } })];
    const { cases } = parsed(
      sampleNightly({ cases: [failed('bad', { summary: nasty, attempts })] }),
    );
    const shown = cases[0]?.failure?.['@message'] ?? '';
    expect(shown).toContain('a<b>&"c"\'d\' ]]> <!-- ');
    expect(shown).toContain('é 😀');
    for (const character of '\u0000\u0007\u001b\ud800\uffff') {
      expect(shown).not.toContain(character);
    }
    expect(cases[0]?.['system-out']).toContain('a<b>&"c"\'d\' ]]> <!-- ');
  });
});

describe('GitHub', () => {
  it('annotates failures at their place, and says what may be a flake', () => {
    const lines = githubAnnotations(EVERYTHING, ROOT);
    expect(lines).toHaveLength(4);
    expect(lines[0]).toBe('::error title=suite::quarantine of z fits no case (remove it)');
    expect(lines[1]).toMatch(
      /^::error file=sketch\.ino,line=6,col=11,title=bad failed::they part%0A/,
    );
    expect(lines[3]).toMatch(/^::warning file=sketch\.ino,line=6,col=11,title=flake flaky::/);
  });

  it('cannot be led astray by a text', () => {
    const [line = ''] = githubAnnotations(
      sampleNightly({ cases: [failed('a,b::c', { summary: 'x\n::set-output name=y::z%' })] }),
      ROOT,
    );
    expect(line).not.toContain('\n');
    expect(line).toContain('title=a%2Cb%3A%3Ac failed::x%0A::set-output name=y::z%25');
  });

  it('gets a summary in which no text is markup', () => {
    const text = githubSummary(
      sampleNightly({ cases: [failed('a|b', { summary: '<script>`x`\n| y' })] }),
    );
    const row = text.split('\n').find((line) => line.startsWith('| a'));
    expect(row).toBe(String.raw`| a\|b | failed | 1 | &lt;script>\`x\` \| y |`);
  });

  it('names each bench and each that is lost', () => {
    const benches = [{ ...EVERYTHING.benches[0], state: 'wedged', why: 'dead' }];
    const record = { ...EVERYTHING, benches } as NightlyRecord;
    const told = 'wedged: dead (fix: ask cockpit-hil doctor --bench native what is in the way: ';
    expect(githubSummary(record)).toMatch(
      new RegExp(`[|] native [|] ${told.replace('(', '[(]')}.*[)] [|] a process of this machine`),
    );
    expect(githubAnnotations(record, ROOT).join('\n')).toContain(
      `::error title=bench native::${told}`,
    );
  });
});

describe('the page of a nightly', () => {
  it('says of a lost bench what to do, and of each board what it said, over all attempts', () => {
    const [bench] = EVERYTHING.benches;
    if (bench === undefined) throw new Error('a nightly has a bench');
    const boards = [
      sampleBoard({ bytesLost: 0 }),
      sampleBoard({ stack: { size: 3072, used: 900 }, reset: ['watchdog'] }),
    ];
    const attempts = boards.map((board, index) =>
      sampleAttempt({ number: index + 1, run: sampleRecord({ board }) }),
    );
    const record = sampleNightly({
      cases: [sampleCase('a', { attempts })],
      benches: [{ ...bench, kind: 'nucleo', file: 'mine.yaml', state: 'wedged', why: 'dead' }],
    });
    const lines = nightlyLines(record, ['r.json'], { color: false });
    expect(lines).toContain(
      '  native: wedged: dead (fix: unplug the board, plug it in again and ask cockpit-hil doctor --bench mine.yaml; with power: cycle in its bench file the next nightly does that by itself)',
    );
    const at = lines.indexOf('what the boards said');
    expect(lines.slice(at + 1, at + 4)).toEqual([
      '  native: reset by pin, software; reset by watchdog; 900 of 3072 bytes of C stack used at most; 2 received bytes lost',
      '  native: the run before crashed at pc 0x08000100: the core is in BusFault',
      '',
    ]);
    expect(nightlyLines(EVERYTHING, [], { color: false })).not.toContain('what the boards said');
  });
});

describe('files, wherever the nightly was started', () => {
  it.each([
    ['/project/test/sketch.ino', 'test/sketch.ino'],
    ['/project/..odd/sketch.ino', '..odd/sketch.ino'],
    ['/projects/sketch.ino', '/projects/sketch.ino'],
    ['/elsewhere/sketch.ino', '/elsewhere/sketch.ino'],
    ['sketch.ino', 'sketch.ino'],
  ])('%s is shown as %s', (file, shown) => {
    const record = sampleNightly({ cases: [failed('bad', { files: [file] })] });
    expect(githubAnnotations(record, ROOT)[0]).toMatch(
      new RegExp(`^::error file=${shown.replaceAll('.', '[.]')},line=6,col=11,`),
    );
    expect(parsed(record).cases[0]?.['@file']).toBe(shown);
  });

  it('a file named from a folder of the project is named from its root', () => {
    const here = process.cwd();
    const record = sampleNightly({ cases: [failed('bad', { files: ['src/sketch.ino'] })] });
    expect(githubAnnotations(record, dirname(here))[0]).toContain(
      `file=${basename(here)}/src/sketch.ino,line=6`,
    );
  });
});

describe('a board that was not recovered', () => {
  const rung = { rung: 'nrst', ok: false, ms: 1, limitMs: 10, detail: 'silent' } as const;
  it.each([
    [[], 'not recovered, no rung could be tried in 4.2 s'],
    [[{ ...rung, detail: 'skipped: no probe' }], 'not recovered, no rung could be tried in 4.2 s'],
    [[rung], 'not recovered by the only rung in 4.2 s'],
    [[rung, rung], 'not recovered by any of 2 rungs in 4.2 s'],
  ])('counts the rungs that were tried: %#', (rungs, words) => {
    const startedAt = '2026-11-23T01:45:00.000Z';
    const climb = { bench: 'A', startedAt, why: 'w', case: 'x', recovered: false, ms: 4200 };
    expect(recoveryText({ ...climb, rungs })).toBe(`A: ${words}, after x`);
  });
});

describe('the page on a terminal', () => {
  it('has a section for each kind of trouble, and the verdict last', () => {
    const lines = nightlyLines(EVERYTHING, ['out/record.json'], { color: false });
    const titles = ['failed', 'errored', 'flaky', 'in quarantine', 'skipped', 'the suite itself'];
    expect(lines.filter((line) => titles.includes(line))).toEqual(titles);
    expect(lines).toContain('    run record: runs/bad-1.json');
    expect(lines).toContain('    attempt 2 on native: passed: all agree');
    expect(lines.at(-1)).toBe('FAILED [toolchain]  much, in 5.0 s');
  });

  it('is short when all is well', () => {
    expect(nightlyLines(sampleNightly(), ['out/record.json'], { color: false })).toEqual([
      '',
      'record  out/record.json',
      'again   cockpit-hil nightly smoke --bench native --seed 5',
      'PASSED  1 passed of 1 case, in 5.0 s',
    ]);
  });

  it('counts cases that were not run, instead of listing them all', () => {
    const cases = Array.from({ length: 8 }, (_, index) =>
      sampleCase(`c${index}`, { outcome: 'errored', summary: 'not run', attempts: [] }),
    );
    const lines = nightlyLines(sampleNightly({ cases }), [], { color: false });
    expect(lines).toContain('  c0, c1, c2, c3, c4 and 3 more: not run');
  });
});
