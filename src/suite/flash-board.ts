import type { Rig } from '../bench/index.ts';
import type { RunRecord } from '../results/index.ts';
import type { RunObserver } from './observer.ts';

/** Phases of flashing that take long enough to be announced. */
const SLOW_PHASES: ReadonlySet<string> = new Set(['write', 'verify']);

/** Puts the firmware on a rig's board unless it holds it already. @returns undefined on a rig without a probe */
export async function flashBoard(
  rig: Rig,
  observer: Pick<RunObserver, 'phase'>,
): Promise<RunRecord['flash']> {
  if (rig.probe === undefined) return undefined;
  const from = performance.now();
  const done = await rig.probe.flash((phase) => {
    if (SLOW_PHASES.has(phase)) observer.phase('flash', phase);
  });
  const { action, bytes, imageSha256, boardSha256Before } = done;
  const hash = imageSha256.slice(0, 12);
  observer.phase(
    'flash',
    action === 'skipped'
      ? `skipped: the board holds this firmware already (${bytes} bytes, SHA-256 ${hash})`
      : `${bytes} bytes written and verified by OpenOCD, board reset (SHA-256 ${hash}, before ${boardSha256Before.slice(0, 12)})`,
  );
  return { action, bytes, imageSha256, boardSha256Before, ms: performance.now() - from };
}
