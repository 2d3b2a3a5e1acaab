import { crc32 } from 'node:zlib';
import { HilError } from '../errors/index.ts';
import type { Effect } from '../isa/index.ts';
import {
  REQUEST_TIMEOUT_MS,
  type Channel,
  type Reply,
  type RequestSettings,
} from '../link/index.ts';
import {
  acknowledgement,
  boardSchema,
  commitSchema,
  dataSchema,
  decodeBytesReply,
  decodeValues,
  encodeBytes,
  expectOk,
  rateSchema,
  type BoardHealth,
  type Commit,
  type Hello,
  type Rate,
  type Status,
} from '../wire/index.ts';
import { effectAgain, epochAgain } from './again.ts';
import { digestRun, type DigestItem, type Epoch } from './digest.ts';
import type { RunBounds, RunSettings } from './follow.ts';
import { freeRun } from './free.ts';
import { sayHello, type HelloSettings } from './hello.ts';
import {
  peekRegion,
  peekState,
  peekTrace,
  type ExecutionTraceEntry,
  type Region,
  type VmState,
} from './peek.ts';
import { peekRing, type Ring } from './ring.ts';
import { askStatus, readReply } from './status.ts';
import { traceRun, type TraceItem } from './trace.ts';

/**
 * Image bytes in one DATA request: 480 in base64; with `@Q00 DATA 0 4294967295 ` before and `*0000` and newline after,
 * 509 of the 512 bytes of a line.
 */
export const DATA_BYTES = 360;
/** Bytes in one ECHO: 496 in base64, 512 with the rest of the line. */
export const ECHO_BYTES = 372;
/** Asked once, and waited for as long as for two tries of another request. */
const RATE_ONCE = { tries: 1, timeoutMs: 2 * REQUEST_TIMEOUT_MS };

/** How much of an image was sent, in bytes. */
export type LoadProgress = (progress: { readonly sent: number; readonly total: number }) => void;

/**
 * The firmware agent, as typed calls. All of them reject with a RefusalError when the board says no, and with a HilError of
 * class `link` when it doesn't answer (within 2 s) or the line is closed.
 */
export class Agent {
  readonly channel: Channel;

  constructor(channel: Channel) {
    this.channel = channel;
  }

  /** Asks until the board has booted. @throws HilError (rig) saying what was seen instead of an answer */
  hello(settings: HelloSettings = {}): Promise<Hello> {
    return sayHello(this.channel, settings);
  }

  /**
   * Uploads an image into a VM that isn't running; the VM is reset.
   * @param image without its debug section, which a board has no use for
   * @throws RefusalError with code `bad-image` or `no-room`
   */
  async load(vm: number, image: Uint8Array, onProgress?: LoadProgress): Promise<Commit> {
    const id = String(vm);
    const crc = String(crc32(image));
    expectOk('LOAD reply', await this.#ask('LOAD', [id, String(image.length), crc]));
    for (let offset = 0; offset < image.length; offset += DATA_BYTES) {
      const part = image.subarray(offset, offset + DATA_BYTES);
      const fields = await this.#ask('DATA', [id, String(offset), encodeBytes(part)]);
      const sent = offset + part.length;
      const { next } = decodeValues('DATA reply', dataSchema, fields);
      if (next !== sent)
        throw new HilError('firmware', `the board expects byte ${next} after DATA up to ${sent}`);
      onProgress?.({ sent, total: image.length });
    }
    return decodeValues('COMMIT reply', commitSchema, await this.#ask('COMMIT', [id]));
  }

  /** Keeps the program and clears everything else of a VM that isn't running. */
  async reset(vm: number): Promise<void> {
    expectOk('RESET reply', await this.#ask('RESET', [String(vm)]));
  }

  /** Starts a VM, or lets it go on. To follow a run use {@link trace} or {@link digest}. */
  async go(vm: number, run: RunSettings): Promise<void> {
    const fields = [String(vm), run.mode, run.clock, String(run.steps), String(run.loops)];
    if (run.mode === 'digest') fields.push(String(run.epoch));
    expectOk('GO reply', await this.#ask('GO', fields));
  }

  /** Says that every step below `next` has arrived, and asks how the VM is. */
  async poll(vm: number, next: number): Promise<Status> {
    return this.#status('POLL', [String(vm), String(next)]);
  }

  async status(vm: number): Promise<Status> {
    return this.#status('STATUS', [String(vm)]);
  }

  /** Ends a run between two steps. */
  async stop(vm: number): Promise<Status> {
    return this.#status('STOP', [String(vm)]);
  }

  /** A whole memory region of a VM, as it lies in the board's memory (little-endian). */
  peek(vm: number, region: Region): Promise<Uint8Array> {
    return peekRegion(this.channel, vm, region);
  }

  /** Globals, arrays and both stacks of a VM. The VM should not be running. */
  peekState(vm: number): Promise<VmState> {
    return peekState(this.channel, vm);
  }

  /** The last 16 instructions of a VM's traced run, oldest first; a fault is the last of them. */
  executionTrace(vm: number): Promise<ExecutionTraceEntry[]> {
    return peekTrace(this.channel, vm);
  }

  /** Sends bytes, at most {@link ECHO_BYTES}, and returns what came back. */
  async echo(bytes: Uint8Array, settings: RequestSettings = {}): Promise<Uint8Array> {
    const { fields } = await this.channel.request('ECHO', [encodeBytes(bytes)], settings);
    return decodeBytesReply('ECHO reply', fields);
  }

  /**
   * Changes the rate of the line, at both ends. Asked once: a board that has changed its rate can't be asked again at the old one.
   * @param baud bits per second, at most `rate` of HELLO
   * @throws RefusalError when the board can't make that rate; LostReplyError when the reply was lost: whether it was the request that was,
   * the board's first rate tells once it has gone back to it
   */
  async rate(baud: number): Promise<Rate> {
    const { fields } = await this.channel.request('RATE', [String(baud)], RATE_ONCE);
    const made = decodeValues('RATE reply', rateSchema, fields);
    await this.channel.speed.set(baud, made.back);
    return made;
  }

  /** What the board knows of itself: why it started, its C stack, how the run before ended. @param settings how often it is asked */
  board(settings: RequestSettings = {}): Promise<BoardHealth> {
    const decode = ({ fields }: Reply): BoardHealth =>
      decodeValues('BOARD reply', boardSchema, fields, false);
    return readReply(this.channel, 'BOARD', [], decode, settings);
  }

  /**
   * Starts the board's watchdog, which resets it when the agent's loop stands still for so long. Only a reset stops it.
   * @param ms 100 to 30,000
   * @throws RefusalError with code `unsupported` on a board that has none
   */
  async watchdog(ms: number): Promise<void> {
    expectOk('WATCHDOG reply', await this.#ask('WATCHDOG', [String(ms)]));
  }

  /** Resets the board; say {@link hello} next. @param settings how often it is asked */
  async reboot(settings: RequestSettings = {}): Promise<void> {
    const { speed } = this.channel;
    try {
      const { fields } = await this.channel.request('REBOOT', [], settings);
      expectOk('REBOOT reply', fields);
    } finally {
      // It starts at the first rate.
      if (speed.first !== undefined) await speed.set(speed.first, Infinity);
    }
    this.channel.forgetEvents();
  }

  /**
   * Starts a traced run and yields its effects in order, whatever the line loses, and last how it ended. Leaving early doesn't
   * stop the VM: it pauses when its chunks are full; call {@link stop}.
   * @throws HilError (link) when the line is closed or chunks don't arrive; HilError (firmware) within HANG_DETECT_MS when the
   * board stops answering or says that it runs but does nothing
   */
  trace(vm: number, run: RunBounds): AsyncGenerator<TraceItem, void, undefined> {
    return traceRun(this, vm, run);
  }

  /**
   * Starts a digest run of a VM that was just loaded or reset, and yields its epochs in order, whatever the line loses, and last
   * how it ended. To ask for the next item is to agree with the one before; {@link acknowledge} it so that the board needn't
   * wait. Leaving early doesn't stop the VM: it pauses after two epochs; call {@link stop}. Throws as {@link trace} does.
   * @param run.epoch most steps of an epoch, 1 to `epoch` of HELLO
   */
  digest(
    vm: number,
    run: RunBounds & { readonly epoch: number },
  ): AsyncGenerator<DigestItem, void, undefined> {
    return digestRun(this, vm, run);
  }

  /**
   * Runs a VM without sending anything of its steps, and resolves when it has ended. Throws as {@link trace} does.
   * @param onStatus called about four times a second
   */
  free(vm: number, run: RunBounds, onStatus?: (status: Status) => void): Promise<Status> {
    return freeRun(this, vm, run, onStatus);
  }

  /**
   * Says, without waiting for anything, that every epoch of a digest run below `next` is agreed with. It may get lost; the next
   * one, or a poll of {@link digest}, says the same.
   */
  acknowledge(vm: number, next: number): void {
    this.channel.line.write(acknowledgement(vm, next)).catch(() => undefined);
  }

  /**
   * Has an effect of a traced run sent again, which must not be acknowledged yet: nothing may be asked of {@link trace} meanwhile.
   * @param first first step of the item that it came with
   * @returns undefined when the board doesn't send it again
   */
  effectAgain(vm: number, first: number, step: number): Promise<Effect | undefined> {
    return effectAgain(this, vm, first, step);
  }

  /** Has an epoch of a digest run of epochs of at most `size` steps sent again, as {@link effectAgain} does an effect. */
  epochAgain(vm: number, epoch: Epoch, size: number): Promise<Epoch | undefined> {
    return epochAgain(this, vm, epoch, size);
  }

  /** The ring of a VM's digest run; undefined when it has none. Reads its header; entries are read as they are asked for. */
  ring(vm: number): Promise<Ring | undefined> {
    return peekRing(this.channel, vm);
  }

  async #ask(name: string, fields: readonly string[] = []): Promise<readonly string[]> {
    return (await this.channel.request(name, fields)).fields;
  }

  async #status(name: string, fields: readonly string[]): Promise<Status> {
    return (await askStatus(this.channel, name, fields)).status;
  }
}

/** A typed client of the agent at the other end of a channel. Sends nothing yet. */
export function connectAgent(channel: Channel): Agent {
  return new Agent(channel);
}
