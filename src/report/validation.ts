import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { ValidationRecord, ValidationStep } from '../results/index.ts';
import { policyHash } from './html/index.ts';
import { printable, seconds } from './text.ts';
import { content, element } from './xml.ts';

const WORDS = { passed: 'ok', failed: 'FAIL', skipped: 'skip' } as const;

/** What there is to say of a step: what was measured, and why it didn't pass. */
const foundText = ({ measured, reason }: ValidationStep): string =>
  [reason, measured].filter((text) => text !== undefined && text !== '').join('; ');

/** One step on a terminal. */
export function validationLine(step: ValidationStep): string {
  const { id, outcome } = step;
  return printable(`${WORDS[outcome].padEnd(6)}  ${id.padEnd(18)}  ${foundText(step)}`);
}

const cell = (text: string): string => element('td', {}, [content(text)]);
const row = (cells: readonly string[]): string => element('tr', {}, cells);

function stepRow(step: ValidationStep): string {
  const { id, title, expects, outcome, ms } = step;
  const what = element('td', {}, [
    content(title),
    '<br>',
    element('small', {}, [content(expects)]),
  ]);
  return row([cell(outcome), cell(id), what, cell(foundText(step)), cell(seconds(ms))]);
}

function facts(record: ValidationRecord): readonly (readonly [string, string])[] {
  const { by, attended, startedAt, bench, identity, environment, command } = record;
  const { git } = environment;
  return [
    ['signed by', by ?? 'nobody'],
    ['date', startedAt],
    ['ran on', bench.ranOn],
    ['bench', `${bench.name} (${bench.kind})`],
    ['board', identity.board],
    ['unique number', identity.uid],
    ['probe', `${identity.probe?.version ?? 'none'} ${identity.probe?.serial ?? ''}`.trim()],
    ['MCU', identity.mcuId ?? 'not read'],
    ['firmware', `${identity.firmware}, ELF ${identity.elf}`],
    [
      'harness',
      git === undefined ? environment.harness : `${git.commit}${git.dirty ? ', changed' : ''}`,
    ],
    ['a person was there', attended ? 'yes' : 'no'],
    ['command', command],
  ];
}

/** A validation as one HTML file without a script: every text in it is escaped, and its policy lets nothing run but its own style. */
export async function validationPage(record: ValidationRecord): Promise<string> {
  const style = await readFile(
    fileURLToPath(new URL('html/page/style.css', import.meta.url)),
    'utf8',
  );
  const { bench, verdict, steps } = record;
  const title = `${verdict.outcome}: validation of ${bench.name}`;
  const policy = `default-src 'none'; style-src ${policyHash(style)}; base-uri 'none'; form-action 'none'`;
  const about = facts(record).map(([what, text]) =>
    row([element('th', { scope: 'row' }, [content(what)]), cell(text)]),
  );
  const heads = ['outcome', 'step', 'what is expected', 'found', 'took'].map((text) =>
    element('th', { scope: 'col' }, [text]),
  );
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
${element('meta', { 'http-equiv': 'Content-Security-Policy', content: policy }).replace('/>', '>')}
<title>${content(title)}</title>
<style>${style}</style>
</head>
<body>
<main>
<h1>${content(title)}</h1>
<p>${content(verdict.summary)}</p>
<table><tbody>
${about.join('\n')}
</tbody></table>
<h2>Steps</h2>
<div class="scroll" tabindex="0" role="region" aria-label="Steps">
<table>
<thead>${row(heads)}</thead>
<tbody>
${steps.map(stepRow).join('\n')}
</tbody></table>
</div>
</main>
</body>
</html>
`;
}
