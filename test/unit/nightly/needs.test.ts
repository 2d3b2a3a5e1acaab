import { expect, test } from 'vitest';
import { FIDELITY } from '../../../src/bench/index.ts';
import { foundOn, missingNeeds, NEEDS, type Need } from '../../../src/nightly/needs.ts';

const ALL = Object.keys(NEEDS) as Need[];
const lackedBy = (kind: 'nucleo' | 'emulated' | 'native', adc: boolean): string[] => {
  const has = foundOn(kind, { hello: { adc, script: 1024 }, pins: true, probe: true });
  return ALL.filter((need) => !has.has(need));
};

test('an emulated board lacks what its units lack, and silicon', () => {
  const units = FIDELITY.flatMap(({ lacks = [] }) => lacks);
  expect(lackedBy('emulated', false).sort()).toEqual([...new Set([...units, 'silicon'])].sort());
  expect(lackedBy('emulated', false)).toContain('dwt');
});

test('a unit that works is no reason to lack anything but pace', () => {
  const modelled = FIDELITY.filter(({ emulated }) => emulated === 'modelled');
  expect(modelled.flatMap(({ lacks = [] }) => lacks)).toEqual(['steady-clock']);
});

test('a real board has everything, a process neither units nor a chip', () => {
  expect(lackedBy('nucleo', true)).toEqual([]);
  expect(lackedBy('native', true)).toEqual(['analog-out', 'watchdog', 'dwt', 'silicon']);
});

test('each need that is not met says what it means', () => {
  expect(missingNeeds(['watchdog', 'adc'], new Set<Need>(['adc']))).toEqual([
    'watchdog (a watchdog that resets the board)',
  ]);
});
