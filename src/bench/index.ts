/** The three benches: what a run's board, serial line and debug probe are, and whether they are the right ones. */
export { loadBench, type BenchFile } from './bench-file.ts';
export { loadBoard, type Board } from './board.ts';
export { connectBoard, openRig, pinCapabilities, type ConnectedBoard } from './open.ts';
export type { PinAccess, PinEdge } from './pins.ts';
export { startNucleo } from './rig-emulated.ts';
export { attachOpenOcd, BOARD_FILE, rigProbe, takeNucleoProbe } from './board-probe.ts';
export type { Rig, RigSettings } from './rig.ts';
export { BenchSession, type SessionSettings } from './session.ts';
export { readYamlFile } from './yaml-file.ts';
