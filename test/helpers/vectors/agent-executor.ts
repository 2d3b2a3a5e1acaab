import type { Agent } from '../../../src/agent/index.ts';
import { buildImage, type Program } from '../../../src/image/index.ts';
import { LIMITS, PORTS, type Effect } from '../../../src/isa/index.ts';
import { decodeBytesReply, type Status } from '../../../src/wire/index.ts';
import { assemble } from './assemble.ts';
import type { Observation } from './judge.ts';
import { splitArrays, type Situation, type Vector } from './vectors.ts';

const VM = 0;
/** Bytes of one PEEK; docs/wire.md. */
const PEEK_BYTES = 256;
const WORD = 4;
const ALL_STEPS = 0xffff_ffff;
/** An input counts after 20 ms at most (a button's debouncing); the rest is for a machine under full load. */
const SETTLE_MS = 5000;

/** A board that an agent runs on, and its inputs. */
export interface VectorBoard extends AsyncDisposable {
  readonly agent: Agent;
  /** Puts a level or a value on an input, given as a port. It may take effect later. */
  stimulate(port: number, value: number): Promise<void>;
  /** Reads the cells of inactive arrays too, which takes 16 requests more. */
  readonly thorough: boolean;
  /** What the board said beside its serial line, a sanitizer's report for instance. */
  readonly lastWords: () => string;
}

function programOf(code: string): Program {
  const { instructions } = assemble(code);
  return { instructions, strings: [], entry: 0, loop: undefined, debug: undefined };
}

/** A program that ends when an input has a value. */
function waitProgram(port: number, value: number): Program {
  const id = port & 0xff;
  switch (port - id) {
    case PORTS.DIGITAL:
      return programOf(`w: ${id}; DIGITAL_READ; ${value}; EQ; JMP_FALSE w; HALT`);
    case PORTS.ANALOG:
      return programOf(`w: ${id}; ANALOG_READ; ${value}; EQ; JMP_FALSE w; HALT`);
    case PORTS.BUTTON:
      return programOf(`w: ${id}; BUTTON_PRESSED; ${value}; EQ; JMP_FALSE w; HALT`);
    default:
      throw new Error(`port ${port} is no input`);
  }
}

/** Runs cases on a board through its agent: upload, traced run, final state. */
export class AgentExecutor {
  readonly #board: VectorBoard;
  /** What the inputs were set to. */
  readonly #levels = new Map<number, number>();

  constructor(board: VectorBoard) {
    this.#board = board;
  }

  async run(vector: Vector): Promise<Observation> {
    for (const [port, value] of vector.inputs) await this.#set(port, value);
    const { agent } = this.#board;
    await agent.load(VM, buildImage(vector.program));
    const effects: Effect[] = [];
    let status: Status | undefined;
    const run = { clock: 'virtual', steps: vector.steps, loops: 0 } as const;
    for await (const item of agent.trace(VM, run)) {
      if (item.kind === 'effects') effects.push(...item.effects);
      else status = item.status;
    }
    if (status === undefined) throw new Error('the run has no end');
    return { effects, after: await this.#situation(status) };
  }

  /** Drives an input and lets the board wait until it sees it. */
  async #set(port: number, value: number): Promise<void> {
    if (this.#levels.get(port) === value) return;
    const { agent } = this.#board;
    await this.#board.stimulate(port, value);
    await agent.load(VM, buildImage(waitProgram(port, value)));
    await agent.go(VM, { mode: 'free', clock: 'virtual', steps: ALL_STEPS, loops: 0 });
    const deadline = AbortSignal.timeout(SETTLE_MS);
    let status = await agent.status(VM);
    while (status.state !== 'done' && !deadline.aborted) status = await agent.status(VM);
    if (status.reason !== 'halted')
      throw new Error(`input ${port} did not become ${value} in ${SETTLE_MS} ms: ${status.state}`);
    this.#levels.set(port, value);
  }

  async #situation(status: Status): Promise<Situation> {
    const frames = await this.#words('frames', 2 * status.depth);
    const lengths = await this.#peek('lengths', LIMITS.ARRAY_COUNT);
    return {
      pc: status.pc,
      error: status.error,
      halted: status.reason === 'halted',
      executed: status.steps,
      stack: [...(await this.#words('stack', status.sp))],
      frames: Array.from({ length: status.depth }, (_, at) => [
        frames[2 * at] ?? -1,
        frames[2 * at + 1] ?? -1,
      ]),
      globals: [...(await this.#words('globals', LIMITS.GLOBAL_COUNT))],
      ...(await this.#arrays(lengths)),
    };
  }

  async #arrays(lengths: Uint8Array): Promise<Pick<Situation, 'arrays' | 'strays'>> {
    const cells = new Int32Array(LIMITS.ARRAY_COUNT * LIMITS.ARRAY_LENGTH);
    const { thorough } = this.#board;
    for (const [id, length] of lengths.entries()) {
      if (length === 0 && !thorough) continue;
      const start = id * LIMITS.ARRAY_LENGTH;
      cells.set(await this.#words('arrays', LIMITS.ARRAY_LENGTH, start), start);
    }
    const split = splitArrays(cells, lengths);
    return thorough ? split : { ...split, strays: undefined };
  }

  async #words(region: string, count: number, first = 0): Promise<Int32Array> {
    const bytes = await this.#peek(region, count * WORD, first * WORD);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    return Int32Array.from({ length: count }, (_, index) => view.getInt32(index * WORD, true));
  }

  /** Part of a region. Agent.peek reads whole ones, most of which is no part of a small situation. */
  async #peek(region: string, length: number, first = 0): Promise<Uint8Array> {
    const bytes = new Uint8Array(length);
    for (let at = 0; at < length; at += PEEK_BYTES) {
      const part = Math.min(PEEK_BYTES, length - at);
      const fields = [String(VM), region, String(first + at), String(part)];
      const reply = await this.#board.agent.channel.request('PEEK', fields);
      bytes.set(decodeBytesReply('PEEK reply', reply.fields), at);
    }
    return bytes;
  }
}
