import { errorText } from '../errors/index.ts';
import { VM_NAMES } from '../isa/index.ts';
import { faultLines } from '../probe/index.ts';
import type { Agent } from '../agent/index.ts';
import type { BoardCrash, BoardHealth } from '../wire/index.ts';

const hex = (value: number): string => `0x${value.toString(16).padStart(8, '0')}`;

/** How the run before a board's start ended, in a sentence without its full stop. */
export function crashText(crash: BoardCrash): string {
  const { exception, pc, lr, sp, vm, steps } = crash;
  const turn =
    vm === undefined
      ? 'no VM had its turn'
      : `VM ${VM_NAMES[vm] ?? vm} had its turn, after at least ${steps ?? 0} steps`;
  if (exception === 0) return `the run before was ended by the watchdog; ${turn}`;
  // The number of the exception is in the lowest nine bits of xPSR while it is handled (ARMv7-M ARM B1.4.2).
  const words = faultLines({ ...crash, dfsr: 0 }, exception);
  const where = pc === 0 ? 'at an unknown place' : `at pc ${hex(pc)}, lr ${hex(lr)}`;
  const status = words.length === 0 ? `exception ${exception}` : words.join('; ');
  return `the run before crashed ${where}, sp ${hex(sp)}: ${status}; ${turn}`;
}

/** What a board says of itself, for a person; nothing that it can't tell. */
export function healthText({ reset, stack, lost, vdda, crash }: BoardHealth): string {
  const parts = [
    reset === undefined ? 'does not know why it was reset' : `reset by ${reset.join(', ') || '?'}`,
    ...(stack === undefined ? [] : [`${stack.used} of ${stack.size} bytes of stack used`]),
    `${lost} received bytes lost`,
    ...(vdda === undefined ? [] : [`VDDA ${vdda} mV`]),
    ...(crash === undefined ? [] : [crashText(crash)]),
  ];
  return parts.join('; ');
}

/**
 * What is worth knowing of the run before, from a board that has just started; empty when that didn't crash.
 * @param seen what the probe read of a crash before the board was reset: a second start, a flash loader or a power cut leaves nothing of it
 */
export async function crashNote(
  agent: Pick<Agent, 'board'>,
  seen: BoardCrash | undefined,
): Promise<string> {
  const before =
    seen === undefined ? '' : `; ${crashText(seen)} (read by the debug probe before the reset)`;
  try {
    const { crash } = await agent.board();
    return crash === undefined ? before : `; ${crashText(crash)}`;
  } catch (error) {
    if (before !== '') return before;
    return `; what became of the run before is not known: ${errorText(error)}`;
  }
}
