import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { GENERATED_FILES, ISA_HASH } from '../../../src/isa/index.ts';

const root = join(import.meta.dirname, '../../..');

describe('generated files', () => {
  it.each(GENERATED_FILES.map((file) => [file.path, file] as const))(
    '%s is what src/isa says (else: node scripts/generate-isa.ts)',
    (path, file) => {
      const present = readFileSync(join(root, path), 'utf8');
      expect(present).toBe(file.render(present));
    },
  );
});

describe('the C header', () => {
  const header = readFileSync(join(root, 'firmware/vm/generated/vm_isa.h'), 'utf8');

  it('carries the ISA hash', () => {
    const [, digits] = /#define CVM_ISA_HASH UINT32_C\(0x([0-9A-F]{8})\)/.exec(header) ?? [];
    expect(Number.parseInt(digits ?? '', 16)).toBe(ISA_HASH);
  });

  it.each([
    'CVM_OP_HALT = 0x00,',
    'CVM_OP_SHIFT_RIGHT = 0x65,',
    'X(0x18, PRINTF, printf)',
    'CVM_FLAG_PUSH_WIDE = 2,',
    'CVM_FLAG_RET_VALUE = 1,',
    'CVM_ERR_NONE = 0,',
    'CVM_ERR_INVALID_ARGUMENT = 12,',
    'CVM_STACK_DEPTH = 128,',
    'CVM_CALL_DEPTH = 24,',
    'CVM_VM_DEBUG = 3,',
    'CVM_PIN_INPUT_PULLDOWN = 3,',
    'CVM_EFFECT_ERROR = 5,',
    'CVM_STORE_ARRAY = 0x0400,',
    'CVM_PORT_MICROS = 0x0402,',
  ])('has %s', (text) => {
    expect(header).toContain(text);
  });
});
