/** The compiler's judge: sketches through the host's C++ compiler and through ours and the reference model. */
export { runJudge, type JudgeResult, type JudgeSettings, type SketchFinding } from './campaign.ts';
export { readSketch, writeSketchFinding } from './finding.ts';
export { HostCompiler } from './host-compiler.ts';
export { judgeSketches, type Judged } from './judge.ts';
export { runOnModel, type ModelResult } from './model.ts';
export type { Behaviour, Sketch } from './sketch.ts';
export type { Verdict } from './verdict.ts';
