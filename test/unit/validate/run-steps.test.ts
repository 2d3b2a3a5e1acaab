import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { HilError } from '../../../src/errors/index.ts';
import { openAnswers } from '../../../src/validate/answers.ts';
import { jumperPlan, pairName } from '../../../src/validate/pairs.ts';
import { createPerson, type Ask } from '../../../src/validate/person.ts';
import { runSteps } from '../../../src/validate/run-steps.ts';
import { passed, type Step } from '../../../src/validate/step.ts';
import { verdictOf } from '../../../src/validate/validate.ts';
import { BOARD, fakeBench, fakeTools, somebody } from '../../helpers/fake-validation.ts';
import { temporaryFolder } from '../../helpers/folder.ts';

const step = (id: string, run: Step['run'], limitMs = 1000): Step => ({
  ...{ id, title: id, expects: 'something' },
  limitMs,
  run,
});
const good = step('good', () => Promise.resolve(passed('1')));
const never = new Promise<never>(() => undefined);

/** Takes steps on a board that can be brought back or not. */
async function runAll(steps: readonly Step[], revives = true, tools = fakeTools(fakeBench())) {
  const did: string[] = [];
  const results = await runSteps(steps, {
    ...tools,
    cut: () => {
      did.push('cut');
      return Promise.resolve();
    },
    revive: () => {
      did.push('revive');
      return Promise.resolve(revives);
    },
    signal: new AbortController().signal,
  });
  return { did, results, outcomes: results.map(({ outcome }) => outcome) };
}

describe('the steps of a validation', () => {
  it('one that throws has failed with its fix, and the next one is taken', async () => {
    const silent = new HilError('link', 'no answer', 'replug it');
    const { did, results, outcomes } = await runAll([
      step('silent', () => Promise.reject(silent)),
      good,
    ]);
    expect(outcomes).toEqual(['failed', 'passed']);
    expect(results[0]?.reason).toBe('no answer (fix: replug it)');
    expect(did).toEqual(['revive']);
  });

  it('one that does not end is cut, and the next one is taken', async () => {
    let end = (): void => undefined;
    const hangs = step('hangs', () => new Promise((_, reject) => (end = reject)), 20);
    const results = await runSteps([hangs, good], {
      ...fakeTools(fakeBench()),
      cut: () => {
        end();
        return Promise.resolve();
      },
      revive: () => Promise.resolve(true),
      signal: new AbortController().signal,
    });
    expect(results.map(({ outcome }) => outcome)).toEqual(['failed', 'passed']);
    expect(results[0]?.reason).toBe('no end within 20 ms');
  });

  it('skips the others when the board can not be brought back', async () => {
    const dead = step('dead', () => Promise.reject(new Error('gone')));
    const { outcomes, results } = await runAll([dead, good, good], false);
    expect(outcomes).toEqual(['failed', 'skipped', 'skipped']);
    expect(results[1]?.reason).toBe('the board does not answer any more');
    expect(verdictOf(results)).toEqual({
      outcome: 'failed',
      summary: '0 passed, 1 failed, 2 skipped of 3 steps: dead',
    });
  });

  it("a person's time is not the step's", async () => {
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const slow = { ...somebody(), now: () => promise };
    const asks = step('asks', async ({ person }) => passed(String(await person.now('well?'))), 30);
    const running = runAll([asks], true, fakeTools(fakeBench(), slow));
    // Longer than the step may take, by the clock that its limit goes by.
    setTimeout(() => {
      resolve(true);
    }, 90);
    expect((await running).results[0]).toMatchObject({ outcome: 'passed', measured: 'true' });
  });

  it('an interrupt ends them', async () => {
    const abort = new AbortController();
    const running = runSteps(
      [
        step('interrupted', () => {
          abort.abort(new Error('stopped'));
          return Promise.reject(new Error('line closed'));
        }),
        step('never', () => never),
      ],
      {
        ...fakeTools(fakeBench()),
        cut: () => Promise.resolve(),
        revive: () => Promise.resolve(true),
        signal: abort.signal,
      },
    );
    await expect(running).rejects.toThrow('stopped');
  });

  it('nothing that passed is no validation', () => {
    expect(verdictOf([])).toMatchObject({ outcome: 'failed' });
  });
});

describe('jumpers', () => {
  it('join each header pin with one other, so that all stay in place', () => {
    const { pairs, dac, pwm } = jumperPlan(BOARD);
    const pins = pairs.flatMap(({ a, b }) => [a.pin, b.pin]);
    expect(new Set(pins).size).toBe(22);
    expect(pins).not.toContain(22);
    expect(dac && pairName(dac)).toBe('A2-A0');
    expect(pwm && pairName(pwm)).toBe('D15-A1');
    expect(pairs.map(pairName)).toEqual(
      'A2-A0 D15-A1 D0-D1 D2-D3 D4-D5 D6-D7 D8-D9 D10-D11 D12-D13 D14-A3 A4-A5'.split(' '),
    );
  });
});

describe('answers', () => {
  const now = () => new Date('2026-11-23T10:00:00Z');

  /** Somebody who answers with these words. */
  function answering(...words: string[]): { ask: Ask; asked: string[] } {
    const asked: string[] = [];
    return {
      asked,
      ask: (question) => {
        asked.push(question);
        return Promise.resolve(words.shift());
      },
    };
  }

  it('are remembered for that board, and asked again when no was said or --ask given', async () => {
    const path = join(await temporaryFolder(), 'answers.json');
    const first = answering('what?', 'y', 'n');
    const before = createPerson(first.ask, await openAnswers('a', now, path), false);
    expect(await before.lasting('jumper D0-D1', 'Joined?')).toBe(true);
    expect(await before.lasting('jumper D2-D3', 'Joined?')).toBe(false);
    expect(first.asked).toEqual(['Joined? [y/n] ', 'Joined? [y/n] ', 'Joined? [y/n] ']);

    const later = await openAnswers('a', now, path);
    const nobody = createPerson(undefined, later, false);
    expect(await nobody.lasting('jumper D0-D1', '')).toBe(true);
    expect(await nobody.lasting('jumper D2-D3', '')).toBe(false);
    expect(await nobody.now('Seen?')).toBeUndefined();

    const asked = answering('yes', 'no');
    expect(await createPerson(asked.ask, later, false).lasting('jumper D2-D3', '')).toBe(true);
    expect(await createPerson(asked.ask, later, true).lasting('jumper D0-D1', '')).toBe(false);

    const other = createPerson(undefined, await openAnswers('b', now, path), false);
    expect(await other.lasting('jumper D0-D1', '')).toBeUndefined();
    expect(JSON.parse(await readFile(path, 'utf8'))).toMatchObject({
      version: 1,
      boards: { a: { 'jumper D2-D3': { answer: true, at: '2026-11-23T10:00:00.000Z' } } },
    });
  });

  it('a damaged file says how to mend it', async () => {
    const path = join(await temporaryFolder(), 'answers.json');
    await writeFile(path, '{"version": 2}');
    await expect(openAnswers('a', now, path)).rejects.toThrow(`${path} is no file of answers`);
  });
});
