import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { htmlReport } from '../../../src/report/index.ts';
import { History, resultView } from '../../../src/results/index.ts';
import { EVIL, evilNightly, richNightly, sampleReport } from '../../helpers/sample-report.ts';
import { sampleRun } from '../../helpers/sample-results.ts';

/** The parts of a report file. */
function partsOf(html: string) {
  const one = (pattern: RegExp): string => {
    const found = [...html.matchAll(pattern)];
    if (found.length !== 1) throw new Error(`${found.length} of ${String(pattern)}`);
    return found[0]?.[1] ?? '';
  };
  return {
    policy: one(/<meta http-equiv="Content-Security-Policy" content="([^"]*)">/g),
    style: one(/<style>([^]*?)<\/style>/g),
    data: one(/<script type="application\/json" id="data">([^]*?)<\/script>/g),
    script: one(/<script>([^]*?)<\/script>/g),
  };
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('base64');

describe('a report file', () => {
  let html: string;
  beforeAll(async () => {
    html = await sampleReport(richNightly());
  });

  it('lets its own script and style run and nothing else', () => {
    const { policy, style, script } = partsOf(html);
    expect(policy.split('; ')).toEqual([
      "default-src 'none'",
      `script-src 'sha256-${sha256(script)}'`,
      `style-src 'sha256-${sha256(style)}'`,
      "base-uri 'none'",
      "form-action 'none'",
    ]);
  });

  it('names nothing outside of itself', () => {
    const { data, ...others } = partsOf(html);
    expect(JSON.parse(data)).toMatchObject({ title: 'failed: smoke' });
    const outside = Object.values(others).flatMap(
      (text) => text.match(/\b(https?:)?\/\/[a-z]/gi) ?? [],
    );
    expect(outside).toEqual([]);
    expect(html).not.toMatch(/<(link|img|iframe|object|base)\b/i);
  });

  it('carries every text unchanged and none as markup', async () => {
    const evil = await sampleReport(evilNightly());
    const { data } = partsOf(evil);
    expect(data).not.toMatch(/[<\u2028\u2029]/);
    const page = JSON.parse(data) as { result: { cases: { id: string }[] } };
    expect(page.result.cases.map(({ id }) => id)).toEqual([EVIL]);
    expect(evil).not.toContain('<img');
  });

  it('has the past of the same program, oldest first, and no images of programs', async () => {
    using history = History.open(':memory:');
    const day = (number: number) => `2026-11-0${number}T00:00:00.000Z`;
    history.add(sampleRun({ id: 'b', startedAt: day(2) }));
    history.add(sampleRun({ id: 'a', startedAt: day(1) }));
    history.add(sampleRun({ id: 'other', startedAt: day(3) }, { file: 'other.ino' }));
    const latest = sampleRun(
      { id: 'c', startedAt: day(4) },
      { image: 'aW1hZ2U=', output: 'é\u00c3\u00a9' },
    );
    history.add(latest);
    const view = resultView(latest);
    const { data } = partsOf(await htmlReport({ view, history, last: 2 }));
    const page = JSON.parse(data) as {
      trends: { runs: { id: string }[]; cases: Record<string, { outcomes: string }> };
    };
    expect(page.trends.runs.map(({ id }) => id)).toEqual(['b', 'c']);
    expect(page.trends.cases.sketch?.outcomes).toBe('PP');
    expect(data).not.toContain('aW1hZ2U=');
    // Bytes as a board sent them, as text.
    expect(data).toContain('é');
  });
});
