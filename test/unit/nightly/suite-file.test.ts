import { describe, expect, it } from 'vitest';
import { listCases, loadSuite } from '../../../src/nightly/index.ts';
import { suiteOf } from '../../helpers/suite.ts';

const ALL = { only: [], tags: [] };
const idsOf = async (yaml: string): Promise<string[]> =>
  listCases(await suiteOf(yaml), ALL).map((line) => line.split('  ')[0] ?? '');

const PROGRAM = 'program: test/programs/pins.ino';

describe('the suites of hil-config', () => {
  it.each(['smoke', 'regression', 'nightly'])('%s can be loaded and expanded', async (name) => {
    const suite = await loadSuite(name);
    expect(suite).toMatchObject({ name, quarantine: [] });
    expect(listCases(suite, ALL).length).toBeGreaterThan(5);
  });

  it('of another name is refused with the names there are', async () => {
    await expect(loadSuite('smokey')).rejects.toThrow('did you mean "smoke"?');
  });
});

describe('a mistake in a suite file is named with its line', () => {
  it.each([
    ['- { id: a, progam: x.ino }', ':2: cases.0: unknown key "progam"; did you mean "program"?'],
    [`- { id: a, ${PROGRAM}, expect: { ouput: [] } }`, ':2: cases.0.expect: unknown key "ouput"'],
    [`- { id: a, ${PROGRAM}, limit: 3h }`, 'cases.0.limit: must be a time such as'],
    [`- { id: a, ${PROGRAM}, loops: skech }`, 'must be a number of rounds, or `sketch`'],
    [`- { id: a, ${PROGRAM}, vms: { sos: x.ino } }`, 'give one of program, vms and programs'],
    ['- { id: a }', 'give one of program, vms and programs'],
    ['- { id: a, vms: {} }', 'cases.0.vms: names no program'],
    [`- { id: a/b, ${PROGRAM} }`, 'cases.0.id: must be letters'],
    [`- { id: a, ${PROGRAM}, inputs: x, seeds: [1] }`, 'give inputs or seeds, not both'],
    [`- { id: a, ${PROGRAM}, needs: [adcs] }`, 'cases.0.needs.0'],
    [`- { id: a, ${PROGRAM}, expect: { output: [{ exact: x, sketch: true }] } }`, 'give one of'],
    [`- { id: a, ${PROGRAM}, expect: { pins: [{ pin: 13 }] } }`, 'give edges, level or both'],
    [
      `- { id: a, ${PROGRAM}, expect: { error: INVALID_JUMP, fails: { causes: [firmware] } } }`,
      'give error or fails',
    ],
    [
      `- { id: a, ${PROGRAM}, clock: virtual, expect: { timing: [{ pin: 13, tolerance: '2' }] } }`,
      'must be a time or a percentage',
    ],
  ])('%s', async (line, message) => {
    await expect(suiteOf(`cases:\n  ${line}\n`)).rejects.toThrow(message);
  });

  it('a quarantine without a day', async () => {
    const text = `cases: [{ id: a, ${PROGRAM} }]\nquarantine: [{ case: a, issue: I, owner: o, expires: soon }]`;
    await expect(suiteOf(text)).rejects.toThrow('must be a day such as 2026-12-31');
  });

  it('a variable that is not set', async () => {
    const text = `cases: [{ id: a, program: '\${NONE}/x.ino' }]`;
    await expect(suiteOf(text)).rejects.toThrow('environment variable NONE is not set');
  });
});

describe('cases of a suite', () => {
  it('one for every program, mode, seed and repetition; ids name only what there is a choice of', async () => {
    const ids = await idsOf(`
defaults: { modes: [digest] }
cases:
  - { id: one, ${PROGRAM} }
  - { id: two, ${PROGRAM}, modes: [digest, trace] }
  - { id: glob, programs: ['test/programs/p*_divisors.ino', test/programs/pid.ino, 'test/programs/pin?.ino'] }
  - { id: seeded, ${PROGRAM}, seeds: [7], repeat: 2 }
`).catch((error: unknown) => error);
    // The first pattern fits nothing, which is a mistake.
    expect(String(ids)).toContain('no file is named as test/programs/p*_divisors.ino says');
    expect(
      await idsOf(`
defaults: { modes: [digest] }
cases:
  - { id: one, ${PROGRAM} }
  - { id: two, ${PROGRAM}, modes: [digest, trace] }
  - { id: glob, programs: [test/programs/pid.ino, 'test/programs/pin?.ino'] }
  - { id: seeded, ${PROGRAM}, seeds: [7], repeat: 2 }
`),
    ).toEqual([
      'one',
      'two/digest',
      'two/trace',
      'glob/pid',
      'glob/pins',
      'seeded/seed-7/run-1',
      'seeded/seed-7/run-2',
    ]);
  });

  it.each([
    [`{ id: a, ${PROGRAM} }, { id: a, ${PROGRAM} }`, 'two cases have the id a'],
    [`{ id: a, ${PROGRAM}, clock: real }`, 'give loops or steps'],
    [
      `{ id: a, ${PROGRAM}, expect: { timing: [{ pin: 13, tolerance: 5ms }] } }`,
      'give clock: real',
    ],
  ])('%s', async (cases, message) => {
    const suite = await suiteOf(`cases: [${cases}]`);
    expect(() => listCases(suite, ALL)).toThrow(
      expect.objectContaining({ line: expect.stringContaining(message) as string }),
    );
  });

  it('are chosen by patterns and tags', async () => {
    const suite = await suiteOf(`
defaults: { tags: [all] }
cases:
  - { id: a, ${PROGRAM}, modes: [digest, trace], tags: [x] }
  - { id: b, ${PROGRAM} }
`);
    const ids = (only: string[], tags: string[]): string[] =>
      listCases(suite, { only, tags }).map((line) => line.split(' ')[0] ?? '');
    expect(ids(['a'], [])).toEqual(['a/digest', 'a/trace']);
    expect(ids(['*/trace', 'b'], [])).toEqual(['a/trace', 'b']);
    expect(ids([], ['all'])).toHaveLength(3);
    expect(ids([], ['x'])).toEqual(['a/digest', 'a/trace']);
    expect(() => ids(['c'], [])).toThrow('no case of the suite fits --only c');
    expect(() => ids([], ['y'])).toThrow('no case of the suite has the tag y');
    expect(() => ids(['b'], ['x'])).toThrow('no case fits both');
  });

  it('take variables from the environment', async () => {
    const suite = await suiteOf(`cases: [{ id: a, program: '\${DIR:-x}/pins.ino' }]`, {
      DIR: 'test/programs',
    });
    expect(suite.cases[0]?.program).toBe('test/programs/pins.ino');
  });
});
