import { EMULATED_LACKS, type BenchFile } from '../bench/index.ts';
import type { Hello } from '../wire/index.ts';

/** What a case may need of a bench, and what a bench lacks that has none of it. */
export const NEEDS = {
  adc: 'analog inputs',
  inputs: 'room for scripted inputs in its firmware',
  pins: 'pins that can be watched and driven from outside',
  probe: 'a debug probe',
  'steady-clock': 'a real clock that runs at its pace however busy the host is',
  'analog-out': 'PWM and DAC outputs that a pin really shows',
  watchdog: 'a watchdog that resets the board',
  dwt: 'a cycle counter',
  silicon: 'a real chip',
} as const;
export type Need = keyof typeof NEEDS;

/** What a bench was found to have, once its board has answered. */
export function foundOn(
  kind: BenchFile['kind'],
  parts: {
    readonly hello: Pick<Hello, 'adc' | 'script'>;
    readonly pins: boolean;
    readonly probe: boolean;
  },
): ReadonlySet<Need> {
  // What an emulated chip lacks is a table that tests hold against the emulator; a host process has no peripherals.
  const hardware = (need: Need): boolean =>
    kind === 'nucleo' || (kind === 'emulated' && !EMULATED_LACKS.has(need));
  const has: Record<Need, boolean> = {
    adc: parts.hello.adc,
    inputs: parts.hello.script > 0,
    pins: parts.pins,
    probe: parts.probe,
    // QEMU executes a delay's instructions when the host has time for them; a host process reads the host's clock.
    'steady-clock': kind === 'native' || hardware('steady-clock'),
    'analog-out': hardware('analog-out'),
    watchdog: hardware('watchdog'),
    dwt: hardware('dwt'),
    silicon: kind === 'nucleo',
  };
  return new Set((Object.keys(has) as Need[]).filter((need) => has[need]));
}

/** Needs that a bench doesn't meet, each with what it means. */
export const missingNeeds = (needs: readonly Need[], has: ReadonlySet<Need>): string[] =>
  needs.filter((need) => !has.has(need)).map((need) => `${need} (${NEEDS[need]})`);
