import type { Effect } from '../../src/isa/index.ts';
import type { Line } from '../../src/link/index.ts';
import { FakeDigest, type FakeDigestSettings } from './fake-digest.ts';
import { lossyLine } from './noisy-line.ts';
import {
  decodeBytes,
  encodeBytes,
  encodeEffects,
  encodeFrame,
  parseLine,
  type Frame,
} from '../../src/wire/index.ts';

const WINDOW = 8;

/** What goes wrong on the way from the board: the texts to send instead of one line (newline included). */
export type Fault = (line: string) => readonly string[];

/** Settings of {@link FakeAgent}. */
export interface FakeSettings {
  /** What a run does, from step `firstStep` on. */
  readonly effects?: readonly Effect[];
  /** Effects in one chunk. */
  readonly chunk?: number;
  /** Steps executed before the run. */
  readonly firstStep?: number;
  /** Changes status replies. */
  readonly status?: (values: Record<string, string | number>) => Record<string, string | number>;
  readonly fault?: Fault;
  /** Milliseconds that a chunk takes to leave; 0 when left out. */
  readonly chunkMs?: number;
  /** What a digest run sends besides. */
  readonly digest?: FakeDigestSettings;
  /** A region's bytes; other ones count up. */
  readonly peek?: (region: string) => Uint8Array | undefined;
}

/** The board's side of docs/wire.md, in memory, for VM 0 alone: executes a run at once and sends it under flow control. */
export class FakeAgent {
  /** Names of the requests executed, in order; repeated ones are answered without being executed. */
  readonly executed: string[] = [];
  /** The acknowledgements received outside of frames. */
  readonly acknowledgements: number[] = [];
  /** All request frames received, executed or not. */
  readonly received: Frame[] = [];
  image = new Uint8Array(0);
  /** How a request is answered; the fault of a silent board is undefined. */
  answer: (fields: readonly string[]) => readonly string[] | undefined;
  state = 'loaded';
  steps: number;
  us = 0;
  readonly #line: Line;
  readonly #settings: FakeSettings;
  readonly #chunks: { first: number; effects: readonly Effect[] }[] = [];
  #eventSeq = 0;
  #acknowledged: number;
  #sentChunks = 0;
  #done = false;
  #digest: FakeDigest | undefined;
  #timer: NodeJS.Timeout | undefined;
  #cache: { key: string; reply: string } | undefined;

  constructor(line: Line, settings: FakeSettings = {}) {
    this.#line = line;
    this.#settings = settings;
    this.steps = settings.firstStep ?? 0;
    this.#acknowledged = this.steps;
    this.answer = (fields) => this.execute(fields);
    line.onLine((text) => {
      this.#receive(text);
    });
  }

  /** Sends an event now. */
  event(...fields: string[]): void {
    this.transmit(encodeFrame({ type: 'E', seq: this.#eventSeq, fields }));
    this.#eventSeq = (this.#eventSeq + 1) & 0xff;
  }

  /** Sends a line through the fault. */
  transmit(line: string): void {
    for (const text of this.#settings.fault?.(line) ?? [line])
      void this.#line.write(text).catch(() => undefined);
  }

  execute(fields: readonly string[]): readonly string[] {
    const [name, , ...rest] = fields;
    switch (name) {
      case 'HELLO':
        return HELLO;
      case 'BOARD':
        return [
          'reset=pin,software',
          'stack=3072',
          'used=712',
          'lost=0',
          'watchdog=0',
          'vdda=3298',
        ];
      case 'ECHO':
        return [fields[1] ?? ''];
      case 'LOAD':
        this.image = new Uint8Array(Number(rest[0]));
        return ['ok'];
      case 'DATA': {
        const bytes = decodeBytes(rest[1] ?? '') ?? new Uint8Array(0);
        this.image.set(bytes, Number(rest[0]));
        return ['ok', `next=${Number(rest[0]) + bytes.length}`];
      }
      case 'COMMIT':
        return ['ok', 'instructions=7', 'strings=2'];
      case 'PEEK': {
        const offset = Number(rest[1]);
        const bytes =
          rest[0] === 'ring' ? this.#digest?.ring() : this.#settings.peek?.(rest[0] ?? '');
        if (bytes !== undefined)
          return [encodeBytes(bytes.subarray(offset, offset + Number(rest[2])))];
        return [
          encodeBytes(Uint8Array.from({ length: Number(rest[2]) }, (_, i) => (offset + i) & 0xff)),
        ];
      }
      case 'GO':
        if (rest[0] === 'digest') this.#goDigest(Number(rest[4]));
        else this.#go();
        return ['ok'];
      case 'POLL':
        return this.#poll(Number(rest[0]));
      case 'STOP':
        this.#digest?.stop();
        return this.#status();
      case 'STATUS':
        return this.#status();
      default:
        return ['ok'];
    }
  }

  /**
   * The host's end of the line, with this board at the other one. Acknowledgements have no newline, so they don't come through
   * the board's own end.
   */
  hostLine(host: Line): Line {
    return lossyLine(host, {
      out: (text) => {
        const byte = text.charCodeAt(0);
        if (byte < 0x80) return text;
        this.acknowledgements.push(byte);
        if (this.#settings.digest?.deaf !== true) this.#digest?.acknowledge(byte);
        this.#pump();
        return undefined;
      },
    });
  }

  #receive(text: string): void {
    const parsed = parseLine(text);
    if (parsed.kind !== 'frame') return;
    this.received.push(parsed.frame);
    const { seq, fields } = parsed.frame;
    if (this.#cache?.key === text) {
      this.transmit(this.#cache.reply);
      return;
    }
    this.executed.push(fields[0] ?? '');
    const reply = this.answer(fields);
    if (reply === undefined) return;
    const refused = reply[0] === 'X';
    const line = encodeFrame({
      type: refused ? 'X' : 'R',
      seq,
      fields: refused ? reply.slice(1) : reply,
    });
    this.#cache = { key: text, reply: line };
    this.transmit(line);
    this.#pump();
  }

  #go(): void {
    const { effects = [], chunk = 3 } = this.#settings;
    for (let at = 0; at < effects.length; at += chunk)
      this.#chunks.push({ first: (this.steps + at) >>> 0, effects: effects.slice(at, at + chunk) });
    this.steps = (this.steps + effects.length) >>> 0;
    this.state = 'done';
  }

  #goDigest(size: number): void {
    const { effects = [], digest = {} } = this.#settings;
    this.#digest = new FakeDigest(effects, size, digest);
    this.state = 'running';
  }

  #poll(next: number): readonly string[] {
    if (this.#digest !== undefined) {
      if (!this.#digest.poll(next)) return ['X', 'bad-request', 'never_sent'];
      return this.#status();
    }
    if (((next - this.#sentBelow()) | 0) > 0) return ['X', 'bad-request', 'never_sent'];
    let freed = 0;
    for (
      let oldest = this.#chunks[0];
      oldest && this.#sentChunks > 0 && ((next - oldest.first) | 0) >= oldest.effects.length;
      oldest = this.#chunks[0]
    ) {
      this.#chunks.shift();
      this.#sentChunks -= 1;
      freed += 1;
    }
    if (freed === 0) this.#sentChunks = 0;
    this.#acknowledged = next;
    return this.#status();
  }

  #sentBelow(): number {
    const last = this.#chunks[this.#sentChunks - 1];
    return last === undefined ? this.#acknowledged : (last.first + last.effects.length) >>> 0;
  }

  /** Sends chunks while the window has room, and then the end. */
  #pump(): void {
    if (this.#digest !== undefined) {
      for (const event of this.#digest.events(String(this.us))) this.event(...event);
      this.#follow(this.#digest);
      return;
    }
    const { chunkMs } = this.#settings;
    if (chunkMs !== undefined) {
      if (this.#timer !== undefined) return;
      this.#timer = setTimeout(() => {
        this.#timer = undefined;
        this.#sendChunk();
        this.#sendEnd();
        if (this.#sentChunks < Math.min(WINDOW, this.#chunks.length)) this.#pump();
      }, chunkMs);
      return;
    }
    while (this.#sendChunk());
    this.#sendEnd();
  }

  /** True when there was one to send. */
  #sendChunk(): boolean {
    if (this.#sentChunks >= WINDOW) return false;
    const chunk = this.#chunks[this.#sentChunks];
    if (chunk === undefined) return false;
    this.#sentChunks += 1;
    const { first, effects } = chunk;
    const [count, us] = [String(effects.length), String(this.us)];
    this.event('TRACE', '0', String(first), count, us, encodeBytes(encodeEffects(effects)));
    return true;
  }

  #follow(digest: FakeDigest): void {
    this.steps = digest.steps;
    if (digest.done) this.state = 'done';
    if (!digest.done || this.#done) return;
    this.#done = true;
    this.event('DONE', '0', 'halted', String(this.steps), '9', '0');
  }

  #sendEnd(): void {
    if (this.state !== 'done' || this.#done || this.#sentChunks < this.#chunks.length) return;
    this.#done = true;
    this.event('DONE', '0', 'halted', String(this.steps), '9', '0');
  }

  #status(): readonly string[] {
    this.us += 1000;
    const plain = {
      state: this.state,
      reason: this.state === 'done' ? 'halted' : 'none',
      steps: this.steps,
      rounds: 0,
      pc: 9,
      sp: 0,
      depth: 0,
      error: 0,
      sent: this.#digest?.sent ?? this.#sentBelow(),
      badframes: 0,
      us: this.us,
    };
    const values = this.#settings.status?.(plain) ?? plain;
    return ['ok', ...Object.entries(values).map(([key, value]) => `${key}=${value}`)];
  }
}

/** Fields of the fake board's HELLO reply. */
export const HELLO = [
  'proto=4',
  'fw=0123abcd',
  'build=harness',
  'defect=none',
  'isa=89abcdef',
  `elf=${'0'.repeat(40)}`,
  'board=fake',
  `uid=${'0'.repeat(24)}`,
  'clock=170000000',
  'line=512',
  'arena=24576',
  'chunks=8',
  'vms=4',
  'vmbytes=5080',
  'epoch=4096',
  'traced=1',
  'adc=1',
];
