import { decodeAnswer, type Answer } from './answer.ts';
import { littleEndianWords, NativeProcess } from './native-process.ts';

/** What the native executor is asked. */
export interface NativeRequest {
  readonly image: Uint8Array;
  readonly inputs: number;
  /** 0 = only judge the image. */
  readonly steps: number;
  readonly rounds: number;
}

/** The C engine as firmware/fuzz/effects_main.c wraps it. */
export class NativeExecutor implements AsyncDisposable {
  readonly #process: NativeProcess;

  /** @param path the program `cvm-effects` of a native build */
  constructor(path: string) {
    this.#process = new NativeProcess(path);
  }

  /**
   * Executes a program, or judges an image. Several may be under way; answers come in order.
   * @throws NativeFailure when the process died or was too slow; the next request starts a new one
   */
  async ask({ image, inputs, steps, rounds }: NativeRequest): Promise<Answer> {
    const header = littleEndianWords([image.length, inputs, steps, rounds]);
    return decodeAnswer(await this.#process.ask(Buffer.concat([header, image])));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#process[Symbol.asyncDispose]();
  }
}
