import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { cockpitHil } from '../helpers/cli.ts';

const answerSchema = z.object({
  ok: z.boolean(),
  bench: z.string().optional(),
  checks: z.array(
    z.object({ name: z.string(), state: z.enum(['ok', 'warn', 'FAIL']), found: z.string() }),
  ),
});

describe('cockpit-hil doctor', () => {
  it('talks to the board of a bench: identity and what comes back over the line', async () => {
    const { code, stdout, survivors } = await cockpitHil(['doctor', '--bench', 'native', '--json']);
    const answer = answerSchema.parse(JSON.parse(stdout));
    expect(answer.checks.filter(({ state }) => state === 'FAIL')).toEqual([]);
    expect(answer).toMatchObject({ ok: true, bench: 'native' });
    const line = answer.checks.find(({ name }) => name === 'line');
    expect(line?.found).toContain('2744 bytes of 4 patterns went and came back unchanged');
    expect(answer.checks.find(({ name }) => name === 'firmware')?.state).toBe('ok');
    expect(code).toBe(0);
    expect(survivors).toEqual([]);
  });

  it('exit code 2 and what mends it when a bench can’t be opened', async () => {
    const { code, stdout } = await cockpitHil(['doctor', '--bench', 'nucleo'], {
      env: { COCKPIT_SERIAL: '/dev/no-such-port' },
    });
    expect(code).toBe(2);
    expect(stdout).toMatch(/^FAIL {2}serial port +there is no \/dev\/no-such-port$/m);
    expect(stdout).toContain('fix: plug the board in, or correct COCKPIT_SERIAL');
    expect(stdout).toMatch(/ to mend$/m);
  });

  it('boards says what is plugged in', async () => {
    const { code, stdout } = await cockpitHil(['boards', '--json']);
    expect(code).toBe(0);
    const seen = z.object({ usbListed: z.boolean(), probes: z.array(z.unknown()) });
    expect(seen.safeParse(JSON.parse(stdout)).success).toBe(true);
  });
});
