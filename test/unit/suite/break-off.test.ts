import { describe, expect, it } from 'vitest';
import { RestartError } from '../../../src/agent/index.ts';
import { HilError } from '../../../src/errors/index.ts';
import { LostReplyError } from '../../../src/link/index.ts';
import { breakOffOf, isDead, rootCause, sameBreakOff } from '../../../src/suite/break-off.ts';

const firmware = (message: string, cause?: Error): HilError =>
  new HilError('firmware', message, '', { cause });
const SILENT = firmware('the board stopped answering', new LostReplyError('no reply to POLL'));
const ENDED = firmware('the native agent crashed');
const LINE = new HilError('link', 'the port was closed');

/** As where nothing is behind an error. */
const how = (error: unknown) => breakOffOf(error, error);

describe('how a run broke off', () => {
  it.each([
    ['a silence', SILENT, 'silent'],
    ['a silence while the ring is read', firmware('they part in epoch 3', SILENT), 'silent'],
    ['a restart', new RestartError('the board restarted'), 'restarted'],
  ])('%s', (_, error, expected) => {
    expect(how(error)).toBe(expected);
    expect(isDead(expected as 'silent')).toBe(true);
  });

  it('a process that has ended is behind an error of the line', async () => {
    const ended = Promise.resolve(ENDED);
    const cause = await rootCause(LINE, { ended });
    expect(breakOffOf(LINE, cause)).toBe('ended');
    // Not behind what the board itself said.
    expect(await rootCause(SILENT, { ended })).toBe(SILENT);
  });

  it.each([
    ['the line', LINE],
    ['the rig', new HilError('rig', 'no probe')],
    ['the harness', new Error('internal')],
  ])('%s is not the board', async (_, error) => {
    expect(how(error)).toBeUndefined();
    expect(await rootCause(error, {})).toBe(error);
  });

  it('a board that answers is told by what is wrong, whatever the numbers', () => {
    const [stuck, again, other] = ['no step at 7, pc 3', 'no step at 9, pc 4', 'bad log'].map(
      (text) => how(firmware(text)),
    );
    if (stuck === undefined || again === undefined || other === undefined) {
      throw new Error('it blames the board');
    }
    expect(isDead(stuck)).toBe(false);
    expect(sameBreakOff(stuck, again)).toBe(true);
    expect(sameBreakOff(stuck, other)).toBe(false);
    expect(sameBreakOff(stuck, 'silent')).toBe(false);
    expect(sameBreakOff('silent', 'silent')).toBe(true);
    expect(sameBreakOff('silent', 'restarted')).toBe(false);
  });
});
