import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { createNightlyProgress } from '../../../src/cli/nightly-progress.ts';
import { sampleAttempt, sampleCase } from '../../helpers/sample-nightly.ts';

function progressInto(lines: string[]) {
  const context = {
    out: (line: string) => lines.push(line),
    err: (line: string) => lines.push(line),
    color: false,
    terminal: false,
    log: pino({ level: 'silent' }),
    signal: new AbortController().signal,
    resources: new AsyncDisposableStack(),
  };
  return createNightlyProgress(context, 12);
}

describe('progress without a terminal', () => {
  it('is a line for each case, and for each attempt that went wrong', () => {
    const lines: string[] = [];
    const progress = progressInto(lines);
    progress.began('native', 'x', 1);
    progress.progress('native', 500);
    const verdict = {
      outcome: 'failed',
      causeClass: 'transient',
      summary: 'they\u001bpart',
    } as const;
    progress.attempted('x', sampleAttempt({ verdict }));
    progress.attempted('x', sampleAttempt({ number: 2 }));
    const flake = { follows: 'unknown', reason: 'once' } as const;
    progress.decided(sampleCase('x', { outcome: 'flaky', summary: 'wrong', flake }), 3, 12);
    progress.decided(sampleCase('y'), 4, 12);
    progress.end();
    expect(lines).toEqual([
      'attempt 1 of x on native failed [transient]: they\u{fffd}part',
      ' 3/12  FLAKY       x  native  0.4 s: wrong; test or board is not known: once',
      ' 4/12  passed      y  native  0.4 s',
    ]);
  });

  it('tells of benches, and of every rung of a ladder', () => {
    const lines: string[] = [];
    const progress = progressInto(lines);
    const bench = { name: 'A', kind: 'nucleo', file: 'a', attempts: 0 } as const;
    progress.bench({ ...bench, state: 'ready', ranOn: 'a real board' });
    progress.bench({ ...bench, state: 'unusable', why: 'no ST-LINK' });
    progress.recovering('A', 'no answer after x');
    const rung = { ms: 1, limitMs: 10 };
    const startedAt = '2026-11-23T01:45:00.000Z';
    const rungs = [
      { ...rung, rung: 'agent-reset', ok: false, detail: 'silent' } as const,
      { ...rung, rung: 'nrst', ok: true, detail: 'HELLO' } as const,
    ];
    const climb = { bench: 'A', startedAt, why: 'w', case: 'x', rungs, ms: 4200 };
    progress.recovered({ ...climb, recovered: true });
    progress.recovered({ ...climb, recovered: false });
    expect(lines).toEqual([
      'bench   A: a real board',
      'bench   A is unusable: no ST-LINK',
      'recover A: no answer after x',
      '        agent-reset: no: silent',
      '        nrst: ok: HELLO',
      'recover A: recovered by nrst in 4.2 s, after x',
      '        agent-reset: no: silent',
      '        nrst: ok: HELLO',
      'recover A: not recovered by any of 2 rungs in 4.2 s, after x',
    ]);
  });
});
