import { REGION_BYTES, type Agent } from '../agent/index.ts';
import type { Snapshot } from '../vm/index.ts';
import type { Status } from '../wire/index.ts';
import type { ModelSide } from './model-side.ts';

/** Why a run without a divergence is not simply good: board and model ended differently. */
export interface EndMismatch {
  readonly expected: string;
  readonly actual: string;
}

/** How many steps and rounds a run was allowed; `loops` 0 = no such limit. */
interface Budget {
  readonly steps: number;
  readonly loops: number;
}

/** What the model says must have ended the run after these steps, in the order in which the board judges it. */
function expectedEnd(model: ModelSide, steps: number, budget: Budget): string {
  if (model.ended !== undefined) return model.ended;
  if (steps > budget.steps) return `steps, ${steps - budget.steps} earlier`;
  if (steps === budget.steps) return 'steps';
  const rounds = budget.loops === 0 ? Infinity : budget.loops;
  if (model.rounds > rounds) return `loops, ${model.rounds - rounds} earlier`;
  return model.atRound && model.rounds === rounds ? 'loops' : 'still running';
}

/**
 * Compares how board and model ended after the same steps. A board that stops early, or for another reason than the program and
 * the budgets give, is wrong even if all its steps are right.
 */
export function judgeEnd(
  model: ModelSide,
  steps: number,
  budget: Budget,
  status: Status,
): EndMismatch | undefined {
  const { pc, error, executed } = model.engine;
  const why = expectedEnd(model, steps, budget);
  const ends = [
    { why, rounds: model.rounds >>> 0, pc, error, executed: executed >>> 0 },
    { ...status, why: status.reason, executed: status.steps },
  ] as const;
  const miscounted = ends[0].executed !== ends[1].executed;
  const [expected, actual] = ends.map((end) => {
    const code = end.error === 0 ? '' : ` ${end.error}`;
    const count = miscounted ? ` after ${end.executed} executed instructions` : '';
    return `${end.why}${code} in round ${end.rounds} of loop() at pc ${end.pc}${count}`;
  });
  if (expected === undefined || actual === undefined || expected === actual) return undefined;
  return { expected, actual };
}

/** Reads the state regions of a VM; of the stacks, the part that is in use. */
export async function readState(agent: Agent, vm: number, status: Status): Promise<Snapshot> {
  const stack = await agent.peek(vm, 'stack');
  const frames = await agent.peek(vm, 'frames');
  const frameBytes = REGION_BYTES.frames;
  return {
    globals: await agent.peek(vm, 'globals'),
    arrays: await agent.peek(vm, 'arrays'),
    lengths: await agent.peek(vm, 'lengths'),
    stack: stack.subarray(0, Math.min(stack.length, status.sp * 4)),
    frames: frames.subarray(0, Math.min(frameBytes, status.depth * 8)),
  };
}
