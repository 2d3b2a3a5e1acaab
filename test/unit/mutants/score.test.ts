import { describe, expect, it } from 'vitest';
import type { Seen } from '../../mutants/observe.ts';
import type { Prediction } from '../../mutants/predict.ts';
import { complaints, outcomeIn, reportLines } from '../../mutants/report.ts';
import { tally, type MutantResult, type Trial } from '../../mutants/score.ts';
import type { Mode, Sight } from '../../mutants/types.ts';

const step = (at: number, since = at): Prediction => ({ kind: 'step', step: at, since });
const seenStep = (at: number, since?: number): Seen => ({
  kind: 'step',
  step: at,
  since,
  detail: 'value',
});
const agreed = { kind: 'agreed' } as const;
const state: Prediction = { kind: 'state', since: 3 };
const seenState = (located: number | undefined): Seen => ({
  kind: 'state',
  firstStep: 0,
  lastStep: 4,
  located,
});

const trial = (predicted: Prediction, seen: Seen, mode: Mode = 'trace'): Trial => ({
  unit: 'unit',
  mode,
  predicted,
  seen,
});

describe('adding up the runs of a mutant', () => {
  it('counts those it must show in, those that found it, and those that named the step', () => {
    const trials = [
      trial(step(4), seenStep(4)),
      trial(step(4), seenStep(5)),
      trial(step(4), agreed),
      trial(agreed, agreed),
    ];
    expect(tally(trials)).toMatchObject({ affected: 3, caught: 2, exact: 1 });
    expect(tally(trials).wrong).toEqual(['unit: predicted step 4, seen step 5 (value)']);
  });

  it('complains about a run that blames a board which did nothing wrong', () => {
    expect(tally([trial(agreed, seenStep(0))]).wrong).toHaveLength(1);
  });

  it('complains about a run that compared nothing, and does not count it as found', () => {
    const result = tally([trial(step(1), { kind: 'nothing', detail: 'no step' })]);
    expect(result).toMatchObject({ affected: 1, caught: 0, exact: 0 });
    expect(result.wrong).toEqual(['unit: compared nothing: no step']);
  });

  it.each([
    ['the step that spoiled the state before a late one', 'digest', step(4, 2), seenState(2), 1],
    ['another step than that', 'digest', step(4, 2), seenState(3), 0],
    [
      'the epoch of that step, of a program that reads',
      'digest',
      step(4, 2),
      seenState(undefined),
      1,
    ],
    ['the state instead of a late step', 'trace', step(4, 2), seenState(2), 0],
    ['the first wrong effect', 'digest', step(4, 2), seenStep(4), 1],
    ['the step that spoiled the state before a later effect', 'digest', step(4), seenStep(6, 4), 1],
    ['another step than that, before a later effect', 'digest', step(4), seenStep(6, 3), 0],
    ['the first wrong effect, and a wrong step before', 'trace', step(4, 2), seenStep(4, 1), 0],
    ['the step by its state instead of its effect', 'digest', step(3), seenState(3), 1],
    ['another state than its own', 'digest', step(4), seenState(3), 0],
    ['an epoch before it', 'digest', step(5), seenState(undefined), 0],
    ['the step of a state', 'trace', state, seenState(3), 1],
    ['another step than the one of a state', 'trace', state, seenState(4), 0],
    ['a wrong pc at the end', 'trace', state, { kind: 'end', detail: '' }, 1],
    ['the step of a wrong pc', 'digest', state, seenStep(3), 1],
    ['another step than the one of a wrong pc', 'digest', state, seenStep(4), 0],
    ['silence', 'trace', { kind: 'silent', step: 3 }, { kind: 'silent', detail: '' }, 1],
    [
      'an expectation at its step',
      'trace',
      { kind: 'read', step: 2 },
      { kind: 'expectation', step: 2, detail: '' },
      1,
    ],
    [
      'an expectation at another step',
      'trace',
      { kind: 'read', step: 2 },
      { kind: 'expectation', step: 3, detail: '' },
      0,
    ],
  ] satisfies [string, Mode, Prediction, Seen, number][])(
    '%s in mode %s',
    (_, mode, predicted, seen, exact) => {
      expect(tally([trial(predicted, seen, mode)]).exact).toBe(exact);
    },
  );

  it('takes whatever a free run finds, and what it can not see for not found', () => {
    const trials = [
      trial(step(9), seenState(undefined), 'free'),
      trial(step(4), { kind: 'blind' }, 'free'),
    ];
    expect(tally(trials)).toEqual({ affected: 2, caught: 1, exact: 0, late: 0, wrong: [] });
  });

  it('counts apart what was named by its first wrong effect, later than the state was wrong', () => {
    const trials = [
      trial(step(4, 2), seenStep(4)),
      trial(step(4, 2), seenState(2), 'digest'),
      trial(step(4, 2), seenStep(4, 2)),
      trial(step(4), seenStep(4)),
      trial(step(4, 2), seenStep(5)),
    ];
    expect(tally(trials)).toMatchObject({ affected: 5, exact: 4, late: 1 });
  });
});

function resultOf(sight: Sight, tallies: [Mode, Trial[]][], legCaught?: boolean): MutantResult {
  const mutant = { id: 'it', class: 'clock' as const, file: '', edits: [], sight };
  const added = tallies.map(([mode, trials]) => [mode, tally(trials)] as const);
  return { mutant, tallies: new Map(added), legCaught, ms: 0 };
}

const anyStep: Sight = { kind: 'step', differs: () => () => true };

describe('the report of a campaign', () => {
  it('complains about a survivor, except in free runs', () => {
    const survivor = resultOf(anyStep, [
      ['trace', [trial(step(1), seenStep(1))]],
      ['digest', [trial(step(1), agreed, 'digest')]],
      ['free', [trial(step(1), agreed, 'free')]],
    ]);
    expect(complaints(survivor)).toEqual(['it survives in mode digest']);
    expect(outcomeIn(survivor, 'free')).toBe('missed');
  });

  it('complains about a mutant that no run reaches', () => {
    expect(complaints(resultOf(anyStep, [['trace', []]]))).toEqual(['it survives in mode trace']);
  });

  it('complains about a leg that passes, and about an equivalent mutant that is found', () => {
    const leg: Sight = { kind: 'leg', leg: 'images', reason: 'R' };
    expect(complaints(resultOf(leg, [], false))).toHaveLength(1);
    expect(complaints(resultOf(leg, [], true))).toEqual([]);
    const equivalent: Sight = { kind: 'equivalent', reason: 'R' };
    expect(
      complaints(resultOf(equivalent, [['trace', [trial(agreed, seenStep(1))]]])),
    ).toHaveLength(1);
    expect(complaints(resultOf(equivalent, [['trace', [trial(agreed, agreed)]]]))).toEqual([]);
  });

  it('has a row for each class and mode', () => {
    const found = resultOf(anyStep, [
      ['trace', [trial(step(1), seenStep(1)), trial(step(2), seenStep(2))]],
      ['free', [trial(step(1), agreed, 'free')]],
    ]);
    const lines = reportLines([found, resultOf({ kind: 'equivalent', reason: 'R' }, [])], {
      runs: 10,
      steps: 99,
      repeated: 0,
    });
    const cells = lines.map((line) => line.replaceAll(/ +/g, ' '));
    expect(cells).toContain('| clock | 2 | 1/1 | 0/1 | – | 1 |');
    expect(cells).toContain('| **all** | 2 | 1/1 | 0/1 | – | 1 |');
    expect(cells).toContain('| trace | 2 | 2 | 0 | 2 | 0 |');
    expect(cells).toContain('| free | 1 | 0 | 1 | – | – |');
    expect(lines).toContain('**Missed by the end state alone**: `it`.');
    expect(lines).toContain('- `it`: R');
  });

  it('says why a step was not named, where one was not', () => {
    const vague = { trace: 'R', digest: 'S' };
    const found = resultOf(anyStep, [
      ['trace', [trial(step(1), seenStep(2))]],
      ['digest', [trial(step(1), seenStep(1), 'digest')]],
    ]);
    const lines = reportLines([{ ...found, mutant: { ...found.mutant, vague } }], {
      runs: 10,
      steps: 99,
      repeated: 0,
    });
    expect(lines.filter((line) => line.startsWith('- '))).toEqual(['- `it`: mode trace: R']);
  });

  it('has tables whose columns are as wide in each line, and one line for each reason', () => {
    const leg = (id: string): MutantResult => {
      const found = resultOf({ kind: 'leg', leg: 'images', reason: 'R.' }, [], true);
      return { ...found, mutant: { ...found.mutant, id } };
    };
    const found = resultOf(anyStep, [['trace', [trial(step(1), seenStep(1))]]]);
    const lines = reportLines([found, leg('one'), leg('two')], {
      runs: 10,
      steps: 99,
      repeated: 0,
    });
    const table = lines.slice(lines.findIndex((line) => line.startsWith('| class')));
    const [first = '', ...others] = table.slice(0, 3);
    expect(others.map(({ length }) => length)).toEqual([first.length, first.length]);
    expect(lines.filter((line) => line.startsWith('- '))).toEqual([
      '- `one`, `two`: mutated program images, judged by both parsers. R.',
    ]);
  });
});
