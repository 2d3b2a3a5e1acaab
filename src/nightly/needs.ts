import type { BenchFile } from '../bench/index.ts';
import type { Hello } from '../wire/index.ts';

/** What a case may need of a bench, and what a bench lacks that has none of it. */
export const NEEDS = {
  adc: 'analog inputs',
  inputs: 'room for scripted inputs in its firmware',
  pins: 'pins that can be watched and driven from outside',
  probe: 'a debug probe',
  'steady-clock': 'a real clock that runs at its pace however busy the host is',
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
  // QEMU counts no cycles, and a host process has no DWT.
  const silicon = kind === 'nucleo';
  const has: Record<Need, boolean> = {
    adc: parts.hello.adc,
    inputs: parts.hello.script > 0,
    pins: parts.pins,
    probe: parts.probe,
    // QEMU executes a delay's instructions when the host has time for them.
    'steady-clock': kind !== 'emulated',
    dwt: silicon,
    silicon,
  };
  return new Set((Object.keys(has) as Need[]).filter((need) => has[need]));
}

/** Needs that a bench doesn't meet, each with what it means. */
export const missingNeeds = (needs: readonly Need[], has: ReadonlySet<Need>): string[] =>
  needs.filter((need) => !has.has(need)).map((need) => `${need} (${NEEDS[need]})`);
