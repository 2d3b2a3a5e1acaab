import type { Mutant, Sight } from '../types.ts';
import { mutant } from './predicates.ts';

const IMAGE = 'vm/vm_image.c';
const POOL = 'vm/vm_pool.c';
const INSTANCE = 'vm/vm_instance.c';

const IMAGES: Sight = {
  kind: 'leg',
  leg: 'images',
  reason:
    'A run begins with a good image; what a bad one is refused for shows when bad ones are uploaded.',
};
const TOGETHER: Sight = {
  kind: 'leg',
  leg: 'together',
  reason: 'A run of one program uses one VM.',
};
const UNIT: Sight = {
  kind: 'leg',
  leg: 'c-unit',
  reason: 'The agent opens its four VMs once and never gives one back while it runs.',
};

/** The checks of program images, and the pool of VMs. */
export const LOADING: readonly Mutant[] = [
  mutant('image-magic', 'image loader', IMAGE, '"CVBC", 4)', '"CVBC", 3)', IMAGES),
  mutant(
    'image-version',
    'image loader',
    IMAGE,
    'bytes[AT_VERSION] != CVM_IMAGE_VERSION',
    'bytes[AT_VERSION] < CVM_IMAGE_VERSION',
    IMAGES,
  ),
  mutant(
    'image-flags',
    'image loader',
    IMAGE,
    '(bytes[AT_FLAGS] & ~(unsigned)CVM_IMAGE_FLAG_DEBUG) != 0',
    '(bytes[AT_FLAGS] & 0x80U & ~(unsigned)CVM_IMAGE_FLAG_DEBUG) != 0',
    IMAGES,
  ),
  mutant(
    'image-crc',
    'image loader',
    IMAGE,
    'if (u32_at(bytes, AT_CRC) != crc) {',
    'if (u32_at(bytes, AT_CRC) != crc && crc == 0) {',
    IMAGES,
  ),
  mutant(
    'image-isa',
    'image loader',
    IMAGE,
    'return u32_at(bytes, AT_ISA_HASH) == CVM_ISA_HASH ? CVM_IMAGE_OK : CVM_IMAGE_BAD_ISA;',
    'return CVM_IMAGE_OK;',
    IMAGES,
  ),
  mutant(
    'image-code-offset',
    'image loader',
    IMAGE,
    'count > 0 && u32_at(bytes, AT_CODE_OFFSET) == CVM_IMAGE_HEADER_SIZE &&',
    'count > 0 &&',
    IMAGES,
  ),
  mutant(
    'image-code-size',
    'image loader',
    IMAGE,
    'code_size == count * CVM_INSTRUCTION_SIZE &&',
    'code_size >= count * CVM_INSTRUCTION_SIZE &&',
    IMAGES,
  ),
  mutant(
    'image-first-string',
    'image loader',
    IMAGE,
    'if (previous != 0) {\n        return false;\n    }\n',
    '',
    IMAGES,
  ),
  mutant(
    'image-string-256',
    'image loader',
    IMAGE,
    'offset - previous > CVM_PRINT_LENGTH',
    'offset - previous > CVM_PRINT_LENGTH + 1',
    {
      kind: 'leg',
      leg: 'c-unit',
      reason: 'The host writes no image with such a string, and hardly any mutated image has one.',
    },
  ),
  mutant(
    'image-strings-end',
    'image loader',
    IMAGE,
    'return size == table_size + previous;',
    'return size >= table_size + previous;',
    IMAGES,
  ),
  mutant(
    'image-debug-flag',
    'image loader',
    IMAGE,
    'return flagged == (size != 0);',
    'return flagged || size == 0;',
    IMAGES,
  ),
  mutant(
    'image-entry',
    'image loader',
    IMAGE,
    'if (entry >= count) {',
    'if (entry > count) {',
    IMAGES,
  ),
  mutant(
    'image-loop',
    'image loader',
    IMAGE,
    'if (loop >= count && loop != CVM_NO_LOOP) {',
    'if (loop > count && loop != CVM_NO_LOOP) {',
    IMAGES,
  ),
  mutant(
    'two-vms-one-memory',
    'isolation',
    POOL,
    'cvm_memory_clear(&contexts[id]);\n    return &contexts[id];',
    'cvm_memory_clear(&contexts[id]);\n    return &contexts[id & 2U];',
    TOGETHER,
  ),
  mutant(
    'vm-1-writes-vm-0',
    'isolation',
    INSTANCE,
    'instance->memory = cvm_memory_ops(context);',
    'instance->memory = cvm_memory_ops(id == 1 ? context - 1 : context);',
    TOGETHER,
  ),
  mutant(
    'pool-gives-a-taken-one',
    'isolation',
    POOL,
    'id >= CVM_POOL_SIZE || taken[id]',
    'id >= CVM_POOL_SIZE',
    UNIT,
  ),
  mutant(
    'release-does-not-clear',
    'missed clear',
    POOL,
    '    cvm_secure_clear(&contexts[id], sizeof contexts[id]);\n',
    '',
    UNIT,
  ),
  mutant(
    'release-clears-all-but-one',
    'bound off by one',
    POOL,
    'for (size_t i = 0; i < size; i++) {',
    'for (size_t i = 0; i + 1 < size; i++) {',
    UNIT,
  ),
];
