import { HilError, type CauseClass } from '../errors/index.ts';
import type { RefusalCode } from '../wire/index.ts';

/** The board said no. */
export class RefusalError extends HilError {
  readonly code: RefusalCode;
  readonly detail: string;

  constructor(request: string, code: RefusalCode, detail: string) {
    const cause: CauseClass = code === 'no-room' ? 'program' : 'harness';
    super(cause, `the board refused ${request}: ${code} (${detail})`);
    this.name = 'RefusalError';
    this.code = code;
    this.detail = detail;
  }
}

/** No reply came, however often the request was sent. */
export class LostReplyError extends HilError {
  constructor(message: string, fix = '') {
    super('link', message, fix);
    this.name = 'LostReplyError';
  }
}
