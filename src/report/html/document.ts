import { content } from '../xml.ts';
import { pageBundle, policyHash } from './bundle.ts';
import type { PageData } from './data.ts';

/** JSON that can stand in a script element: nothing in it can end that, or begin a comment. */
function embedded(data: PageData): string {
  return JSON.stringify(data)
    .replaceAll('<', '\\u003c')
    .replaceAll('\u2028', '\\u2028')
    .replaceAll('\u2029', '\\u2029');
}

/**
 * A report as one HTML file that needs nothing else. What it shows is data, never markup; and its own policy lets no other script and
 * no other style run, whatever somebody's text may try.
 */
export async function htmlDocument(data: PageData): Promise<string> {
  const { script, style } = await pageBundle();
  const policy = [
    "default-src 'none'",
    `script-src ${policyHash(script)}`,
    `style-src ${policyHash(style)}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  const verdict = data.result?.line ?? data.comparison?.line ?? data.title;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<title>${content(data.title)}</title>
<style>${style}</style>
</head>
<body>
<noscript><p>${content(verdict)}</p><p>The report needs JavaScript to show more.</p></noscript>
<script type="application/json" id="data">${embedded(data)}</script>
<script>${script}</script>
</body>
</html>
`;
}
