import { parseImage } from '../image/index.ts';
import type { MutatedImage } from './generate/index.ts';

/** What both parsers say of an image. */
export interface Judgement {
  /** `ok` or the reason to refuse. */
  readonly model: string;
  readonly native: string;
  /** `host`: only the host looks into the debug section, and it refused what is there. */
  readonly verdict: 'same' | 'host' | 'different';
}

/** Reasons that are judged after the place and size of the debug section are found good. */
const AFTER_DEBUG = new Set(['ok', 'bad-entry', 'bad-loop']);

/** Compares what the model's parser says with what the firmware's said. */
export function judgeImage({ bytes, debugIntact }: MutatedImage, native: string): Judgement {
  const parsed = parseImage(bytes);
  const model = parsed.ok ? 'ok' : parsed.reason;
  if (model === native) return { model, native, verdict: 'same' };
  const host = model === 'bad-debug' && AFTER_DEBUG.has(native) && !debugIntact;
  return { model, native, verdict: host ? 'host' : 'different' };
}
