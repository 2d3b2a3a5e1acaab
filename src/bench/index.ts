/** The three benches: what a run's board, serial line and debug probe are, and whether they are the right ones. */
export { benchSchema, expandAll, loadBench, type BenchFile } from './bench-file.ts';
export { boardSchema, CONFIG_FOLDER, configFile, loadBoard, type Board } from './board.ts';
export { duration } from './duration.ts';
export {
  checkFirmware,
  connectBoard,
  openAgent,
  openRig,
  pinCapabilities,
  type ConnectedBoard,
} from './open.ts';
export { crashText, healthText } from './health.ts';
export { EMULATED_LACKS, FIDELITY, type Peripheral } from './emulated/index.ts';
export type { PinAccess, PinEdge } from './pins.ts';
export { startNucleo } from './rig-emulated.ts';
export { BOARD_FILE, BoardProbe, probeLock, takeNucleoProbe } from './board-probe.ts';
export { chooseProbe } from './choose-probe.ts';
export { readIdentity, type BoardIdentity } from './identity.ts';
export { DEFAULT_LADDER, type Rung, type RungName, type RungResult } from './ladder.ts';
export { recover, type Climb, type RecoverySettings } from './recovery.ts';
export type { Rig, RigSettings } from './rig.ts';
export { BenchSession, type SessionSettings } from './session.ts';
export { rateText, type LineRate, type RateTrial } from './rate.ts';
export { readYamlFile } from './yaml-file.ts';
