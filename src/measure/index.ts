/** Measures what the VM costs: Arm instructions on the emulated processor, and the speed of reference model and compiler. */
export { aimLine, type Aim } from './aims.ts';
export { compilerAim, compilerLines, measureCompiler, type CompilerSpeed } from './compiler.ts';
export { measureOnBoard, type StartProbe } from './board.ts';
export { measureBuilds, type Builds } from './builds.ts';
export { benchElf, type HotCode } from './firmware.ts';
export { hotCodeLines } from './hot-code.ts';
export { measureVm, type VmCosts } from './costs.ts';
export { ICOUNT, MACHINE, measureEmulated } from './emulated.ts';
export { measureModel, type ModelSpeed } from './model.ts';
export { reportLines, vmAims } from './report.ts';
