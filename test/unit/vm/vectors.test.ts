import { describe, expect, it } from 'vitest';
import { describeVectors } from '../../helpers/vectors/suite.ts';
import { vectorHoles } from '../../helpers/vectors/coverage.ts';
import { loadVectors } from '../../helpers/vectors/vectors.ts';

describeVectors('model');

describe('the vectors', () => {
  it('have cases for every opcode, fault and kind of flags', () => {
    expect(vectorHoles(loadVectors().vectors)).toEqual([]);
  });
});
