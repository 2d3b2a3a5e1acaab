import { describe, expect, it } from 'vitest';
import { functionAt, sourceAround, sourceLocation } from '../../../src/image/index.ts';
import { debugInfo } from './support.ts';

describe('sourceLocation', () => {
  it.each([
    [1, { file: 'a.ino', line: 2, column: 6, text: 'void f() {' }],
    [3, { file: 'a.ino', line: 2, column: 6, text: 'void f() {' }],
    [4, { file: 'a.ino', line: 3, column: 3, text: '  n = 1;' }],
    [60_000, { file: 'a.ino', line: 3, column: 3, text: '  n = 1;' }],
  ])('finds instruction %i', (pc, location) => {
    expect(sourceLocation(debugInfo, pc)).toEqual(location);
  });

  it('knows nothing before the first entry or without debug information', () => {
    expect(sourceLocation(debugInfo, 0)).toBeUndefined();
    expect(sourceLocation(undefined, 1)).toBeUndefined();
  });
});

describe('sourceAround', () => {
  it('has the lines before and after, as far as the file goes', () => {
    expect(
      sourceAround(debugInfo, 4, 1)
        .map(({ line }) => line)
        .slice(0, 2),
    ).toEqual([2, 3]);
    expect(sourceAround(debugInfo, 1, 9)[1]).toEqual({ line: 2, text: 'void f() {' });
    expect(sourceAround(debugInfo, 4, 0)).toEqual([{ line: 3, text: '  n = 1;' }]);
  });

  it('is empty where the source is not known', () => {
    expect(sourceAround(debugInfo, 0, 4)).toEqual([]);
    expect(sourceAround(undefined, 1, 4)).toEqual([]);
  });
});

describe('functionAt', () => {
  it('has start inside and end outside', () => {
    expect(functionAt(debugInfo, 0)).toBeUndefined();
    expect(functionAt(debugInfo, 1)?.name).toBe('f');
    expect(functionAt(debugInfo, 5)?.name).toBe('f');
    expect(functionAt(debugInfo, 6)).toBeUndefined();
    expect(functionAt(undefined, 1)).toBeUndefined();
  });
});
