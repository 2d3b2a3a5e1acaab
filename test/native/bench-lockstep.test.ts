import { describe, expect, it } from 'vitest';
import { cockpitHil } from '../helpers/cli.ts';

/** Digest and traced runs of some seconds each when the machine is busy. */
const LIMIT_MS = 120_000;

describe('bench lockstep', { timeout: LIMIT_MS }, () => {
  it('prints rates and costs of each mode on the native bench, which has no probe', async () => {
    const args = ['bench', 'lockstep', '--bench', 'native', '--require'];
    const { code, stdout, stderr, survivors } = await cockpitHil(args);
    expect(survivors).toEqual([]);
    expect(stdout).toContain('Verified steps a second on a process of this machine');
    const rows = new Map(
      [...stdout.matchAll(/^(\S+) +([\d,]+) +([\d.]+) % +(\S+)$/gm)].map(
        ([, name = '', rate = '', share = '', bytes = '']) => [name, { rate, share, bytes }],
      ),
    );
    expect([...rows.keys()]).toEqual(['free', 'digest', 'trace']);
    for (const { rate } of rows.values()) expect(rate).toMatch(/^[1-9][\d,]*$/);
    expect(rows.get('free')).toMatchObject({ share: '100.000', bytes: '-' });
    // A checkpoint and its acknowledgement for 4,096 steps, against at least an opcode and a value for each step.
    expect(Number(rows.get('digest')?.bytes)).toBeGreaterThan(0);
    expect(Number(rows.get('digest')?.bytes)).toBeLessThanOrEqual(0.02);
    expect(Number(rows.get('trace')?.bytes)).toBeGreaterThan(2);

    // What a line of each speed carries: in proportion to the speed, for what was sent at all.
    const limits = [...stdout.matchAll(/^(baud|digest|trace) +([\d,]+) +([\d,]+) +([\d,]+)$/gm)];
    expect(limits.map(([, name]) => name)).toEqual(['baud', 'digest', 'trace']);
    const figures = limits.map(([, , ...cells]) =>
      cells.map((it) => Number(it.replaceAll(',', ''))),
    );
    expect(figures[0]).toEqual([115_200, 921_600, 2_000_000]);
    for (const [slow = 0, middle = 0, fast = 0] of figures) {
      expect(slow).toBeGreaterThan(0);
      expect(middle / slow).toBeCloseTo(8, 1);
      expect(fast / slow).toBeCloseTo(2_000_000 / 115_200, 1);
    }

    // Whether a rate is met depends on the machine; what is sent doesn't.
    const targets = [...stdout.matchAll(/^(met|MISSED) +digest: (.*)$/gm)];
    expect(targets).toHaveLength(3);
    expect(targets[2]?.[1]).toBe('met');
    expect(targets[2]?.[2]).toContain('bytes on the line for a step');
    expect(stdout).not.toContain('GDB');
    const missed = targets.filter(([, how]) => how === 'MISSED').length;
    expect(code).toBe(missed === 0 ? 0 : 1);
    expect(stderr).toBe(
      missed === 0 ? '' : `error: ${missed} of 3 aims missed, and --require asks for all`,
    );
  });
});
