import { run } from '../vm/index.ts';
import type { Status } from '../wire/index.ts';
import { ModelSide, type ModelSettings } from './model-side.ts';
import type { LockstepSettings } from './settings.ts';

/** Steps between two turns of the event loop: about 20 ms. */
const SLICE = 1_000_000;

/** A free run and the model after as many steps. */
export interface FreeRun {
  readonly status: Status;
  readonly model: ModelSide;
  readonly printed: readonly Uint8Array[];
  /** Whether the program read something, so that nothing is known of what the model should have done. */
  readonly reads: boolean;
}

/** Runs the board to the end without comparing a step, then the model as far. */
export async function runFree(
  settings: LockstepSettings,
  modelSettings: ModelSettings,
): Promise<FreeRun> {
  const { agent, vm, program, clock, steps, loops, onProgress } = settings;
  const status = await agent.free(vm, { clock, steps, loops }, (so) =>
    onProgress?.({ steps: so.steps, rounds: so.rounds }),
  );
  const printed: Uint8Array[] = [];
  const seen = { reads: false };
  const model = new ModelSide(program, modelSettings, {
    input: () => {
      seen.reads = true;
      return 0;
    },
    print: (text) => {
      printed.push(text);
    },
  });
  // A fault takes no step of its own: one more is what raises it.
  const count = status.steps + (status.error === 0 ? 0 : 1);
  for (let made = 0; made < count && !seen.reads && model.ended === undefined; made += SLICE) {
    run(model.engine, Math.min(SLICE, count - made));
    await new Promise((resolve) => setImmediate(resolve));
  }
  onProgress?.({ steps: status.steps, rounds: status.rounds });
  return { status, model, printed, reads: seen.reads };
}
