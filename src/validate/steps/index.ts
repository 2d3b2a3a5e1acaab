/** The steps of a bench validation. */
import type { Board } from '../../bench/index.ts';
import type { Step } from '../step.ts';
import { analogSteps } from './analog.ts';
import { LINE_STEPS } from './line.ts';
import { personSteps } from './person.ts';
import { pinSteps } from './pins.ts';
import { TIME_STEPS } from './time.ts';
import { VM_STEPS } from './vm.ts';

/** All steps of a bench validation, in their order. */
export function validationSteps(board: Board): Step[] {
  return [
    ...LINE_STEPS,
    ...TIME_STEPS,
    ...pinSteps(board),
    ...analogSteps(board),
    ...personSteps(board),
    ...VM_STEPS,
  ];
}
