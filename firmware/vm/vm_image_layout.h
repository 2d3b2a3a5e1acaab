/*
 * Offsets of the fields of an image's header (docs/image-format.md), in bytes. For vm_image.c, and
 * for the fuzzer that repairs images; nobody else looks into a header.
 */
#ifndef CVM_IMAGE_LAYOUT_H
#define CVM_IMAGE_LAYOUT_H

enum {
    AT_MAGIC = 0,
    AT_VERSION = 4,
    AT_FLAGS = 5,
    AT_HEADER_SIZE = 6,
    AT_CRC = 8,
    AT_TOTAL_SIZE = 12,
    AT_ISA_HASH = 16,
    AT_ENTRY = 20,
    AT_LOOP = 22,
    AT_INSTRUCTION_COUNT = 24,
    AT_STRING_COUNT = 26,
    AT_CODE_OFFSET = 28,
    AT_CODE_SIZE = 32,
    AT_STRING_OFFSET = 36,
    AT_STRING_SIZE = 40,
    AT_DEBUG_OFFSET = 44,
    AT_DEBUG_SIZE = 48,
};

#endif
