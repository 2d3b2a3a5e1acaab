import {
  DIGEST,
  EFFECT_KINDS,
  fold,
  opcodeByName,
  STORE_ADDRESSES,
  textHash,
} from '../isa/index.ts';
import { execute, type Engine } from './engine.ts';
import { clearRecorder } from './recorder.ts';

const STORE_LOCAL = opcodeByName('STORE_LOCAL')?.code;

/** The stream hash of a VM that was just loaded or reset, as int32. */
export const FIRST_HASH = DIGEST.FIRST | 0;

/** Words that {@link runDigest} keeps of a step: the stream hash after it and its value, as the board's ring does. */
export const ENTRY_WORDS = 2;

/**
 * Executes and folds each step's effect into the stream hash, as docs/lockstep.md says. The same effects that stepWithEffect
 * returns, without an object for each.
 * @param hash stream hash before the first step
 * @param entries takes {@link ENTRY_WORDS} words for each step, from its beginning; at least as long as `steps` need
 * @returns the number of steps made: less than `steps` when the engine halted or faulted. A fault is a step here
 */
export function runDigest(
  engine: Engine,
  hash: number,
  steps: number,
  entries: Int32Array,
): number {
  const { code, stack, recorder } = engine;
  const { memory, io, last } = recorder;
  let stream = hash;
  let at = 0;
  for (let count = 0; count < steps; count += 1) {
    // No program, or pc at its end: there is no instruction, and the opcode is 0.
    const word = code[engine.pc] ?? 0;
    const place = engine.pc | ((word & 0xff) << 16);
    clearRecorder(recorder);
    const result = execute(engine, memory, io);
    if (result === 'idle') return count;
    const { sp } = engine;
    stream = fold(stream, place | (sp << 24));
    let value: number;
    if (result === 'fault') {
      stream = fold(stream, EFFECT_KINDS.ERROR << 24);
      value = engine.error;
    } else if (last.kind !== EFFECT_KINDS.TOP) {
      stream = fold(stream, (last.kind << 24) | last.address);
      value = last.kind === EFFECT_KINDS.PRINT ? textHash(last.text ?? NOTHING) : last.value;
    } else if ((word & 0xff) === STORE_LOCAL) {
      const slot = engine.frameBase + (word >>> 16);
      stream = fold(stream, (EFFECT_KINDS.STORE << 24) | (STORE_ADDRESSES.LOCAL + slot));
      value = stack[slot] ?? 0;
    } else {
      value = sp === 0 ? 0 : (stack[sp - 1] ?? 0);
    }
    stream = fold(stream, value);
    entries[at] = stream;
    entries[at + 1] = value;
    at += ENTRY_WORDS;
  }
  return steps;
}

const NOTHING = new Uint8Array(0);

function foldAll(
  hash: number,
  words: Int32Array | Uint32Array | Uint8Array,
  count: number,
): number {
  let folded = hash;
  for (let index = 0; index < count; index += 1) folded = fold(folded, words[index] ?? 0);
  return folded;
}

/** The state hash of docs/lockstep.md, as int32. */
export function stateHash(engine: Engine): number {
  const { context, depth, sp } = engine;
  const { globals, arrayLengths, arrays } = context;
  let hash = fold(fold(FIRST_HASH, engine.pc), sp);
  hash = fold(fold(hash, depth), engine.error);
  hash = foldAll(hash, globals, globals.length);
  hash = foldAll(hash, arrayLengths, arrayLengths.length);
  hash = foldAll(hash, arrays, arrays.length);
  hash = foldAll(hash, engine.stack, sp);
  return foldAll(hash, engine.frames, 2 * depth);
}
