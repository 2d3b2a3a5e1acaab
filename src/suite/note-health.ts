import { crashText, type ConnectedBoard } from '../bench/index.ts';
import type { RunRecord } from '../results/index.ts';
import type { BoardHealth } from '../wire/index.ts';
import type { Findings } from './compose-record.ts';

/** What the board said of itself when the run was over, for the record. */
function healthOf({
  reset,
  stack,
  lost,
  crash,
}: BoardHealth): Partial<NonNullable<RunRecord['board']>> {
  return {
    ...(reset === undefined ? {} : { reset }),
    ...(stack === undefined ? {} : { stack }),
    bytesLost: lost,
    ...(crash === undefined ? {} : { crashBefore: crashText(crash) }),
  };
}

/** Adds what the board says of itself when the programs have run. One that doesn't answer any more is found out elsewhere. */
export async function noteHealth({ agent }: ConnectedBoard, findings: Findings): Promise<void> {
  const health = await agent.board().catch(() => undefined);
  if (health === undefined || findings.board === undefined) return;
  findings.board = { ...findings.board, ...healthOf(health) };
}
