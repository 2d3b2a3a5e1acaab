import { HilError, type CauseClass } from '../../src/errors/index.ts';
import type {
  NightlyObserver,
  PlannedCase,
  Station,
  StationFacts,
} from '../../src/nightly/index.ts';
import type { RunRecord } from '../../src/results/index.ts';
import { sampleProgram, sampleRecord, sampleTriage } from './sample-record.ts';

/** What a run on a fake bench does. */
export type Deed =
  | 'pass'
  /** A wrong step, and reruns that are all wrong alike. */
  | 'steady'
  /** A wrong step, and a rerun that is right. */
  | 'passing'
  /** The board falls silent. */
  | 'silent'
  /** As that, and no rung brings it back. */
  | 'dead'
  /** The board falls silent, and is powered anew to look into that. */
  | 'restarted'
  /** Neither the run nor its cutting ever ends. */
  | 'hang'
  /** The serial line is gone. */
  | 'unplugged'
  | RunRecord;

/** Deeds of a fake bench. */
export interface FakeBench {
  /** What a case does in its n-th attempt on this bench, from 1. */
  readonly deed?: (id: string, time: number, firmware: string | undefined) => Deed;
  readonly has?: StationFacts['has'];
  /** Whether the bench comes up with a firmware. */
  readonly opens?: (firmware: string | undefined, time: number) => boolean;
  readonly onRun?: (id: string) => Promise<void> | void;
}

const failed = (causeClass: CauseClass, triage = sampleTriage()): RunRecord =>
  sampleRecord({
    verdict: { outcome: 'failed', causeClass, summary: 'they part at step 9' },
    programs: [
      sampleProgram({
        verdict: { outcome: 'failed', causeClass, summary: 'they part at step 9' },
        triage,
      }),
    ],
  });

const RUNS: Readonly<Record<Exclude<Deed, RunRecord>, () => Promise<RunRecord>>> = {
  pass: () => Promise.resolve(sampleRecord()),
  steady: () => Promise.resolve(failed('toolchain')),
  passing: () => {
    const triage = sampleTriage({ reruns: { same: 0, otherwise: 0, agreed: 5 } });
    return Promise.resolve(failed('transient', triage));
  },
  silent: () => Promise.reject(new HilError('firmware', 'the board stopped answering')),
  dead: () => Promise.reject(new HilError('firmware', 'the board stopped answering for good')),
  restarted: () => Promise.resolve(failed('transient')),
  unplugged: () => Promise.reject(new HilError('link', 'the line is gone')),
  hang: () => new Promise<never>(() => undefined),
};

/** A bench in memory. */
export class FakeStation implements Station {
  readonly kind = 'native';
  readonly file = 'fake';
  readonly name: string;
  /** Cases that ran, in order. */
  readonly ran: string[] = [];
  /** Calls besides `run`. */
  readonly calls: string[] = [];
  readonly #bench: FakeBench;
  reopened = 0;
  #opened = 0;
  #firmware: string | undefined;
  #state: 'closed' | 'well' | 'ill' | 'dead' = 'closed';

  constructor(name: string, bench: FakeBench = {}) {
    this.name = name;
    this.#bench = bench;
  }

  open(firmware: string | undefined): Promise<StationFacts> {
    this.#opened += 1;
    this.#firmware = firmware;
    this.calls.push(`open ${firmware ?? 'own'}`);
    const opens = this.#bench.opens?.(firmware, this.#opened) ?? true;
    if (!opens || this.#state === 'dead') {
      return Promise.reject(
        new HilError('rig', `no agent answered HELLO on ${this.name}`, 'plug it in'),
      );
    }
    this.#state = 'well';
    return Promise.resolve({
      ranOn: 'memory, not silicon',
      identity: {
        board: 'fake',
        uid: '0'.repeat(24),
        firmware: 'abc',
        firmwareSha256: '2'.repeat(64),
        elf: '3'.repeat(40),
        isa: '0'.repeat(8),
        protocol: 2,
      },
      board: { aliases: { LED: 13 }, pins: [] },
      has: this.#bench.has ?? new Set(),
    });
  }

  async run({ id }: PlannedCase, progress: { steps: number }): Promise<RunRecord> {
    if (this.#state !== 'well') throw new Error(`${this.name} is ${this.#state}`);
    this.ran.push(id);
    await this.#bench.onRun?.(id);
    const time = this.ran.filter((one) => one === id).length;
    const deed = this.#bench.deed?.(id, time, this.#firmware) ?? 'pass';
    progress.steps = 42;
    if (typeof deed !== 'string') return deed;
    if (deed === 'silent' || deed === 'unplugged') this.#state = 'ill';
    if (deed === 'dead') this.#state = 'dead';
    if (deed === 'restarted') this.reopened += 1;
    return RUNS[deed]();
  }

  answers(): Promise<boolean> {
    this.calls.push('answers');
    return Promise.resolve(this.#state === 'well');
  }

  recover(): ReturnType<Station['recover']> {
    this.calls.push('recover');
    if (this.#state === 'closed') return Promise.reject(new HilError('harness', 'not open'));
    const recovered = this.#state !== 'dead';
    if (recovered) this.#state = 'well';
    const rung = { rung: 'nrst', ok: recovered, ms: 5, limitMs: 100, detail: 'as told' } as const;
    return Promise.resolve({ recovered, rungs: [rung] });
  }

  close(): Promise<void> {
    this.calls.push('close');
    if (this.#state !== 'dead') this.#state = 'closed';
    return Promise.resolve();
  }
}

/** A case of one program. */
export function fakeCase(id: string, change: Partial<PlannedCase> = {}): PlannedCase {
  return {
    id,
    tags: [],
    files: [{ vm: 0, file: 'sketch.ino' }],
    mode: 'digest',
    clock: 'virtual',
    steps: 1000,
    loops: undefined,
    inputs: undefined,
    limitMs: 60_000,
    retries: 2,
    reruns: 5,
    needs: [],
    firmware: undefined,
    expect: {},
    programs: [],
    scripted: undefined,
    outputs: [],
    ...change,
  };
}

/** Hears of everything and tells nobody. */
export const DEAF: NightlyObserver = {
  bench: () => undefined,
  began: () => undefined,
  progress: () => undefined,
  attempted: () => undefined,
  recovering: () => undefined,
  recovered: () => undefined,
  decided: () => undefined,
};
