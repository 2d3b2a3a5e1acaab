/** What an element may contain. Text stays text: nothing here ever parses markup. */
export type Child = Node | string | number | undefined | false | readonly Child[];

type Value = string | number | boolean | undefined | ((event: Event) => void);

function append(parent: Node, child: Child): void {
  if (child === undefined || child === false) return;
  if (typeof child === 'string' || typeof child === 'number') {
    parent.appendChild(document.createTextNode(String(child)));
  } else if (child instanceof Node) parent.appendChild(child);
  else for (const one of child) append(parent, one);
}

/** An element. A function is a listener for the event of its name; true is an attribute without a value; false and undefined are none. */
export function h<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Readonly<Record<string, Value>> = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') element.addEventListener(name, value);
    else if (value !== undefined && value !== false) {
      element.setAttribute(name, value === true ? '' : String(value));
    }
  }
  append(element, children);
  return element;
}

/** A section with a heading. */
export function section(title: string, ...children: readonly Child[]): HTMLElement {
  return h('section', {}, h('h2', {}, title), ...children);
}

/** A table that may be wider than the screen. @param right numbers of columns to align right */
export function dataTable(
  caption: string,
  header: readonly string[],
  rows: readonly (readonly Child[])[],
  right: readonly number[] = [],
): HTMLElement {
  const kind = (column: number): string | undefined =>
    right.includes(column) ? 'right' : undefined;
  return h(
    'div',
    // Reached by keyboard, to be scrolled.
    { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': caption },
    h(
      'table',
      {},
      h('caption', {}, caption),
      h(
        'thead',
        {},
        h(
          'tr',
          {},
          header.map((text, column) => h('th', { scope: 'col', class: kind(column) }, text)),
        ),
      ),
      h(
        'tbody',
        {},
        rows.map((cells) =>
          h(
            'tr',
            {},
            cells.map((cell, column) =>
              column === 0
                ? h('th', { scope: 'row', class: kind(column) }, cell)
                : h('td', { class: kind(column) }, cell),
            ),
          ),
        ),
      ),
    ),
  );
}

/** Names with their values. Pairs without a value are left out. */
export function pairs(...list: readonly (readonly [string, Child])[]): HTMLElement {
  return h(
    'dl',
    {},
    list.flatMap(([name, value]) =>
      value === undefined || value === '' ? [] : [h('dt', {}, name), h('dd', {}, value)],
    ),
  );
}

/** How something ended, as a coloured word. */
export function badge(outcome: string): HTMLElement {
  return h('span', { class: `badge ${outcome}` }, outcome);
}

/** Text as it is, scrollable. */
export function block(text: string, label: string): HTMLElement {
  return h('pre', { tabindex: 0, role: 'region', 'aria-label': label }, text);
}

/** Texts under each other; undefined when there is none. */
export function lines(texts: readonly string[]): HTMLElement | undefined {
  if (texts.length === 0) return undefined;
  return h(
    'div',
    {},
    texts.map((text) => h('div', {}, text)),
  );
}
