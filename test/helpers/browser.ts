import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import AxeBuilder from '@axe-core/playwright';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';
import { temporaryFolder } from './folder.ts';

/** Debian's package. */
const CHROMIUM = '/usr/bin/chromium';

/** Starts a headless Chromium. Root has no sandbox. */
export function startBrowser(): Promise<Browser> {
  const args = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  return chromium.launch({ executablePath: CHROMIUM, args });
}

/** A report that is open in a browser. */
export interface OpenReport extends AsyncDisposable {
  readonly page: Page;
  /** Errors and warnings of the page so far, and requests for anything but the file. */
  readonly complaints: readonly string[];
}

/**
 * Opens a report from a file of its own, as somebody who was sent it would.
 * @param hash where in it
 */
export async function openReport(
  browser: Browser,
  html: string,
  options: BrowserContextOptions & { readonly hash?: string } = {},
): Promise<OpenReport> {
  const { hash = '', ...settings } = options;
  const path = join(await temporaryFolder(), 'report.html');
  await writeFile(path, html);
  const url = pathToFileURL(path).href;
  const context = await browser.newContext(settings);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() !== 'log') complaints.push(`${message.type()}: ${message.text()}`);
  });
  page.on('pageerror', (error) => complaints.push(`error: ${error.message}`));
  page.on('dialog', (dialog) => {
    complaints.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('request', (request) => {
    if (!request.url().startsWith(url) && !request.url().startsWith('data:')) {
      complaints.push(`request: ${request.url()}`);
    }
  });
  await page.goto(url + hash);
  return {
    page,
    complaints,
    [Symbol.asyncDispose]: () => context.close(),
  };
}

/** What axe finds wrong with a page for those who don't see it or don't use a mouse (WCAG 2.2 A and AA): rule and elements. */
export async function accessibilityViolations(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'])
    .analyze();
  return violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`,
  );
}
