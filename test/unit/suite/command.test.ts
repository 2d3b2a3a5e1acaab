import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runCommandLine } from '../../../src/suite/command.ts';

const OPTIONS = {
  programs: [{ vm: 0, file: 'sketch.ino' }],
  bench: 'native',
  mode: 'trace',
  clock: 'virtual',
  steps: 1000,
  loops: undefined,
  inputs: undefined,
  firmware: undefined,
} as const;

describe('runCommandLine', () => {
  it('of one program on VM sos', () => {
    expect(runCommandLine(OPTIONS)).toBe(
      'cockpit-hil run sketch.ino --bench native --mode trace --clock virtual --steps 1000',
    );
  });

  it('of several, with everything given', () => {
    const programs = [
      { vm: 0, file: 'a.ino' },
      { vm: 3, file: 'b.ino' },
    ];
    const firmware = resolve('build/agent.elf');
    expect(
      runCommandLine({ ...OPTIONS, programs, loops: 2, inputs: 'seed:7', firmware, clock: 'real' }),
    ).toBe(
      'cockpit-hil run --vm sos=a.ino --vm debug=b.ino --bench native --mode trace --clock real --steps 1000 --loops 2 --inputs seed:7 --firmware build/agent.elf',
    );
  });

  it('of one program on another VM', () => {
    const programs = [{ vm: 1, file: 'a.ino' }];
    expect(runCommandLine({ ...OPTIONS, programs })).toContain('run --vm audio=a.ino --bench');
  });

  it('quotes what a shell would take apart', () => {
    const programs = [{ vm: 0, file: "it's a sketch$.ino" }];
    expect(runCommandLine({ ...OPTIONS, programs })).toContain(`run 'it'\\''s a sketch$.ino' --`);
  });
});
