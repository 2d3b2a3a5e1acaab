import { compile } from '../../src/compiler/index.ts';
import { comparePrograms, type ProgramOutcome } from '../../src/suite/compare-programs.ts';
import type { Board, ConnectedBoard } from '../../src/bench/index.ts';
import type { Mode } from '../../src/lockstep/index.ts';

/** Four programs that use globals, arrays, calls and text, each with something the others lack. Outputs worked out by hand. */
const PROGRAMS = [
  {
    source: `int total; void setup() {} void loop() { total += 3; printf("sos %d\\n", total); delay(5); }`,
    output: 'sos 3\nsos 6\nsos 9\nsos 12\nsos 15\n',
  },
  {
    source: `int notes[4] = {1, 2, 4, 8}; int at; void setup() {}
      void loop() { printf("audio %d\\n", notes[at]); at = (at + 1) % 4; delay(3); }`,
    output: 'audio 1\naudio 2\naudio 4\naudio 8\naudio 1\n',
  },
  {
    source: `int square(int n) { return n * n; } int i; void setup() {}
      void loop() { i++; printf("display %d\\n", square(i)); delay(7); }`,
    output: 'display 1\ndisplay 4\ndisplay 9\ndisplay 16\ndisplay 25\n',
  },
  {
    source: `int state = 1; void setup() {} void loop() { state = state << 1; printf("debug %x\\n", state); }`,
    output: 'debug 2\ndebug 4\ndebug 8\ndebug 10\ndebug 20\n',
  },
] as const;

/** Rounds of loop() each of them runs. */
const LOOPS = 5;

/** What became of one of the four programs. */
export interface VmResult extends ProgramOutcome {
  /** Whether steps, end and state agree with the model and it printed what it should. */
  readonly sound: boolean;
}

function isSound({ result, printed }: ProgramOutcome, output: string): boolean {
  return (
    result !== undefined &&
    result.mismatch === undefined &&
    result.stateChange === undefined &&
    result.endMismatch === undefined &&
    result.state?.differences.length === 0 &&
    result.rounds === LOOPS &&
    printed === output
  );
}

/** Runs the four programs at the same time. @param beforeStart called when all are uploaded */
export async function runFourVms(
  bench: ConnectedBoard & { readonly board: Board },
  mode: Mode = 'trace',
  beforeStart?: () => Promise<void>,
): Promise<VmResult[]> {
  const programs = PROGRAMS.map(({ source }, vm) => {
    const compiled = compile(source, `vm${vm}.ino`);
    if (!compiled.ok) throw new Error(`program ${vm} does not compile`);
    return { vm, program: compiled.program, file: `vm${vm}.ino`, sha256: '' };
  });
  const nothing = (): void => undefined;
  const outcomes = await comparePrograms(bench, {
    programs,
    board: bench.board,
    mode,
    clock: 'virtual',
    steps: 10_000,
    loops: LOOPS,
    observer: { phase: nothing, progress: nothing, print: nothing },
    ...(beforeStart === undefined ? {} : { beforeStart }),
  });
  return outcomes.map((outcome, vm) => ({
    ...outcome,
    sound: isSound(outcome, PROGRAMS[vm]?.output ?? ''),
  }));
}
