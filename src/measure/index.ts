/** Measures what the VM costs: Arm instructions on the emulated processor, and the speed of the reference model. */
export { measureVm, type VmCosts } from './costs.ts';
export { ICOUNT, MACHINE } from './emulated.ts';
export { measureModel, type ModelSpeed } from './model.ts';
export { reportLines } from './report.ts';
