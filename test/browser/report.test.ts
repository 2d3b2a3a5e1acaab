import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accessibilityViolations, openReport, startBrowser } from '../helpers/browser.ts';
import { EVIL, evilNightly, richNightly, sampleReport } from '../helpers/sample-report.ts';

let browser: Browser;
let html: string;
beforeAll(async () => {
  [browser, html] = await Promise.all([startBrowser(), sampleReport(richNightly())]);
});
afterAll(() => browser.close());

const PAGES = [
  '',
  '#/case/blink',
  '#/case/sort',
  '#/case/loops',
  '#/case/probe',
  '#/case/hang',
  '#/trends',
  '#/comparison',
];

/** Ids of the cases that the table shows, in its order. */
const shownCases = (page: Page) => page.locator('table.cases tbody tr:visible th').allInnerTexts();

/** Waits until the page with a heading is shown: the browser tells it about a new address after the key or click is done. */
const expectHeading = (page: Page, heading: string) =>
  expect.poll(() => page.locator('h1').innerText()).toBe(heading);

describe('the report in a browser', () => {
  it.each(PAGES)('opens %s without a complaint and without asking for anything', async (hash) => {
    await using report = await openReport(browser, html, { hash });
    expect(await report.page.locator('h1').count()).toBe(1);
    expect(report.complaints).toEqual([]);
  });

  it.each(
    PAGES.flatMap((hash) =>
      (['light', 'dark'] as const).map((colorScheme) => ({ hash, colorScheme })),
    ),
  )('is accessible: $hash, $colorScheme', async ({ hash, colorScheme }) => {
    await using report = await openReport(browser, html, { hash, colorScheme });
    expect(await accessibilityViolations(report.page)).toEqual([]);
  });

  it('has the verdict and its reason at the top, the worst case first', async () => {
    await using report = await openReport(browser, html);
    const { page } = report;
    expect(await page.locator('h1').innerText()).toBe('FAILED [firmware]');
    expect(await page.locator('.verdict .reason').innerText()).toBe('2 cases failed');
    expect(await shownCases(page)).toEqual([
      'hang',
      'sort',
      'probe',
      'loops',
      'old',
      'adc',
      'blink',
    ]);
    expect(await page.title()).toBe('failed: smoke');
  });

  it('filters by outcome, searches, and says how many are left', async () => {
    await using report = await openReport(browser, html);
    const { page } = report;
    await page.getByLabel('Outcome').selectOption('flaky');
    expect(await shownCases(page)).toEqual(['loops']);
    expect(await page.getByRole('status').innerText()).toBe('1 of 7 cases shown');
    await page.getByLabel('Outcome').selectOption('');
    await page.getByLabel('Search').fill('toolchain STEP');
    expect(await shownCases(page)).toEqual(['sort']);
    await page.getByLabel('Search').fill('no such thing');
    expect(await page.getByRole('status').innerText()).toBe('0 of 7 cases shown');
    await page.getByLabel('Search').fill('pins');
    expect(await shownCases(page)).toEqual(['blink']);
  });

  it('sorts by a column, either way', async () => {
    await using report = await openReport(browser, html);
    const { page } = report;
    const header = page.getByRole('columnheader', { name: 'case' });
    await header.getByRole('button').click();
    const names = ['adc', 'blink', 'hang', 'loops', 'old', 'probe', 'sort'];
    expect(await shownCases(page)).toEqual(names);
    expect(await header.getAttribute('aria-sort')).toBe('ascending');
    await header.getByRole('button').click();
    expect(await shownCases(page)).toEqual(names.toReversed());
    expect(await header.getAttribute('aria-sort')).toBe('descending');
  });

  it('leads to a case and back, to where one was', async () => {
    await using report = await openReport(browser, html);
    const { page } = report;
    await page.getByLabel('Outcome').selectOption('failed');
    await page.getByRole('link', { name: 'sort' }).click();
    await expectHeading(page, 'sort');
    expect(await page.title()).toBe('sort - failed: smoke');
    await page.goBack();
    await expectHeading(page, 'FAILED [firmware]');
    expect(await shownCases(page)).toEqual(['hang', 'sort']);
  });

  it('is used by keyboard alone', async () => {
    await using report = await openReport(browser, html);
    const { page } = report;
    await page.keyboard.press('Tab');
    expect(await page.locator(':focus').innerText()).toBe('Skip to the content');
    await page.keyboard.press('Enter');
    expect(await page.locator(':focus').getAttribute('id')).toBe('main');
    const steps = { outcome: 1, search: 2, scroll: 3, header: 4 };
    for (let step = 0; step < steps.search; step += 1) await page.keyboard.press('Tab');
    await page.keyboard.type('sort');
    expect(await shownCases(page)).toEqual(['sort']);
    await page.getByRole('link', { name: 'sort' }).focus();
    await page.keyboard.press('Enter');
    await expectHeading(page, 'sort');
  });

  it('shows a divergence: the line marked, both sides, what differs, whose fault', async () => {
    await using report = await openReport(browser, html, { hash: '#/case/sort' });
    const { page } = report;
    expect(await page.locator('.source mark').first().innerText()).toBe('total - less;');
    const text = await page.locator('main').innerText();
    expect(text).toContain('Board and model part at step 9');
    expect(text).toContain(
      'A wrong step (found by bisection; an earlier change may have been undone).',
    );
    expect(text).toContain('since step 3, ADD: model x; board y');
    expect(text).toContain('top of stack -33, stack depth 1');
    expect(text).toContain('Whose fault: toolchain');
    expect(text).toContain('1 2 3');
    const row = page.getByRole('row', { name: 'slot 0' });
    expect(await row.innerText()).toMatch(/33\s+-33\s+differs/);
  });

  it('shows attempts, the flake, and what was done to the board', async () => {
    await using report = await openReport(browser, html, { hash: '#/case/loops' });
    const { page } = report;
    const text = await page.locator('main').innerText();
    expect(text).toContain('The flake goes with: board. other boards pass it');
    expect(await page.locator('details.attempt').count()).toBe(2);
    expect(await page.locator('details.attempt[open] > summary').innerText()).toBe(
      'Attempt 1 on native: failed',
    );
    expect(text).toMatch(/reflash: worked \(4\.0 s\) HELLO/);
  });

  it('shows what the probe found, and what helps', async () => {
    await using report = await openReport(browser, html, { hash: '#/case/probe' });
    const text = await report.page.locator('main').innerText();
    expect(text).toContain('What helps: plug it in');
    expect(text).toContain('#0 handler () at vm.c:12');
    expect(text).toContain('0x08000123');
    expect(text).toContain('holds another firmware');
    expect(text).toContain('the core read where nothing is');
  });

  it('shows what the board said of itself, per case and per bench, and what to do about a bench that is lost', async () => {
    const health =
      'reset by pin, software; 816 of 3072 bytes of C stack used at most; 2 received bytes lost';
    const crash = 'the run before crashed at pc 0x08000100: the core is in BusFault';
    await using report = await openReport(browser, html, { hash: '#/case/blink' });
    const { page } = report;
    const main = page.locator('main');
    expect(await main.innerText()).toContain(`${health}\n${crash}`);
    await page.getByRole('link', { name: 'All cases' }).click();
    await expectHeading(page, 'FAILED [firmware]');
    const table = page.getByRole('region', { name: 'Benches' });
    expect(await table.innerText()).toContain(`${health}\n${crash}`);
    expect(await table.getByRole('row', { name: 'second' }).innerText()).toContain(
      'wedged: no answer after hang (fix: unplug the board, plug it in again and ask cockpit-hil doctor --bench second.yaml;',
    );
  });

  it('says of a run that was broken off in words how far it came, and where the time went', async () => {
    await using report = await openReport(browser, html, { hash: '#/case/hang' });
    const text = await report.page.locator('main').innerText();
    expect(text).toContain('13 compared, 5 of them as it ran, the rest afterwards by reruns');
    expect(text).toContain('it was broken off');
    expect(text).toContain('1.5 s wall (run 2.3 s, triage 1.1 s)');
    expect(text).not.toMatch(/autopsy|undefined/);
  });

  it('draws waveforms of model and board, zoomed by buttons, keys and mouse', async () => {
    await using report = await openReport(browser, html, { hash: '#/case/blink' });
    const { page } = report;
    await page.locator('.wave canvas').waitFor();
    const picture = () => page.evaluate("document.querySelector('.wave canvas').toDataURL()");
    const whole = await picture();
    await page.getByRole('button', { name: 'zoom in' }).click();
    await expect.poll(picture).not.toBe(whole);
    await page.getByRole('button', { name: 'all' }).click();
    await expect.poll(picture).toBe(whole);
    await page.locator('.wave').focus();
    await page.keyboard.press('+');
    await expect.poll(picture).not.toBe(whole);
    await page.keyboard.press('0');
    await expect.poll(picture).toBe(whole);
    const box = await page.locator('.wave .u-over').boundingBox();
    if (box === null) throw new Error('the waveform has no place');
    await page.mouse.move(box.x + 0.2 * box.width, box.y + 20);
    await page.mouse.down();
    await page.mouse.move(box.x + 0.6 * box.width, box.y + 20);
    await page.mouse.up();
    await expect.poll(picture).not.toBe(whole);
    await page.getByText('4 changes as a table').click();
    const cells = await page.getByRole('region', { name: 'Changes of pins' }).innerText();
    expect(cells).toMatch(/500\.02 ms\s+pin 13 \(D13\) model\s+0/);
    expect(cells).toMatch(/502\.01 ms\s+pin 13 \(D13\) board\s+0/);
    expect(report.complaints).toEqual([]);
  });

  it('has room for the names beside its waveforms', async () => {
    await using report = await openReport(browser, html, { hash: '#/case/blink' });
    const { page } = report;
    const label = await page.getByLabel(/^Waveforms of /).getAttribute('aria-label');
    const [names] = /(?<=^Waveforms of ).*(?=;)/.exec(label ?? '') ?? [''];
    expect(names).toBe('pin 13 (D13) model, pin 13 (D13) board');
    const room = await page.evaluate<number>(
      `document.querySelectorAll('.wave .u-axis')[1].getBoundingClientRect().width`,
    );
    const [name = ''] = names.split(', ');
    const wanted = await page.evaluate<number>(`(() => {
      const context = document.createElement('canvas').getContext('2d');
      context.font = '12px system-ui, sans-serif';
      return context.measureText(${JSON.stringify(name)}).width;
    })()`);
    expect(room).toBeGreaterThan(wanted);
  });

  it('draws the past', async () => {
    await using report = await openReport(browser, html, { hash: '#/trends' });
    const { page } = report;
    expect(await page.locator('h1').innerText()).toBe('The last 5 runs');
    expect(await page.locator('.chart canvas').count()).toBe(5);
    const rows = await page
      .getByRole('region', { name: 'Runs, newest first' })
      .locator('tr')
      .allInnerTexts();
    expect(rows[1]).toContain('smoke-1 5');
    expect(rows[1]).toContain('30\u202f500');
  });

  it('shows the comparison, with links to the cases', async () => {
    await using report = await openReport(browser, html, { hash: '#/comparison' });
    const { page } = report;
    expect(await page.locator('h1').innerText()).toBe('Worse: newly-failing');
    await page.getByRole('link', { name: 'sort' }).click();
    await expectHeading(page, 'sort');
  });

  it('fits a phone: nothing but tables and code is wider than the screen', async () => {
    const viewport = { width: 360, height: 740 };
    for (const hash of PAGES) {
      await using report = await openReport(browser, html, { hash, viewport });
      const width = await report.page.evaluate('document.documentElement.scrollWidth');
      expect([hash, width]).toEqual([hash, 360]);
    }
  });

  it('says what it can without scripts', async () => {
    await using report = await openReport(browser, html, { javaScriptEnabled: false });
    expect(await report.page.locator('noscript').innerText()).toContain(
      'FAILED [firmware] suite smoke',
    );
  });

  it('says so when a link leads nowhere', async () => {
    await using report = await openReport(browser, html, { hash: '#/case/%zz' });
    expect(await report.page.locator('main').innerText()).toContain('There is no case %zz.');
  });
});

describe('text of boards, programs and suites', () => {
  it('is text wherever it stands, and none of it runs', async () => {
    const evil = await sampleReport(evilNightly());
    const places = ['', `#/case/${encodeURIComponent(EVIL)}`, '#/trends', '#/comparison'];
    for (const hash of places) {
      await using report = await openReport(browser, evil, { hash });
      const { page } = report;
      // Whatever would have been loaded or run has been by then.
      await page.waitForLoadState('networkidle');
      expect(report.complaints).toEqual([]);
      const elements = await page.locator('main img, main script, main svg, main iframe').count();
      expect([hash, elements]).toEqual([hash, 0]);
      expect(await page.locator('main').innerText()).toContain('<img src=x onerror=alert(1)>');
    }
  });

  it('could not run even if it became markup', async () => {
    await using report = await openReport(browser, html);
    const { page } = report;
    await page.evaluate(`
      const main = document.querySelector('main');
      main.insertAdjacentHTML('beforeend', '<img src="data:," onerror="document.title = 1">');
      const script = document.createElement('script');
      script.textContent = 'document.title = 2';
      main.append(script);
    `);
    await page.waitForLoadState('networkidle');
    expect(await page.title()).toBe('failed: smoke');
    expect(report.complaints.join('\n')).toContain('Content Security Policy');
  });
});
