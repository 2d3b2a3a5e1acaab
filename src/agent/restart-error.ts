import { HilError } from '../errors/index.ts';

/** A board said twice that its VM hasn't run, in the middle of a run. */
export class RestartError extends HilError {
  constructor(message: string) {
    super('firmware', message);
    this.name = 'RestartError';
  }
}
