/** Child processes with one owner, bounded waits, and locks with a readable holder. */
export { capture, type Captured } from './capture.ts';
export { findExecutable, OwnedChild, type ChildExit } from './child.ts';
export { withDeadline } from './deadline.ts';
export { acquireLock, holderOf, type Lock, type LockHolder } from './lock.ts';
export { own } from './own.ts';
export { makeTemporaryFolder, temporaryError } from './temporary.ts';
export { untilAborted } from './until-aborted.ts';
