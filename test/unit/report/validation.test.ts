import { describe, expect, it } from 'vitest';
import { validationLine, validationPage } from '../../../src/report/index.ts';
import { sampleValidation } from '../../helpers/sample-validation.ts';

const [STEP] = sampleValidation().steps;

describe('a validation, shown', () => {
  it('on a terminal: what was found, and why it is no pass', () => {
    if (STEP === undefined) throw new Error('no step');
    expect(validationLine(STEP)).toBe('ok      identity            uid 0123456789abcdef01234567');
    const failed = {
      ...STEP,
      outcome: 'failed' as const,
      reason: 'stuck\u001b[2J',
      measured: '1 1',
    };
    expect(validationLine(failed)).toBe('FAIL    identity            stuck\u{fffd}[2J; 1 1');
  });

  it('as a page: all of it, and every text escaped', async () => {
    const evil = '<img src=x onerror=alert(1)>';
    const steps = [{ ...sampleValidation().steps[0], outcome: 'failed', reason: evil }];
    const page = await validationPage({
      ...sampleValidation({ by: evil }),
      steps: steps as ReturnType<typeof sampleValidation>['steps'],
    });
    expect(page).not.toContain('<img');
    expect(page.match(/&lt;img src=x onerror=alert\(1\)&gt;/g)).toHaveLength(2);
    expect(page).toContain("default-src 'none'; style-src 'sha256-");
    for (const text of ['2026-11-20T08:00:00.000Z', 'a made-up board, for a test', identityText]) {
      expect(page).toContain(text);
    }
  });
});

const identityText = '0123456789abcdef01234567';
