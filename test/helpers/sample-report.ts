import { compareResults } from '../../src/compare/index.ts';
import { htmlReport } from '../../src/report/index.ts';
import { History, resultView, type NightlyRecord } from '../../src/results/index.ts';
import { failedRun, NO_SOURCES } from './sample-comparison.ts';
import { sampleDivergence, sampleTriage } from './sample-record.ts';
import {
  sampleAttempt,
  sampleBoard,
  sampleCase,
  sampleFacts,
  sampleNightly,
  sampleRun,
} from './sample-results.ts';

/** Text that would do something if anything took it for markup or script. */
export const EVIL =
  '<img src=x onerror=alert(1)><script>alert(2)</script></script>\u2028"\'--><svg onload=alert(3)>${alert(4)} javascript:alert(5)';

/** Pin 13 as a board file has it. */
const LED_PIN = { name: 'D13', adc: false, pwm: false, dac: false };

/** A nightly with something of everything: passed, failed with a divergence, flaky, errored with forensics, skipped, quarantined. */
export function richNightly(): NightlyRecord {
  const wrong = sampleRun(
    { verdict: { outcome: 'failed', causeClass: 'toolchain', summary: 'wrong at step 9' } },
    {
      verdict: { outcome: 'failed', causeClass: 'toolchain', summary: 'wrong at step 9' },
      divergence: sampleDivergence({
        located: 'bisected',
        since: { step: 3, located: 'stepped', instruction: 'ADD', expected: 'x', actual: 'y' },
      }),
      triage: sampleTriage(),
      output: 'counting\n1 2 3\n',
    },
  );
  const silent = sampleRun({
    verdict: {
      outcome: 'errored',
      causeClass: 'rig',
      summary: 'the probe is gone',
      fix: 'plug it in',
    },
    forensics: {
      core: 'halted',
      flash: 'other',
      fault: ['the core read where nothing is'],
      registers: { pc: '0x08000123' },
      backtrace: ['#0 handler () at vm.c:12'],
      vms: [],
    },
  });
  const dead = sampleRun(
    {
      verdict: { outcome: 'failed', causeClass: 'firmware', summary: 'silence' },
      timing: [
        { phase: 'run', ms: 2300 },
        { phase: 'autopsy', ms: 1100 },
      ],
    },
    {
      verdict: { outcome: 'failed', causeClass: 'firmware', summary: 'silence' },
      stepsCompared: 5,
      lastSteps: { by: 'reruns', how: 'unended', step: 13, instruction: 'DELAY' },
    },
  );
  const blinking = sampleRun(
    {
      world: { pins: [...Array.from({ length: 13 }, () => null), LED_PIN], buttons: 0 },
      clock: 'real',
      board: sampleBoard(),
      pinEdges: [
        { pin: 13, level: 1, timeUs: 9_000_000 },
        { pin: 13, level: 0, timeUs: 9_502_000 },
      ],
      pinTiming: [{ pin: 13, level: 1, nominalMs: 500, measuredMs: 502 }],
    },
    { output: 'blinking\n', model: sampleFacts() },
  );
  const flaky = [sampleAttempt(failedRun('silent')), sampleAttempt(sampleRun(), { number: 2 })];
  const nightly = sampleNightly(
    [
      sampleCase('blink', { tags: ['pins'] }, [sampleAttempt(blinking)]),
      sampleCase('sort', {}, [sampleAttempt(wrong)]),
      sampleCase(
        'loops',
        { outcome: 'flaky', flake: { follows: 'board', reason: 'other boards pass it' } },
        flaky,
      ),
      sampleCase('probe', {}, [sampleAttempt(silent)]),
      sampleCase('hang', {}, [sampleAttempt(dead)]),
      sampleCase('adc', { outcome: 'skipped', summary: 'the bench has no adc' }, []),
      sampleCase('old', {
        outcome: 'quarantined',
        quarantine: { issue: 'X-1', owner: 'somebody', expires: '2026-12-31' },
      }),
    ],
    {
      recoveries: [
        {
          bench: 'native',
          startedAt: '2026-11-23T01:46:00.000Z',
          why: 'no answer',
          case: 'loops',
          rungs: [
            { rung: 'reconnect', ok: false, ms: 1000, limitMs: 1000, detail: 'nobody answered' },
            { rung: 'reflash', ok: true, ms: 4000, limitMs: 20_000, detail: 'HELLO' },
          ],
          recovered: true,
          ms: 5000,
        },
      ],
      problems: [{ text: 'a quarantine has expired', fix: 'take it out' }],
    },
  );
  const lost = { name: 'second', kind: 'nucleo', file: 'second.yaml', attempts: 0 } as const;
  nightly.benches.push({ ...lost, state: 'wedged', why: 'no answer after hang' });
  return nightly;
}

/** A nightly in which every text that can come from a board, a program or a suite is {@link EVIL}. */
export function evilNightly(): NightlyRecord {
  const source = { file: EVIL, line: 3, column: 2, text: EVIL };
  const run = sampleRun(
    {
      id: EVIL,
      command: EVIL,
      verdict: { outcome: 'failed', causeClass: 'firmware', summary: EVIL, fix: EVIL },
      bench: { ...sampleRun().bench, name: EVIL, ranOn: EVIL },
      forensics: {
        registers: { [EVIL]: EVIL },
        backtrace: [EVIL],
        vms: [{ vmName: EVIL, pc: 0, steps: 0, sp: 0, depth: 0, instruction: EVIL, source }],
      },
      pinTimingNotes: [EVIL],
    },
    {
      vmName: EVIL,
      file: EVIL,
      output: EVIL,
      divergence: sampleDivergence({
        source,
        instruction: EVIL,
        expected: EVIL,
        actual: EVIL,
        since: { step: 3, source, instruction: EVIL, expected: EVIL, actual: EVIL },
      }),
      triage: sampleTriage({ reasons: [EVIL] }),
      fault: { code: 1, name: EVIL, step: 1, instruction: EVIL, source },
    },
  );
  const expectations = [{ what: EVIL, expected: EVIL, actual: EVIL, met: false }];
  return sampleNightly(
    [sampleCase(EVIL, { tags: [EVIL], files: [EVIL] }, [sampleAttempt(run, { expectations })])],
    {
      id: EVIL,
      suite: { name: EVIL, file: EVIL, sha256: EVIL },
      command: EVIL,
      problems: [{ text: EVIL, fix: EVIL }],
    },
  );
}

/** A report of a nightly with a past of some nights, and compared with one that had only its first case. */
export async function sampleReport(nightly: NightlyRecord, nights = 5): Promise<string> {
  using history = History.open(':memory:');
  for (let night = 1; night <= nights; night += 1) {
    const startedAt = `2026-11-${String(night).padStart(2, '0')}T01:00:00.000Z`;
    const bench = nightly.benches.map((one) => ({
      ...one,
      // Another firmware each night.
      ...(one.identity === undefined
        ? {}
        : { identity: { ...one.identity, firmwareSha256: String(night).repeat(64) } }),
      footprint: { flash: 30_000 + 100 * night, ram: 31_000, symbols: {} },
    }));
    history.add({ ...nightly, id: `${nightly.id} ${night}`, startedAt, benches: bench });
    history.addCosts({
      schema: 'cockpit-hil/vm-costs',
      version: 1,
      measuredAt: startedAt,
      machine: 'an emulator',
      builds: {
        switch: {
          opcodes: [
            { name: 'PUSH', instructions: 10 + night, cycles: 0 },
            { name: 'ADD', instructions: 12, cycles: 0 },
          ],
          workloads: [],
          compiler: '',
          flags: '',
        },
      },
    });
  }
  const view = resultView(nightly);
  const before = resultView({ ...nightly, id: 'before', cases: [sampleCase('blink')] });
  const comparison = await compareResults(before, view, NO_SOURCES);
  return await htmlReport({ view, history, last: 100, comparison, failed: ['newly-failing'] });
}
