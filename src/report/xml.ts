/** What XML 1.0 (2.2, Char) has no way to write: most control characters, lone surrogates, U+FFFE and U+FFFF. */
const NO_CHARACTER =
  // eslint-disable-next-line no-control-regex -- control characters are what this is about
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ud800-\udfff\ufffe\uffff]/gu;

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  // A parser would make spaces of them in an attribute.
  '\n': '&#10;',
  '\r': '&#13;',
  '\t': '&#9;',
};

/** Text for an attribute. */
const attribute = (text: string): string =>
  text
    .replaceAll(NO_CHARACTER, '\u{fffd}')
    .replaceAll(/[&<>"\n\r\t]/g, (character) => ENTITIES[character] ?? character);

/** Text between tags; line ends stay as they are. */
export const content = (text: string): string =>
  text
    .replaceAll(NO_CHARACTER, '\u{fffd}')
    .replaceAll(/[&<>\r]/g, (character) => ENTITIES[character] ?? character);

/** An element. @param children markup: elements, or text that went through {@link content} */
export function element(
  name: string,
  attributes: Readonly<Record<string, string | number>>,
  children: readonly string[] = [],
): string {
  const list = Object.entries(attributes).map(
    ([key, value]) => ` ${key}="${attribute(String(value))}"`,
  );
  const open = `<${name}${list.join('')}`;
  return children.length === 0 ? `${open}/>` : `${open}>${children.join('')}</${name}>`;
}
