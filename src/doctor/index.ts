/** Looks at what a run needs of a machine and a bench, and lists what is plugged in. */
export { listBoards, type BoardsSeen, type PortSeen } from './boards.ts';
export type { Check } from './check.ts';
export { examine } from './examine.ts';
export { THIS_MACHINE, type Machine } from './machine.ts';
