import type { BoardHealth, ProgramResult, RunRecord } from '../results/index.ts';
import { seconds } from './text.ts';

/** Steps that were compared as it ran and, of a board that died, those found right afterwards. */
export function stepsKnown({ stepsCompared, lastSteps }: ProgramResult): number {
  return Math.max(stepsCompared, lastSteps?.step ?? 0);
}

/** `40 compared, 16 of them as it ran, the rest afterwards by reruns` */
function stepsText(program: ProgramResult): string {
  const { stepsCompared, lastSteps } = program;
  const known = stepsKnown(program);
  if (known === stepsCompared) return `${known} compared`;
  const by = lastSteps?.by === 'ring' ? "by the ring in the board's memory" : 'by reruns';
  return stepsCompared === 0
    ? `${known} compared, afterwards ${by}`
    : `${known} compared, ${stepsCompared} of them as it ran, the rest afterwards ${by}`;
}

/** How much of a program was compared: its steps, and the state that it left behind. */
export function comparedText(program: ProgramResult): string {
  const { finalState } = program;
  const state =
    finalState === undefined ? '' : `, final state ${finalState.wordsCompared} words compared`;
  return `${stepsText(program)}${state}`;
}

/** What ended a program, in words; undefined when it didn't come to its end. */
export function endText({ stopReason, rounds }: ProgramResult): string | undefined {
  switch (stopReason) {
    case 'steps':
      return 'ended by the budget of steps';
    case 'loops':
      return `ended after ${rounds} round${rounds === 1 ? '' : 's'} of loop()`;
    case 'halted':
      return 'the program came to its end';
    case 'fault':
    case 'stopped':
    case undefined:
      return undefined;
  }
}

/** A phase that ended sooner would stand there with 0.0 s. */
const PHASE_SHOWN_MS = 50;

/** What the whole took and its phases; looking into a board that died is part of the triage. */
export function timeText({ wallMs, timing }: Pick<RunRecord, 'wallMs' | 'timing'>): string {
  const phases = new Map<string, number>();
  for (const { phase, ms } of timing) {
    const name = phase === 'autopsy' ? 'triage' : phase;
    phases.set(name, (phases.get(name) ?? 0) + ms);
  }
  const shown = [...phases].filter(([, ms]) => ms >= PHASE_SHOWN_MS);
  const texts = shown.map(([phase, ms]) => `${phase} ${seconds(ms)}`);
  return `${seconds(wallMs)} wall${texts.length === 0 ? '' : ` (${texts.join(', ')})`}`;
}

/** `reset by pin, software; 712 of 3072 bytes of C stack used at most; 0 received bytes lost`; nothing of what a board can't tell. */
export function healthText({ resets, stack, bytesLost }: BoardHealth): string {
  const known = resets.flatMap((flags) =>
    flags === undefined ? [] : [`reset by ${flags.join(', ') || 'no known cause'}`],
  );
  const parts = [
    ...(known.length === 0 ? ["can't tell why it was reset"] : known),
    ...(stack === undefined
      ? []
      : [`${stack.used} of ${stack.size} bytes of C stack used at most`]),
    `${bytesLost} received byte${bytesLost === 1 ? '' : 's'} lost`,
  ];
  return parts.join('; ');
}
