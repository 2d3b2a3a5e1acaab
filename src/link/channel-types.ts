/**
 * How long to wait for a reply before the request is repeated, in milliseconds. At 115200 baud, 8N1 (11,520 bytes/s): request
 * and reply of 512 bytes take 44 ms each, eight trace chunks that are queued before the reply 356 ms, USB polling twice 4 ms;
 * together 452 ms.
 */
export const REQUEST_TIMEOUT_MS = 500;
/** How often a request is sent before it counts as lost: a line that damages one frame in ten loses one request in 10,000 or so. */
export const REQUEST_TRIES = 4;
/** Settings of a channel. */
export interface ChannelSettings {
  readonly firstSeq?: number;
  /** Milliseconds, monotonic. */
  readonly now?: () => number;
  /** What the line carries to the board at least; as at 115200 baud when left out. */
  readonly bytesPerMs?: number;
}

/** How a request is repeated. */
export interface RequestSettings {
  /** Wait after each try, in milliseconds; default {@link REQUEST_TIMEOUT_MS}. */
  readonly timeoutMs?: number;
  /** How often the line is sent, at least 1; default {@link REQUEST_TRIES}. */
  readonly tries?: number;
}

/** The answer to a request. */
export interface Reply {
  readonly fields: readonly string[];
  /** Events received before it: those with an `index` of at most this. */
  readonly eventsBefore: number;
}

/** An event frame. */
export interface ChannelEvent {
  readonly fields: readonly string[];
  /** Counts the events received, from 1. */
  readonly index: number;
  /** Events lost just before this one, by its number; 256 lost in a row look like none. */
  readonly missed: number;
}

/** What passed since the channel was made. */
export interface ChannelCounters {
  readonly requests: number;
  /** Sent again because no reply came in time. */
  readonly repeats: number;
  /** Replies that no request was waiting for: late or doubled. */
  readonly strayReplies: number;
  /** Damaged frames. */
  readonly badFrames: number;
  readonly events: number;
  readonly missedEvents: number;
  /** Requests that came back: something on the line echoes. */
  readonly echoes: number;
  readonly consoleLines: number;
  /** Of these, the ones that are what was left of a frame, or noise. */
  readonly garbled: number;
  /** Requests or replies that never arrived. */
  readonly lostFrames: number;
  /** Replies beyond the copies of a request that were sent. */
  readonly doubledFrames: number;
  /** Damaged frames counted by the board, since it first told. */
  readonly boardBadFrames: number;
  /** Answers that were others when asked for again: damage that a frame's check let pass. */
  readonly contradictions: number;
}
