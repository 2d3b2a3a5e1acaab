import type { ModelResult } from './model.ts';
import { byLines, HOST_REFUSES, type Behaviour } from './sketch.ts';

/** What the two made of one sketch. */
export type Verdict =
  | { readonly kind: 'agree' }
  | { readonly kind: 'limit'; readonly what: string }
  | {
      readonly kind: 'differ';
      /** Refused by our compiler, by the host's, or run by both. */
      readonly sort: 'refused' | 'host' | 'behaviour';
      /** In words, for a person. */
      readonly lines: readonly string[];
    };

/** Common events shown before the first that differs. */
const SHOWN = 4;

const LABELS = { host: '  gcc ', model: '  ours' };

/** Compares what the host's C++ and our compiler with the model made of a sketch. */
export function compareBehaviours(host: Behaviour, model: ModelResult): Verdict {
  if (model.kind === 'limit') return model;
  if (model.kind === 'refused') {
    const lines = ['our compiler refuses it', ...model.messages];
    return { kind: 'differ', sort: 'refused', lines };
  }
  const ours = [...byLines(model.behaviour.events), `= ${model.behaviour.end}`];
  const theirs = [...byLines(host.events), `= ${host.end}`];
  const at = theirs.findIndex((event, index) => event !== ours[index]);
  if (at === -1) return { kind: 'agree' };
  const common = ours.slice(Math.max(0, at - SHOWN), at).map((event) => `        ${event}`);
  return {
    kind: 'differ',
    sort: host.end.startsWith(HOST_REFUSES) ? 'host' : 'behaviour',
    lines: [
      at === 0 ? 'the first event differs' : `event ${at + 1} differs`,
      ...common,
      `${LABELS.host}  ${theirs[at] ?? ''}`,
      `${LABELS.model}  ${ours[at] ?? 'nothing'}`,
    ],
  };
}
