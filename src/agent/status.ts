import { HilError } from '../errors/index.ts';
import type { Channel, Reply, RequestSettings } from '../link/index.ts';
import { decodeValues, statusSchema, type Status } from '../wire/index.ts';

/**
 * Sends a request that may be executed twice, and reads its reply. A reply that can't be read is asked for again, since one damaged
 * frame in 65,536 passes its check: a board that means it says it twice.
 * @throws as `decode` and {@link Channel.request} do
 */
export async function readReply<T>(
  channel: Channel,
  name: string,
  fields: readonly string[],
  decode: (reply: Reply) => T,
  settings: RequestSettings = {},
): Promise<T> {
  const first = await channel.request(name, fields, settings);
  try {
    return decode(first);
  } catch (error) {
    if (!(error instanceof HilError)) throw error;
    const second = decode(await channel.request(name, fields, settings));
    channel.noteContradiction();
    return second;
  }
}

/** Sends a request that is answered with a status, and notes what that tells of the line. */
export async function askStatus(
  channel: Channel,
  name: string,
  fields: readonly string[],
): Promise<{ readonly status: Status; readonly eventsBefore: number }> {
  const answer = await readReply(channel, name, fields, (reply) => ({
    status: decodeValues(`${name} reply`, statusSchema, reply.fields),
    eventsBefore: reply.eventsBefore,
  }));
  channel.noteBoardCount(answer.status.badframes);
  return answer;
}
