import { z } from 'zod';
import type { Effect, EffectKind } from '../../src/isa/index.ts';
import vectors from '../vectors/wire.json' with { type: 'json' };

const frameSchema = z.object({
  name: z.string(),
  type: z.enum(['Q', 'R', 'X', 'E']),
  seq: z.int(),
  fields: z.array(z.string()),
  line: z.string(),
});

/** Golden frames; lines without their newline. */
export const goldenFrames = z.array(frameSchema).parse(vectors.frames);
export const badLines = vectors.bad;
export const consoleLines = vectors.console;
export const { base64, badBase64, varints, badRecords, badInputs } = vectors;
/** Scripted inputs; a value of null is live. */
export const { scripts, badScripts } = vectors;
export const { checkpoints, fullCheckpoints, acknowledgements, ringHeaders } = vectors;
/** Golden INPUTS records. */
export const goldenInputs = vectors.inputs;

export const hexBytes = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex, 'hex'));

/** Golden chunks of effect records. */
export const goldenRecords = vectors.records.map((record) => ({
  name: record.name,
  bytes: hexBytes(record.bytes),
  /** Stream hash of a VM that did just that, u32. */
  stream: record.stream,
  effects: record.effects.map((effect): Effect => {
    const { text, kind, ...rest } = effect;
    const common = { ...rest, kind: kind as EffectKind };
    return text === undefined ? common : { ...common, text: hexBytes(text) };
  }),
}));
