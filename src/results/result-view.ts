import { HilError } from '../errors/index.ts';
import {
  nightlyRecordSchema,
  type BenchIdentity,
  type BenchResult,
  type NightlyRecord,
} from './nightly-record.ts';
import { readJson } from './store.ts';
import { runRecordSchema, type ProgramResult, type RunRecord } from './run-record.ts';

/** Either kind of record. */
export type AnyRecord = RunRecord | NightlyRecord;

/** A bench in a result; of a single run less is known of who its board is. */
export type BenchView = Omit<BenchResult, 'identity'> & {
  readonly identity?: Omit<BenchIdentity, 'protocol'> | undefined;
};

/** A run or a nightly in one shape: a run is a nightly of one case that was tried once. */
export interface ResultView extends Pick<
  NightlyRecord,
  | 'id'
  | 'startedAt'
  | 'wallMs'
  | 'command'
  | 'environment'
  | 'verdict'
  | 'cases'
  | 'recoveries'
  | 'problems'
> {
  readonly kind: 'run' | 'nightly';
  readonly suite?: NightlyRecord['suite'];
  readonly benches: readonly BenchView[];
}

/** `sketch`, or `a+b` for several programs: the files' names without folder and ending. */
function caseIdOf(programs: readonly ProgramResult[]): string {
  return programs
    .map(({ file }) => (file.split('/').at(-1) ?? file).replace(/\.[^.]*$/, ''))
    .join('+');
}

function benchOf({ bench, board, footprint }: RunRecord): BenchView {
  return {
    name: bench.name,
    kind: bench.kind,
    file: bench.file,
    ranOn: bench.ranOn,
    state: board === undefined ? 'unusable' : 'ready',
    ...(board === undefined
      ? {}
      : {
          identity: {
            board: board.board,
            uid: board.uid,
            firmware: board.firmware,
            firmwareSha256: bench.firmwareSha256,
            elf: board.elf,
            isa: board.isa,
          },
        }),
    ...(footprint === undefined ? {} : { footprint }),
    attempts: 1,
  };
}

/** One shape for both kinds of records. */
export function resultView(record: AnyRecord): ResultView {
  if (record.schema === 'cockpit-hil/nightly') return { kind: 'nightly', ...record };
  const { id, startedAt, wallMs, command, environment, verdict, bench, programs } = record;
  const { outcome, causeClass, summary } = verdict;
  return {
    kind: 'run',
    id,
    startedAt,
    wallMs,
    command,
    environment,
    verdict,
    benches: [benchOf(record)],
    cases: [
      {
        id: caseIdOf(programs),
        tags: [],
        files: programs.map(({ file }) => file),
        mode: record.mode,
        clock: record.clock,
        ...(record.scripted === undefined ? {} : { inputs: record.scripted.given }),
        outcome,
        ...(causeClass === undefined ? {} : { causeClass }),
        summary,
        attempts: [
          {
            number: 1,
            bench: bench.name,
            startedAt,
            ms: wallMs,
            verdict,
            expectations: [],
            run: record,
          },
        ],
        ms: wallMs,
      },
    ],
    recoveries: [],
    problems: [],
  };
}

/**
 * Makes sure that JSON is a record.
 * @param name of where it comes from, for the error
 * @throws HilError (usage) when it isn't, or is one of another version
 */
export function parseAnyRecord(json: unknown, name: string): AnyRecord {
  const { schema, version } = (json ?? {}) as { schema?: unknown; version?: unknown };
  const shape = schema === 'cockpit-hil/nightly' ? nightlyRecordSchema : runRecordSchema;
  const parsed = shape.safeParse(json);
  if (parsed.success) return parsed.data;
  const known = shape.shape.version.value;
  if (schema === shape.shape.schema.value && version !== known) {
    throw new HilError(
      'usage',
      `${name} is a record of version ${String(version)}; this harness reads version ${known}`,
      'use the harness that wrote it',
    );
  }
  const issue = parsed.error.issues[0];
  const where = issue?.path.map(String).join('.') ?? '';
  throw new HilError(
    'usage',
    `${name} is no record of a run or a nightly: ${where}: ${issue?.message ?? 'not valid'}`,
    'give a record as it was written',
  );
}

/**
 * Reads a record of either kind.
 * @throws HilError (usage): no such file, no record, or one of another version
 */
export async function readAnyRecord(path: string): Promise<AnyRecord> {
  return parseAnyRecord(await readJson(path), path);
}

/** The attempt that a case is judged by: its last. */
export function lastRun({ attempts }: ResultView['cases'][number]): RunRecord | undefined {
  return attempts.at(-1)?.run;
}
