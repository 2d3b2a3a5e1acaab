/** A reader of Value Change Dumps, written from IEEE 1364-2005, 18.2, and strict: what it doesn't know is an error. */
export interface VcdSignal {
  readonly kind: string;
  readonly width: number;
  /** Time and value, in order. Numbers in decimal. */
  readonly changes: (readonly [number, string])[];
}

export interface Vcd {
  readonly timescale: string;
  readonly comments: readonly string[];
  /** By `scope.name`. */
  readonly signals: ReadonlyMap<string, VcdSignal>;
  readonly end: number;
}

interface Head {
  timescale: string;
  readonly comments: string[];
  readonly signals: Map<string, VcdSignal>;
  readonly byCode: Map<string, VcdSignal>;
  readonly scope: string[];
}

function define(words: readonly string[], { signals, byCode, scope }: Head): void {
  const [kind = '', width = '', code = '', name = '', ...more] = words;
  if (more.length > 0) throw new Error(`a variable with too many words: ${words.join(' ')}`);
  if (scope.length === 0) throw new Error(`${name} is in no scope`);
  if (byCode.has(code)) throw new Error(`two variables have the code ${code}`);
  const signal: VcdSignal = { kind, width: Number(width), changes: [] };
  const path = [...scope, name].join('.');
  if (signals.has(path)) throw new Error(`two variables are called ${path}`);
  signals.set(path, signal);
  byCode.set(code, signal);
}

/** A keyword and its words up to `$end`. */
function declare(keyword: string, words: readonly string[], head: Head): void {
  switch (keyword) {
    case '$date':
    case '$version':
    case '$enddefinitions':
      return;
    case '$comment':
      head.comments.push(words.join(' '));
      return;
    case '$timescale':
      head.timescale = words.join(' ');
      return;
    case '$scope':
      head.scope.push(words[1] ?? '');
      return;
    case '$upscope':
      if (head.scope.pop() === undefined) throw new Error('$upscope without a scope');
      return;
    case '$var':
      define(words, head);
      return;
    default:
      throw new Error(`unknown keyword ${keyword}`);
  }
}

const unescaped = (text: string): string =>
  Buffer.from(
    text.replaceAll(/\\([0-7]{3})/g, (_, digits: string) =>
      String.fromCharCode(parseInt(digits, 8)),
    ),
    'latin1',
  ).toString('utf8');

function readChange(line: string, time: number, byCode: Head['byCode']): void {
  const scalar = /^([01xz])(\S+)$/.exec(line);
  const vector = /^b([01xz]+) (\S+)$/.exec(line);
  const text = /^s(\S+) (\S+)$/.exec(line);
  const [, value = '', code = ''] = vector ?? text ?? scalar ?? [];
  const signal = byCode.get(code);
  if (signal === undefined) throw new Error(`not a change of a variable: ${line}`);
  if (signal.kind === 'string' && text !== null) signal.changes.push([time, unescaped(value)]);
  else if (vector !== null && value.length <= signal.width)
    signal.changes.push([time, String(parseInt(value, 2))]);
  else if (scalar !== null && signal.width === 1) signal.changes.push([time, value]);
  else throw new Error(`${line} is no value for a ${signal.kind} of ${signal.width}`);
}

/** @throws Error for anything that isn't as the standard has it */
export function readVcd(text: string): Vcd {
  const head: Head = {
    timescale: '',
    comments: [],
    signals: new Map(),
    byCode: new Map(),
    scope: [],
  };
  const [definitions = '', body] = text.split(/^\$enddefinitions \$end$/m);
  if (body === undefined) throw new Error('no $enddefinitions');
  const words = definitions.split(/\s+/).filter((one) => one !== '');
  while (words.length > 0) {
    const [keyword = ''] = words.splice(0, 1);
    const end = words.indexOf('$end');
    if (end === -1) throw new Error(`${keyword} has no $end`);
    declare(keyword, words.splice(0, end + 1).slice(0, -1), head);
  }
  if (head.scope.length > 0) throw new Error(`${head.scope.join('.')} is left open`);
  let time = -1;
  for (const line of body.split('\n')) {
    if (line === '' || line === '$dumpvars' || line === '$end') continue;
    if (line.startsWith('#')) {
      const next = Number(line.slice(1));
      if (!Number.isInteger(next) || next <= time) throw new Error(`time does not go on: ${line}`);
      time = next;
    } else readChange(line, time, head.byCode);
  }
  return { timescale: head.timescale, comments: head.comments, signals: head.signals, end: time };
}
