import { describe, expect, it } from 'vitest';
import { statements } from './support.ts';

/** C's binary operators (ISO C11, 6.5.5 to 6.5.14), the tightest first; each row is left-associative. */
const ROWS = ['* / %', '+ -', '<< >>', '< > <= >=', '== !=', '&', '^', '|', '&&', '||'].map((row) =>
  row.split(' '),
);
const OPERATORS = ROWS.flat();
const rank = (operator: string): number => ROWS.findIndex((row) => row.includes(operator));

const VARIABLES = 'int a, b, c, d, e, r;';
const code = (expression: string): string[] => statements(`r = ${expression};`, VARIABLES);

describe('binary operators bind as in C', () => {
  it.each(OPERATORS)('%s beside every other', (first) => {
    for (const second of OPERATORS) {
      const left = rank(first) <= rank(second);
      const meant = left ? `(a ${first} b) ${second} c` : `a ${first} (b ${second} c)`;
      const other = left ? `a ${first} (b ${second} c)` : `(a ${first} b) ${second} c`;
      const written = code(`a ${first} b ${second} c`);
      expect(written, `a ${first} b ${second} c`).toEqual(code(meant));
      // a && (b && c) is the same program as (a && b) && c.
      const same = first === second && (first === '&&' || first === '||');
      if (!same) expect(written, `a ${first} b ${second} c`).not.toEqual(code(other));
    }
  });
});

describe('the other operators bind as in C', () => {
  it.each([
    ['-a * b', '(-a) * b'],
    ['!a == b', '(!a) == b'],
    ['~a & b', '(~a) & b'],
    ['- - a', '-(-a)'],
    ['!~-a', '!(~(-a))'],
    ['-a++', '-(a++)'],
    ['a++ + ++b', '(a++) + (++b)'],
    ['a---b', '(a--) - b'],
    ['(byte)a + b', '((byte)a) + b'],
    ['(byte)-a', '(byte)(-a)'],
    ['a ? b : c ? d : e', 'a ? b : (c ? d : e)'],
    ['a ? b ? c : d : e', 'a ? (b ? c : d) : e'],
    ['a || b ? c : d', '(a || b) ? c : d'],
    ['a ? b, c : d', 'a ? (b, c) : d'],
    ['b = c = d', 'b = (c = d)'],
    ['b += c -= d', 'b += (c -= d)'],
    ['b = c ? d : e', 'b = (c ? d : e)'],
    ['b = c || d', 'b = (c || d)'],
  ])('%s is %s', (written, meant) => {
    expect(code(written)).toEqual(code(meant));
  });

  it('a comma is weaker than an assignment', () => {
    expect(code('a, b = c')).toEqual(statements('(r = a), (b = c);', VARIABLES));
  });
});
