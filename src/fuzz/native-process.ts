import { HilError } from '../errors/index.ts';
import { OwnedChild, withDeadline } from '../process/index.ts';

/**
 * Longest wait for one answer: 2 runs of 8,192 steps at no more than 5 us under sanitizers are 82 ms; sixty times that for a
 * machine that is busy with other things.
 */
const ANSWER_MS = 5000;
/** Of what the process says on standard error, the last that is kept: a sanitizer's report has its summary at the end. */
const STDERR_KEPT = 8192;

/** The process died or didn't answer; `report` is what it said on standard error. */
export class NativeFailure extends Error {
  readonly report: string;

  constructor(message: string, report: string) {
    super(message);
    this.name = 'NativeFailure';
    this.report = report;
  }
}

interface Pending {
  readonly resolve: (answer: Buffer) => void;
  readonly reject: (error: unknown) => void;
}

/** One life of the process. */
interface Life {
  readonly child: OwnedChild;
  readonly pending: Pending[];
  stderr: string;
}

/** A host program of firmware/fuzz: started when it is first asked, and again after it died. */
export class NativeProcess implements AsyncDisposable {
  readonly #path: string;
  #life: Promise<Life> | undefined;

  constructor(path: string) {
    this.#path = path;
  }

  /**
   * Sends a request. Several may be under way; answers come in order.
   * @returns the answer without its length
   * @throws NativeFailure when the process died or was too slow; the next request starts a new one
   */
  async ask(request: Uint8Array): Promise<Buffer> {
    this.#life ??= this.#start();
    const life = await this.#life;
    const answer = new Promise<Buffer>((resolve, reject) => {
      life.pending.push({ resolve, reject });
    });
    life.child.stdin.write(request);
    try {
      return await withDeadline(answer, ANSWER_MS, 'the native executor', 'firmware');
    } catch (error) {
      if (!(error instanceof HilError)) throw error;
      await this.#end(life);
      throw new NativeFailure(`no answer within ${ANSWER_MS} ms: it hangs`, life.stderr);
    }
  }

  async #start(): Promise<Life> {
    const child = await OwnedChild.start(this.#path, [], {
      // A report on standard error and exit code 1, whatever the caller's environment says.
      env: { ASAN_OPTIONS: 'abort_on_error=0:detect_leaks=0', UBSAN_OPTIONS: 'print_stacktrace=1' },
    });
    const life: Life = { child, pending: [], stderr: '' };
    // A process that dies while it is written to is reported by its end.
    child.stdin.on('error', () => undefined);
    child.stderr.on('data', (text: Buffer) => {
      life.stderr = (life.stderr + text.toString()).slice(-STDERR_KEPT);
    });
    readAnswers(child.stdout, (answer) => life.pending.shift()?.resolve(answer));
    void child.exited.then(({ code, signal }) => {
      this.#life = undefined;
      const how = signal ?? `exit code ${code ?? 'unknown'}`;
      for (const { reject } of life.pending.splice(0)) {
        reject(new NativeFailure(`it died (${how})`, life.stderr));
      }
    });
    return life;
  }

  async #end(life: Life): Promise<void> {
    this.#life = undefined;
    for (const { reject } of life.pending.splice(0)) {
      reject(new NativeFailure('it was ended', life.stderr));
    }
    await life.child.stop();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const life = await this.#life;
    if (life !== undefined) await this.#end(life);
  }
}

/** Numbers as the programs read them: u32, little-endian. */
export function littleEndianWords(words: readonly number[]): Buffer {
  const bytes = Buffer.alloc(4 * words.length);
  for (const [index, word] of words.entries()) bytes.writeUInt32LE(word >>> 0, 4 * index);
  return bytes;
}

/** Cuts a stream of length-prefixed answers. */
function readAnswers(stream: NodeJS.ReadableStream, take: (answer: Buffer) => void): void {
  let parts: Buffer[] = [];
  let length = 0;
  stream.on('data', (part: Buffer) => {
    parts.push(part);
    length += part.length;
    if (length < 4) return;
    let all = parts.length === 1 ? part : Buffer.concat(parts);
    while (all.length >= 4 && all.length >= 4 + all.readUInt32LE(0)) {
      const end = 4 + all.readUInt32LE(0);
      take(all.subarray(4, end));
      all = all.subarray(end);
    }
    parts = [all];
    length = all.length;
  });
}
