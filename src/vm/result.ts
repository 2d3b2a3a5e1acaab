import type { VmError } from '../isa/index.ts';

declare const brand: unique symbol;

/**
 * What a handler wants done: action, error and jump address in one number, as the C struct fits one register.
 * Bits 0-15 jump address, 16-23 error, 24-25 action; at most 2^26, so that it is never boxed.
 */
export type HandlerResult = number & { readonly [brand]: 'HandlerResult' };

export const ACTIONS = { CONTINUE: 0, JUMP: 1, HALT: 2, ERROR: 3 } as const;
export type Action = (typeof ACTIONS)[keyof typeof ACTIONS];

const pack = (action: Action, error: number, address: number): HandlerResult =>
  ((action << 24) | (error << 16) | address) as HandlerResult;

/** Go on at the next instruction. */
export const CONTINUE: HandlerResult = pack(ACTIONS.CONTINUE, 0, 0);

/** Stop; the program counter stays. */
export const HALT: HandlerResult = pack(ACTIONS.HALT, 0, 0);

/** Go on at instruction `pc`, 0..65535. */
export function jumpTo(pc: number): HandlerResult {
  return pack(ACTIONS.JUMP, 0, pc);
}

/** Stop with an error; the handler must have changed nothing. */
export function fault(error: VmError): HandlerResult {
  return pack(ACTIONS.ERROR, error, 0);
}

export function actionOf(result: HandlerResult): Action {
  return (result >>> 24) as Action;
}

/** 0 unless the action is ERROR. */
export function errorOf(result: HandlerResult): VmError {
  return ((result >>> 16) & 0xff) as VmError;
}

/** 0 unless the action is JUMP. */
export function jumpAddressOf(result: HandlerResult): number {
  return result & 0xffff;
}
