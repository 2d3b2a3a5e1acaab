import { afterEach, describe, expect, it } from 'vitest';
import { DEFAULT_LADDER } from '../../src/bench/index.ts';
import type { RunRecord } from '../../src/results/index.ts';
import { FATAL, HARMLESS, leftBehind, openAccidentBench } from '../helpers/accident-bench.ts';
import { buildDefect } from '../helpers/firmware.ts';

/** What an accident is known by; the board says itself which defect it has. */
interface Accident {
  readonly name: string;
  readonly defect: string;
  /** The C function that a backtrace must show. */
  readonly inFunction: string;
  /** Parts of the fault status in words. */
  readonly fault: readonly RegExp[];
  readonly instruction: string;
  /** What the firmware tells of it after the reset. */
  readonly remembered: RegExp;
}

const ACCIDENTS: readonly Accident[] = [
  {
    name: 'a HardFault in a handler',
    defect: 'HARD_FAULT_IN_MOD',
    inFunction: 'cvm_on_mod',
    fault: [
      /^the core is in HardFault$/,
      /^HFSR FORCED: /,
      /^CFSR PRECISERR: .*, at 0xfffffff0 \(BFAR\)$/,
    ],
    instruction: 'MOD',
    remembered:
      /; the run before crashed at pc 0x080[0-9a-f]{5}, .*HardFault; CFSR PRECISERR: .* 0xfffffff0 \(BFAR\); .*; VM SOS had its turn, after at least \d+ steps$/,
  },
  {
    name: 'an infinite loop in a handler',
    defect: 'HANG_IN_DELAY',
    inFunction: 'cvm_defect_hang',
    fault: [],
    instruction: 'DELAY',
    // It never faulted, and the emulated board has no watchdog.
    remembered: /answered HELLO$/,
  },
  {
    name: 'a C stack overflow',
    defect: 'STACK_OVERFLOW_IN_MOD',
    inFunction: 'crash_stop',
    fault: [
      /^the C stack has overflowed: .* full of calls from go_deeper$/,
      /^the core is in BusFault$/,
      /^CFSR STKERR: /,
    ],
    instruction: 'MOD',
    remembered: /; the run before crashed .*BusFault; .*CFSR STKERR: .*; VM SOS had its turn/,
  },
];

function forensicsOf({ forensics }: RunRecord): NonNullable<RunRecord['forensics']> {
  if (forensics === undefined) throw new Error('the probe was not asked');
  return forensics;
}

describe('a firmware that dies', () => {
  afterEach(async () => {
    expect(await leftBehind()).toEqual([]);
  });

  it.each(ACCIDENTS)(
    '$name: evidence, recovery by a reset, other programs unaffected',
    async ({ defect, inFunction, fault, instruction, remembered }) => {
      await using bench = await openAccidentBench(await buildDefect('nucleo-harness', defect));
      expect((await bench.run(HARMLESS)).verdict).toMatchObject({ outcome: 'passed' });

      const record = await bench.run(FATAL);
      expect(record.board?.defect).toBe(defect);
      expect(record.verdict).toMatchObject({ outcome: 'failed', causeClass: 'firmware' });
      const seen = forensicsOf(record);
      expect(seen).toMatchObject({ core: 'running', flash: 'firmware' });
      expect(seen.backtrace.join('\n')).toContain(` ${inFunction} at firmware/`);
      for (const words of fault) expect(seen.fault).toContainEqual(expect.stringMatching(words));
      if (fault.length === 0) expect(seen.fault).toEqual([]);
      expect(seen.registers).toMatchObject({ pc: expect.stringMatching(/^0x80/) as string });
      expect(record.programs[0]?.lastSteps).toMatchObject({ by: 'ring', how: 'unended' });
      expect(record.programs[0]?.lastSteps?.instruction).toContain(instruction);

      const { recovered, rungs } = await bench.recover();
      expect(recovered).toBe(true);
      expect(rungs.map(({ rung, ok }) => [rung, ok])).toEqual([
        ['reconnect', false],
        ['agent-reset', false],
        ['sysresetreq', true],
      ]);
      // The board itself remembers what it was doing, through the reset.
      expect(rungs.at(-1)?.detail).toMatch(remembered);
      for (const { ms, limitMs } of rungs) expect(ms).toBeLessThanOrEqual(limitMs);
      expect((await bench.run(HARMLESS)).verdict).toMatchObject({ outcome: 'passed' });
    },
  );

  it('a power cycle takes the memory with it: the probe has read the crash before', async () => {
    const defect = await buildDefect('nucleo-harness', 'HARD_FAULT_IN_MOD');
    await using bench = await openAccidentBench(defect);
    expect((await bench.run(FATAL)).verdict).toMatchObject({ outcome: 'failed' });
    const { rungs } = await bench.recover(
      DEFAULT_LADDER.filter(({ rung }) => rung === 'power-cycle'),
    );
    expect(rungs).toMatchObject([{ rung: 'power-cycle', ok: true }]);
    expect(rungs[0]?.detail).toMatch(
      /; the run before crashed at pc 0x080[0-9a-f]{5}, .*HardFault; .*; VM SOS had its turn, .* \(read by the debug probe before the reset\)$/,
    );
  });

  it('each rung that resets the board brings it back by itself', async () => {
    const defect = await buildDefect('nucleo-harness', 'HANG_IN_DELAY');
    await using bench = await openAccidentBench(defect);
    const rungs = DEFAULT_LADDER.filter(
      ({ rung }) => !['reconnect', 'agent-reset', 'sysresetreq'].includes(rung),
    );
    for (const rung of rungs) {
      expect((await bench.run(FATAL)).verdict).toMatchObject({ outcome: 'failed' });
      const climb = await bench.recover(
        [DEFAULT_LADDER[0], rung].filter((one) => one !== undefined),
      );
      expect(climb.rungs.map(({ rung: name, ok }) => [name, ok])).toEqual([
        ['reconnect', false],
        [rung.rung, true],
      ]);
    }
    expect((await bench.run(HARMLESS)).verdict).toMatchObject({ outcome: 'passed' });
    // An agent that answers resets the board itself.
    const asked = DEFAULT_LADDER.filter(({ rung }) => rung === 'agent-reset');
    expect((await bench.recover(asked)).recovered).toBe(true);
    expect((await bench.run(HARMLESS)).verdict).toMatchObject({ outcome: 'passed' });
  });
});
