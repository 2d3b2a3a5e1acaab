/** What a sketch says of its own run, in comments that begin a line. */
export interface SketchComments {
  /** The lines that it prints, one for each `// expect:`; empty when there is none. */
  readonly lines: readonly string[];
  /** Rounds of loop() that takes: `// rounds: 3`, else 1. */
  readonly rounds: number;
}

export function sketchComments(source: string): SketchComments {
  const lines = [...source.matchAll(/^\/\/ expect:(?: (.*))?$/gm)].map((match) => match[1] ?? '');
  const rounds = /^\/\/ rounds: (\d+)$/m.exec(source)?.[1] ?? '1';
  return { lines, rounds: Number(rounds) };
}
