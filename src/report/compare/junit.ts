import type { CaseChange, Comparison, FindingKind } from '../../compare/index.ts';
import { content, element } from '../xml.ts';
import { comparisonLine, kindsText, TITLES } from './text.ts';

const NAME = 'cockpit-hil compare';

function testcase({ id, findings }: CaseChange, failOn: readonly FindingKind[]): string {
  const bad = findings.filter(({ kind }) => failOn.includes(kind));
  const text = findings.flatMap(({ kind, text: what, details }) => [
    `${TITLES[kind]}: ${what}`,
    ...details,
  ]);
  const [worst] = bad;
  const body =
    worst === undefined
      ? element('system-out', {}, [content(text.join('\n'))])
      : element('failure', { message: worst.text, type: worst.kind }, [content(text.join('\n'))]);
  return element('testcase', { name: id, classname: 'cockpit-hil.compare', time: 0 }, [body]);
}

/**
 * A comparison as JUnit XML: a test case for each case about which something was found, and one for the firmware's size.
 * @param failOn kinds that are failures
 */
export function comparisonJunit(comparison: Comparison, failOn: readonly FindingKind[]): string {
  const { cases, footprints, stacks, after, before } = comparison;
  const sizes: CaseChange[] = footprints.map(({ bench, flash, ram }) => ({
    id: `firmware of ${bench}`,
    before: undefined,
    after: undefined,
    findings: [flash, ram].flatMap(({ name, before: was = 0, after: is = 0 }) =>
      is > was
        ? [{ kind: 'larger' as const, text: `${name}: ${is} bytes, ${was} before`, details: [] }]
        : [],
    ),
  }));
  const grown = stacks.filter(({ grew }) => grew);
  sizes.push(
    ...grown.map(({ name, before: was, after: is }): CaseChange => ({
      id: `C stack of ${name}`,
      before: undefined,
      after: undefined,
      findings: [
        { kind: 'larger', text: `${is ?? '-'} bytes used, ${was ?? '-'} before`, details: [] },
      ],
    })),
  );
  const all = [...cases, ...sizes.filter(({ findings }) => findings.length > 0)];
  const failures = all.filter(({ findings }) =>
    findings.some(({ kind }) => failOn.includes(kind)),
  ).length;
  const summary = element(
    'testcase',
    { name: 'all other cases', classname: 'cockpit-hil.compare', time: 0 },
    [
      element('system-out', {}, [
        content(`${comparisonLine(comparison, [])}\n${kindsText(comparison)}`),
      ]),
    ],
  );
  const totals = { tests: all.length + 1, failures, errors: 0, skipped: 0, time: 0 };
  const properties = element('properties', {}, [
    element('property', { name: 'before', value: before.id }),
    element('property', { name: 'after', value: after.id }),
  ]);
  const suite = element('testsuite', { name: NAME, ...totals }, [
    properties,
    ...all.map((one) => testcase(one, failOn)),
    summary,
  ]);
  return `<?xml version="1.0" encoding="UTF-8"?>\n${element('testsuites', { name: NAME, ...totals }, [suite])}\n`;
}
