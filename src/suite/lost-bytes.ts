import type { Agent } from '../agent/index.ts';
import { errorText, HilError } from '../errors/index.ts';
import { REQUEST_TIMEOUT_MS } from '../link/index.ts';
import { breakOffOf } from './break-off.ts';
import type { ProgramOutcome } from './compare-programs.ts';

/** A board that fell silent has had all tries of a request; this tells whether it is there again, and one damaged reply is allowed for. */
const AGAIN = { timeoutMs: REQUEST_TIMEOUT_MS, tries: 2 };

/** Received bytes that a board has lost since its start; undefined when it doesn't say. */
export async function bytesLost(
  agent: Pick<Agent, 'board'>,
  settings?: typeof AGAIN,
): Promise<number | undefined> {
  return agent.board(settings).then(
    ({ lost }) => lost,
    () => undefined,
  );
}

/**
 * Charges a board's silence to the line when the board answers again and says that it has lost bytes in this run: it wasn't asked.
 * @param before {@link bytesLost} at the beginning of the run
 */
export async function blameLine(
  outcomes: readonly ProgramOutcome[],
  agent: Pick<Agent, 'board'>,
  before: number | undefined,
): Promise<ProgramOutcome[]> {
  const isSilent = ({ error }: ProgramOutcome): boolean => breakOffOf(error, error) === 'silent';
  if (before === undefined || !outcomes.some(isSilent)) return [...outcomes];
  const lost = ((await bytesLost(agent, AGAIN)) ?? before) - before;
  if (lost <= 0) return [...outcomes];
  return outcomes.map((outcome) => {
    if (!isSilent(outcome)) return outcome;
    const { error: cause } = outcome;
    const message = `${errorText(cause)}; it answers again, and has lost ${lost} received bytes in this run`;
    const fix = 'check the cable and the baud rate, and that nothing else sends on this line';
    return { ...outcome, error: new HilError('link', message, fix, { cause }) };
  });
}
