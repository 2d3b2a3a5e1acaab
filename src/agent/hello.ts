import { HilError } from '../errors/index.ts';
import { DamageWatch, LostReplyError, type Channel, type Reply } from '../link/index.ts';
import { readReply } from './status.ts';
import {
  decodeValues,
  helloSchema,
  PROTOCOL_VERSION,
  versionSchema,
  type Hello,
} from '../wire/index.ts';

/**
 * Wait for one answer, in milliseconds: at 115200 baud a reply of 300 bytes takes 26 ms, trace chunks of an earlier run that are
 * queued before it 44 ms each.
 */
const HELLO_TIMEOUT_MS = 150;
/** 20 tries of 150 ms are 3 s: the board boots in under 50 ms, the emulator in about 1 s. */
const HELLO_TRIES = 20;

/** How often and how long to ask. */
export interface HelloSettings {
  /** Wait for each answer, in milliseconds. */
  readonly timeoutMs?: number;
  readonly tries?: number;
}

/** Asks the board who it is until it answers. @throws HilError (rig, link or firmware) */
export async function sayHello(channel: Channel, settings: HelloSettings): Promise<Hello> {
  const { timeoutMs = HELLO_TIMEOUT_MS, tries = HELLO_TRIES } = settings;
  const before = seen(channel);
  const watch = new DamageWatch(channel);
  try {
    const decode = ({ fields }: Reply): Hello => identityIn(fields);
    const hello = await readReply(channel, 'HELLO', [], decode, { timeoutMs, tries });
    channel.forgetEvents();
    return hello;
  } catch (error) {
    if (error instanceof LostReplyError) throw silent(channel, before, tries * timeoutMs);
    const damage = watch.seen();
    const blames = error instanceof HilError && error.causeClass === 'firmware';
    if (damage === undefined || !blames) throw error;
    const message = `${error.message}; on a line that showed damage: ${damage}`;
    throw new HilError('link', message, 'check the cable and the baud rate', { cause: error });
  }
}

/** @throws HilError (firmware) when it isn't what this host expects */
function identityIn(fields: readonly string[]): Hello {
  const { proto } = decodeValues('HELLO reply', versionSchema, fields, false);
  if (proto !== PROTOCOL_VERSION)
    throw new HilError(
      'firmware',
      `the board speaks protocol ${proto}, this host ${PROTOCOL_VERSION}`,
      'flash the firmware built from this checkout',
    );
  return decodeValues('HELLO reply', helloSchema, fields, false);
}

interface Seen {
  readonly bytes: number;
  readonly echoes: number;
  readonly frames: number;
  /** Damaged ones. */
  readonly damaged: number;
}

function seen(channel: Channel): Seen {
  const { echoes, strayReplies, events, badFrames: damaged } = channel.counters;
  return { bytes: channel.line.stats.bytesIn, echoes, frames: strayReplies + events, damaged };
}

/** Why nobody may have answered, from what was seen on the line meanwhile. */
function silent(channel: Channel, before: Seen, waitedMs: number): HilError {
  const now = seen(channel);
  const what = `no agent answered HELLO on ${channel.line.name} within ${waitedMs} ms`;
  const bytes = now.bytes - before.bytes;
  if (bytes === 0)
    return new HilError(
      'rig',
      `${what}; not one byte came`,
      'check that this is the board’s port and that the firmware is flashed and running',
    );
  if (now.echoes > before.echoes)
    return new HilError(
      'rig',
      `${what}; the port only sends back what it is sent`,
      'choose the port of the board',
    );
  if (now.damaged > before.damaged)
    return new HilError(
      'link',
      `${what}; ${now.damaged - before.damaged} damaged frames came; ${channel.lastSeen}`,
      'check the cable and the baud rate',
    );
  if (now.frames > before.frames)
    return new HilError(
      'firmware',
      `${what}, although it sends other frames; ${channel.lastSeen}`,
      'reset the board',
    );
  return new HilError(
    'rig',
    `${what}; ${bytes} bytes came that are no reply; ${channel.lastSeen}`,
    'check the baud rate, and that the board runs this project’s firmware',
  );
}
