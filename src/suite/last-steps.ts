import { RestartError, ringOver, type Agent, type Ring } from '../agent/index.ts';
import { HilError } from '../errors/index.ts';
import type { Program } from '../image/index.ts';
import { effectText, type LastSteps, type Reached, type RingExaminer } from '../lockstep/index.ts';
import type { Gdb, OpenOcd } from '../probe/index.ts';
import type { ProgramResult } from '../results/index.ts';
import { decodeRingHeader, RING_HEADER_BYTES } from '../wire/index.ts';
import { instructionText, sourceOf } from './program-text.ts';

/** In the firmware's memory each ring's header is followed by the place of its first slot: docs/lockstep.md. */
const PLACE_BYTES = 4;
const RINGS = 'digest_rings';
const SLOTS = 'digest_slots';

async function addressOf(gdb: Gdb, symbol: string): Promise<number> {
  const { number } = await gdb.variable(`(unsigned long)&${symbol}`);
  if (number === undefined) throw new HilError('rig', `GDB has no address of ${symbol}`);
  return number >>> 0;
}

/** The ring of a VM, read from the board's memory; undefined when there is none. */
export async function ringByProbe(
  gdb: Gdb,
  openocd: OpenOcd,
  vm: number,
): Promise<Ring | undefined> {
  const length = RING_HEADER_BYTES + PLACE_BYTES;
  const bytes = await openocd.readMemory((await addressOf(gdb, RINGS)) + vm * length, length);
  const header = decodeRingHeader(bytes);
  if (header?.vm !== vm) return undefined;
  const place = new DataView(bytes.buffer).getUint32(RING_HEADER_BYTES, true);
  const slots = (await addressOf(gdb, SLOTS)) + place;
  return ringOver(header, (offset, count) => openocd.readMemory(slots + offset, count));
}

/**
 * What the ring of a board that restarted tells of the run before.
 * @param error what ended the comparison; a board that is silent isn't asked again
 */
export async function lastStepsByAgent(
  agent: Agent,
  vm: number,
  examine: RingExaminer,
  error: unknown,
): Promise<LastSteps | undefined> {
  if (!(error instanceof RestartError)) return undefined;
  try {
    const ring = await agent.ring(vm);
    return ring === undefined ? undefined : await examine(ring);
  } catch (reason) {
    if (reason instanceof HilError) return undefined;
    throw reason;
  }
}

const latin1 = (text: Uint8Array): string => Buffer.from(text).toString('latin1');

type LastStepsView = NonNullable<ProgramResult['lastSteps']>;

/** How far a board came, for the record. */
function lastStepsView(found: Reached, by: LastStepsView['by'], program: Program): LastStepsView {
  switch (found.kind) {
    case 'unended': {
      const { step, pc } = found;
      const instruction = instructionText(program, pc);
      return { by, how: 'unended', step, pc, instruction, ...sourceOf(program, pc) };
    }
    case 'wrong': {
      const { step, expected, effect, unknown } = found.mismatch;
      return {
        by,
        how: 'wrong',
        step,
        pc: expected.pc,
        instruction: instructionText(program, expected.pc),
        ...sourceOf(program, expected.pc),
        expected: effectText(expected, program.debug),
        actual: unknown ?? effectText(effect, program.debug),
      };
    }
    case 'ended':
      return { by, how: 'ended', step: found.step };
  }
}

const HOW_KNOWN = { ring: 'by the ring in its memory', reruns: 'by reruns of so many steps' };

/**
 * A program's result with how far its board came.
 * @param by the ring; or reruns, which then have printed everything from load on
 */
export function withLastSteps(
  result: ProgramResult,
  found: LastSteps,
  program: Program,
  by: LastStepsView['by'] = 'ring',
): ProgramResult {
  const lastSteps = lastStepsView(found, by, program);
  const summary = `${result.verdict.summary}; ${HOW_KNOWN[by]} ${lastStepsText(lastSteps)}`;
  const before = by === 'ring' ? result.output : '';
  const output = before + found.printed.map(latin1).join('');
  const inputs = found.inputs.filter(({ step }) => step < lastSteps.step);
  return {
    ...result,
    lastSteps,
    verdict: { ...result.verdict, summary },
    inputs: inputs.map(({ step, port, value }) => [step, port, value]),
    output,
    ...(output === '' ? {} : { outputFrom: by === 'ring' ? 'model' : result.outputFrom }),
  };
}

/** That in a sentence, to follow what is wrong with the board. */
function lastStepsText({ how, step, instruction, source }: LastStepsView): string {
  const where = source === undefined ? (instruction ?? '') : `${source.file}:${source.line}`;
  switch (how) {
    case 'unended':
      return `it never ended step ${step} (${where})`;
    case 'wrong':
      return `step ${step} was wrong before that (${where})`;
    case 'ended':
      return `the program had ended, after ${step} steps`;
  }
}
