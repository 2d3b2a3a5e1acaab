import { repositoryPath } from './paths.ts';

/** The program that hung the predecessor. */
export const DEMO = repositoryPath('hil-config', 'programs', 'startup_coordination_demo.ino');

/** What setup() prints, line by line: two greetings, the pin, the announcement, five blinks, the LED, the end. */
export const DEMO_LINES: readonly string[] = [
  'Hello from the Nucleo-G474RE',
  'Startup coordination demo',
  'LED pin is an output',
  'Starting 5 rapid blinks',
  'Blink 1: LED ON',
  'Blink 1: LED OFF',
  'Blink 2: LED ON',
  'Blink 2: LED OFF',
  'Blink 3: LED ON',
  'Blink 3: LED OFF',
  'Blink 4: LED ON',
  'Blink 4: LED OFF',
  'Blink 5: LED ON',
  'Blink 5: LED OFF',
  'LED stays on',
  'Setup complete',
];
