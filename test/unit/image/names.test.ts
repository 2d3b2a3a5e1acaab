import { describe, expect, it } from 'vitest';
import { localsAt, namesAt, type Program } from '../../../src/image/index.ts';
import { disassemble, opcodeByName } from '../../../src/isa/index.ts';
import { debugInfo, smallProgram } from './support.ts';

const program: Program = { ...smallProgram, debug: debugInfo };
const names = (pc: number): string =>
  localsAt(program, pc)
    .map(({ name, slot }) => `${name}@${slot}`)
    .join(' ');

describe('localsAt', () => {
  it('names a slot from the first instruction of its range to before the end', () => {
    expect([0, 1, 2, 3, 4, 5, 6].map(names)).toEqual([
      '',
      'x@0',
      'x@0 i@1',
      'x@0 i@1',
      'x@0 k@1',
      'x@0',
      '',
    ]);
  });

  it('names nothing without debug information', () => {
    expect(localsAt(smallProgram, 2)).toEqual([]);
  });
});

describe('a listing', () => {
  it('shows the name that a slot has at the instruction', () => {
    const opcode = opcodeByName('LOAD_LOCAL')?.code ?? 0;
    const show = (pc: number, slot: number): string =>
      disassemble({ opcode, flags: 0, immediate: slot }, namesAt(program, pc));
    expect(show(2, 1)).toBe('LOAD_LOCAL 1  ; i');
    expect(show(4, 1)).toBe('LOAD_LOCAL 1  ; k');
    expect(show(5, 1)).toBe('LOAD_LOCAL 1');
    expect(show(5, 0)).toBe('LOAD_LOCAL 0  ; x');
  });
});
