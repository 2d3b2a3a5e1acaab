import type { Channel, Reply } from '../link/index.ts';
import { decodeValues, statusSchema, type Status } from '../wire/index.ts';

/** The status in the reply to a request, with what it tells of the line. */
export function statusIn(channel: Channel, name: string, { fields }: Reply): Status {
  const status = decodeValues(`${name} reply`, statusSchema, fields);
  channel.noteBoardCount(status.badframes);
  return status;
}
