import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pino } from 'pino';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadBench, loadBoard } from '../../src/bench/index.ts';
import { readValidationRecord } from '../../src/results/index.ts';
import { createPerson } from '../../src/validate/person.ts';
import { runSteps } from '../../src/validate/run-steps.ts';
import { SessionBench } from '../../src/validate/session-bench.ts';
import { validationSteps } from '../../src/validate/steps/index.ts';
import { cockpitHil, type CliResult } from '../helpers/cli.ts';
import type { StartProbe } from '../../src/measure/index.ts';
import { fakeBenchBoard } from '../helpers/fake-bench-board.ts';
import { buildDefect } from '../helpers/firmware.ts';
import { temporaryFolder } from '../helpers/folder.ts';

/** 61 steps in under a minute when nothing else runs; six times that for a busy machine. */
const VALIDATE_MS = 360_000;
const BENCH = ['--bench', 'emulated'];

/** What an emulated board has not got. */
const ABSENT = [
  'baud',
  'clock',
  'delay/host',
  'analog/dac',
  'analog/reference',
  'analog/pwm',
  'cycles',
];
const ACCIDENTS = ['recovery/hang', 'recovery/crash'];

describe('cockpit-hil validate on the emulated bench', () => {
  let cwd = '';
  let result: CliResult;
  beforeAll(async () => {
    cwd = await temporaryFolder();
    const files = ['--json', 'validation.json', '--html', 'validation.html'];
    result = await cockpitHil(['validate', ...BENCH, '--by', 'Ann <b>', ...files], {
      cwd,
      limitMs: VALIDATE_MS,
    });
  }, VALIDATE_MS);

  it('runs unattended, passes every step that the board can do, and is signed for', async () => {
    expect(result.stderr).toBe('');
    expect(result.code, result.stdout).toBe(0);
    expect(result.survivors).toEqual([]);
    const record = await readValidationRecord(join(cwd, 'validation.json'));
    expect(record).toMatchObject({
      by: 'Ann <b>',
      attended: false,
      verdict: { outcome: 'passed' },
      bench: { name: 'emulated', kind: 'emulated' },
      identity: { board: 'nucleo_g474re', mcuId: expect.stringMatching(/469$/) as string },
    });
    expect(record.bench.ranOn).toContain('not silicon');
    const { steps } = record;
    const skipped = steps.filter(({ outcome }) => outcome === 'skipped').map(({ id }) => id);
    // Where firmware with a planted defect was built, these have run too.
    expect(skipped.filter((id) => !ACCIDENTS.includes(id))).toEqual(ABSENT);
    const ids = steps.filter(({ outcome }) => outcome === 'passed').map(({ id }) => id);
    expect(ids.filter((id) => /^pin\/.*\/(input|output)$/.test(id))).toHaveLength(44);
    const others = ids.filter((id) => !/^(pin|recovery)\//.test(id));
    const able = ['identity', 'flash', 'line', 'round-trip', 'delay/board'];
    expect(others).toEqual([...able, 'led', 'button/B1', 'digest']);
    const who = steps.find(({ id }) => id === 'identity');
    expect(who?.measured).toMatch(
      /; does not know why it was reset; \d+ of 3072 bytes of stack used; 0 received bytes lost$/,
    );
    const seen = steps.find(({ id }) => id === 'pin/D3/output');
    expect(seen?.measured).toBe('reads 1 0 1 0; from outside 1 0 1 0');
  });

  it('keeps the record and a page of it, in which no text is markup', async () => {
    const kept = /^record {2}(\.cockpit-hil\/validations\/.*\.json)$/m.exec(result.stdout)?.[1];
    const copy = await readFile(join(cwd, 'validation.json'), 'utf8');
    expect(await readFile(join(cwd, kept ?? ''), 'utf8')).toBe(copy);
    const page = await readFile(join(cwd, 'validation.html'), 'utf8');
    expect(page).toContain('<td>Ann &lt;b&gt;</td>');
    expect(page).toContain('not silicon');
    expect(page).not.toContain('<script');
  });

  it('a nightly that asks for a validation runs where there is one', async () => {
    const night = ['nightly', 'smoke', ...BENCH, '--only', 'demo', '--validated-within', '30'];
    const validated = await cockpitHil(night, { cwd });
    expect(validated.code, validated.stdout).toBe(0);
    const elsewhere = await cockpitHil(night);
    expect(elsewhere.code).toBe(2);
    expect(elsewhere.stdout).toMatch(
      /has no validation record; make one: cockpit-hil validate --bench emulated --by NAME/,
    );
  });
});

/** Takes some steps on an emulated bench. */
async function takeSteps(
  wanted: (id: string) => boolean,
  { firmware, start }: { firmware?: string; start?: StartProbe } = {},
) {
  await using resources = new AsyncDisposableStack();
  const bench = await loadBench('emulated');
  const board = await loadBoard(bench.board);
  const { signal } = new AbortController();
  const environment = { node: process.version, platform: process.platform, harness: 'test' };
  const opened = await SessionBench.open({
    ...{ bench, benchFile: 'emulated', board, firmware, environment, resources, signal },
    ...(start === undefined ? {} : { takeProbe: () => Promise.resolve(start) }),
    log: pino({ level: 'silent' }),
  });
  const memory = { get: () => undefined, set: () => Promise.resolve() };
  return await runSteps(
    validationSteps(board).filter(({ id }) => wanted(id)),
    {
      bench: opened,
      person: createPerson(undefined, memory, false),
      now: () => performance.now(),
      sleep: () => Promise.resolve(),
      cut: () => opened.cut(),
      revive: () => opened.revive(),
      signal,
    },
  );
}

describe('a board that is lent for its cycles', () => {
  it.each([
    ['measured', undefined, 'passed', /^$/],
    ['lost in the middle', ['error processor fault'], 'failed', /0 results of/],
  ])(
    '%s: has the harness firmware again for the next step',
    async (_, broken, outcome, reason) => {
      const { start, probes } = fakeBenchBoard(broken);
      const steps = await takeSteps((id) => id === 'cycles' || id === 'digest', { start });
      expect(steps.map((step) => [step.id, step.outcome])).toEqual([
        ['cycles', outcome],
        ['digest', 'passed'],
      ]);
      expect(steps[0]?.reason ?? '').toMatch(reason);
      expect(probes.length).toBeGreaterThan(0);
      expect(probes.every(({ disposed }) => disposed)).toBe(true);
      if (outcome === 'passed') expect(steps[0]?.measured).toContain('PUSH 12.5/12.5');
    },
    VALIDATE_MS,
  );
});

describe('a board that dies', () => {
  it(
    'a hang and a crash are found and mended for real, and the board is as before',
    async () => {
      await buildDefect('nucleo-harness', 'HANG_IN_DELAY');
      await buildDefect('nucleo-harness', 'HARD_FAULT_IN_MOD');
      const after = [...ACCIDENTS, 'digest'];
      const steps = await takeSteps((id) => after.includes(id));
      expect(steps.map(({ id, outcome, reason }) => [id, outcome, reason])).toEqual([
        ['digest', 'passed', undefined],
        ['recovery/hang', 'passed', undefined],
        ['recovery/crash', 'passed', undefined],
      ]);
    },
    VALIDATE_MS,
  );

  it(
    'within a step: that one has failed, and the next ones are taken on the board brought back',
    async () => {
      const firmware = await buildDefect('nucleo-harness', 'HANG_IN_DELAY');
      const steps = await takeSteps(
        (id) => id === 'pin/D0/output' || id === 'round-trip' || id === 'button/B1',
        { firmware },
      );
      expect(steps.map(({ id, outcome }) => [id, outcome])).toEqual([
        ['round-trip', 'passed'],
        ['pin/D0/output', 'failed'],
        ['button/B1', 'passed'],
      ]);
      expect(steps[1]?.reason).toMatch(/board/);
    },
    VALIDATE_MS,
  );
});
