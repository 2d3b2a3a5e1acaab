import type { PageData } from '../data.ts';
import { casePage } from './case-page.ts';
import { comparisonPage } from './comparison-page.ts';
import { h } from './dom.ts';
import { runPage } from './run-page.ts';
import { trendPage } from './trend-page.ts';

const data = JSON.parse(document.getElementById('data')?.textContent ?? '{}') as PageData;
const { result, trends, comparison } = data;
const ids = new Set(result?.cases.map(({ id }) => id));

/** The parts of this file that there are, by where they are. */
const PARTS: readonly (readonly [string, string, () => HTMLElement])[] = [
  ...(result === undefined ? [] : [['#/', 'Run', () => runPage(result)] as const]),
  ...(comparison === undefined
    ? []
    : [['#/comparison', 'Comparison', () => comparisonPage(comparison, ids)] as const]),
  ...(trends === undefined ? [] : [['#/trends', 'Trends', () => trendPage(trends)] as const]),
];

const main = h('main', { id: 'main', tabindex: -1 });
const links = PARTS.map(([hash, name]) => h('a', { href: hash }, name));
/** The run page is kept: its filter and its place are as they were when one comes back. */
let kept: HTMLElement | undefined;

function caseAt(hash: string): HTMLElement | undefined {
  const [, encoded] = /^#\/case\/(.*)$/.exec(hash) ?? [];
  if (encoded === undefined) return undefined;
  let id = encoded;
  try {
    id = decodeURIComponent(encoded);
  } catch {
    // No link of ours.
  }
  const found = result?.cases.find((one) => one.id === id);
  return found === undefined ? h('p', {}, `There is no case ${id}.`) : casePage(found, data);
}

function pageAt(hash: string): HTMLElement {
  const part = PARTS.find(([one]) => one === hash) ?? PARTS[0];
  const found = caseAt(hash);
  if (found !== undefined) return found;
  if (part === undefined) return h('p', {}, 'There is nothing in this report.');
  if (part[0] !== '#/') return part[2]();
  kept ??= part[2]();
  return kept;
}

let top = 0;
let shown = '';

/** Shows the page that the address names. */
function show(): void {
  const { hash } = location;
  if (shown === '#/' || shown === '') top = scrollY;
  main.replaceChildren(pageAt(hash));
  for (const [index, link] of links.entries()) {
    const here = PARTS[index]?.[0] === hash || (hash === '' && index === 0);
    if (here) link.setAttribute('aria-current', 'page');
    else link.removeAttribute('aria-current');
  }
  const heading = main.querySelector('h1')?.textContent ?? '';
  document.title = hash === '' || hash === '#/' ? data.title : `${heading} - ${data.title}`;
  scrollTo(0, hash === '#/' || hash === '' ? top : 0);
  // Those who don't see the page hear the new one; at the start the browser says it itself.
  if (shown !== '') main.focus({ preventScroll: true });
  shown = hash === '' ? '#/' : hash;
}

document.body.replaceChildren(
  h(
    'a',
    {
      class: 'skip',
      href: '#main',
      click: (event) => {
        event.preventDefault();
        main.focus();
      },
    },
    'Skip to the content',
  ),
  h(
    'header',
    {},
    h('span', { class: 'name' }, 'cockpit-hil'),
    h('nav', { 'aria-label': 'Parts' }, links),
  ),
  main,
);
addEventListener('hashchange', show);
// Charts are drawn in the colours of the theme.
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', show);
show();
// How soon the page can be used, layout included, for whoever measures it: milliseconds since it was asked for.
document.documentElement.dataset.readyMs = String(
  Math.round(main.getBoundingClientRect().height > 0 ? performance.now() : -1),
);
