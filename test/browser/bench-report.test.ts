import { expect, it } from 'vitest';
import { cockpitHil } from '../helpers/cli.ts';

it('bench report builds a report of a made-up history and opens it in Chromium', async () => {
  const args = ['bench', 'report', '--cases', '30', '--runs', '3'];
  const { code, stdout, stderr, survivors } = await cockpitHil(args);
  expect([code, stderr, survivors]).toEqual([0, '', []]);
  const [history, report, page] = stdout.split('\n');
  expect(history).toMatch(
    /^history {2}3 nightlies of 30 cases: \d+ ms each to make up and take in, \d+\.\d MB$/,
  );
  expect(report).toMatch(/^report {3}built in \d+\.\d\d s, \d+\.\d MB; aim: 5 s, (met|MISSED)$/);
  expect(page).toMatch(
    /^page {5}usable \d+\.\d\d s after it was asked for, in headless Chromium; aim: 1 s, (met|MISSED)$/,
  );
});
