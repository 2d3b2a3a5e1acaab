import { repositoryPath } from './cli.ts';

/** The program that hung the predecessor. */
export const DEMO = repositoryPath('hil-config', 'programs', 'startup_coordination_demo.ino');
