import { expect, it } from 'vitest';
import { aimsExitCode } from '../../../src/cli/require-aims.ts';

const met = { met: true, text: 'a figure' };
const missed = { met: false, text: 'another' };

it.each([
  ['nothing when aims aren’t required', [met, missed], {}, 0, []],
  ['nothing when all are met', [met, met], { require: true }, 0, []],
  [
    'the exit code when they are required',
    [met, missed, met],
    { require: true },
    1,
    ['error: 1 of 3 aims missed, and --require asks for all'],
  ],
])('a missed aim changes %s', (_, aims, options, code, said) => {
  const errors: string[] = [];
  const context = { err: (text: string) => void errors.push(text) };
  expect(aimsExitCode(context, aims, options)).toBe(code);
  expect(errors).toEqual(said);
});
