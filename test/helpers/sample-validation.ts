import type { ValidationRecord } from '../../src/results/index.ts';

/** A validation of an emulated board with one step, all well. */
export function sampleValidation(change: Partial<ValidationRecord> = {}): ValidationRecord {
  return {
    schema: 'cockpit-hil/validation',
    version: 1,
    id: 'validation',
    startedAt: '2026-11-20T08:00:00.000Z',
    wallMs: 20_000,
    by: 'Ann',
    attended: true,
    command: 'cockpit-hil validate --bench nucleo --by Ann',
    environment: { node: 'v24.0.0', platform: 'linux-x64', harness: '0.1.0' },
    bench: {
      name: 'nucleo',
      kind: 'nucleo',
      file: 'nucleo',
      ranOn: 'a made-up board, for a test',
    },
    identity: {
      board: 'nucleo_g474re',
      uid: '0123456789abcdef01234567',
      firmware: 'abc',
      firmwareSha256: 'a'.repeat(64),
      elf: 'e'.repeat(40),
      isa: '01234567',
      protocol: 3,
    },
    verdict: { outcome: 'passed', summary: '1 passed, 0 failed, 0 skipped of 1 steps' },
    steps: [
      {
        id: 'identity',
        title: 'who the board is',
        expects: 'the board',
        outcome: 'passed',
        measured: 'uid 0123456789abcdef01234567',
        ms: 5,
        limitMs: 1000,
      },
    ],
    ...change,
  };
}
