/**
 * Takes nightlies into a history, one after another, and prints the id of each once it is in.
 * Arguments: the history, the beginning of the ids, how many nightlies, how many cases each, and optionally after how many
 * statements it kills itself without warning.
 */
import { StatementSync, type SQLInputValue } from 'node:sqlite';
import { History } from '../../../src/results/index.ts';
import { sampleCase, sampleNightly } from '../../helpers/sample-results.ts';

const [path = '', prefix = '', nightlies = '1', cases = '1', deadAfter] = process.argv.slice(2);
const list = Array.from({ length: Number(cases) }, (_, index) => sampleCase(`case ${index}`));
using history = History.open(path);

if (deadAfter !== undefined) {
  let left = Number(deadAfter);
  // eslint-disable-next-line @typescript-eslint/unbound-method -- called with `this` below
  const run = StatementSync.prototype.run as (...values: SQLInputValue[]) => unknown;
  Object.defineProperty(StatementSync.prototype, 'run', {
    value(this: StatementSync, ...values: SQLInputValue[]): unknown {
      if (left === 0) process.kill(process.pid, 'SIGKILL');
      left -= 1;
      return run.apply(this, values);
    },
  });
}

for (let index = 0; index < Number(nightlies); index += 1) {
  const id = `${prefix}${index}`;
  history.add(sampleNightly(list, { id }));
  process.stdout.write(`${id}\n`);
}
