#include "vm_image.h"

#include <string.h>

#include "vm_crc32.h"
#include "vm_image_layout.h"

/* The CRC is over everything before and after its own field. */
enum { AFTER_CRC = AT_CRC + 4 };

static uint32_t u16_at(const uint8_t *bytes, size_t offset) {
    return (uint32_t)bytes[offset] | ((uint32_t)bytes[offset + 1] << 8);
}

static uint32_t u32_at(const uint8_t *bytes, size_t offset) {
    return u16_at(bytes, offset) | (u16_at(bytes, offset + 2) << 16);
}

/* What can be said of the header alone, before anything in it is believed. */
static cvm_image_reason check_header(const uint8_t *bytes, size_t size) {
    if (bytes == NULL || size < CVM_IMAGE_HEADER_SIZE) {
        return CVM_IMAGE_TOO_SHORT;
    }
    if (memcmp(&bytes[AT_MAGIC], "CVBC", 4) != 0) {
        return CVM_IMAGE_BAD_MAGIC;
    }
    if (bytes[AT_VERSION] != CVM_IMAGE_VERSION) {
        return CVM_IMAGE_BAD_VERSION;
    }
    if ((bytes[AT_FLAGS] & ~(unsigned)CVM_IMAGE_FLAG_DEBUG) != 0) {
        return CVM_IMAGE_BAD_FLAGS;
    }
    if (u16_at(bytes, AT_HEADER_SIZE) != CVM_IMAGE_HEADER_SIZE) {
        return CVM_IMAGE_BAD_HEADER_SIZE;
    }
    if (u32_at(bytes, AT_TOTAL_SIZE) != size) {
        return CVM_IMAGE_BAD_SIZE;
    }
    const uint32_t crc =
        cvm_crc32(cvm_crc32(0, bytes, AT_CRC), &bytes[AFTER_CRC], size - AFTER_CRC);
    if (u32_at(bytes, AT_CRC) != crc) {
        return CVM_IMAGE_BAD_CRC;
    }
    return u32_at(bytes, AT_ISA_HASH) == CVM_ISA_HASH ? CVM_IMAGE_OK : CVM_IMAGE_BAD_ISA;
}

/* No sum here exceeds 32 bits: sizes are compared with what is left of the file before they are
 * added to anything. */
static bool code_is_good(const uint8_t *bytes, uint32_t total) {
    const uint32_t count = u16_at(bytes, AT_INSTRUCTION_COUNT);
    const uint32_t code_size = u32_at(bytes, AT_CODE_SIZE);
    return count > 0 && u32_at(bytes, AT_CODE_OFFSET) == CVM_IMAGE_HEADER_SIZE &&
           code_size == count * CVM_INSTRUCTION_SIZE && code_size <= total - CVM_IMAGE_HEADER_SIZE;
}

/* `section` has `size` bytes, at least the table of count + 1 offsets. */
static bool string_table_is_good(const uint8_t *section, uint32_t size, uint32_t count) {
    const uint32_t table_size = 2U * (count + 1U);
    uint32_t previous = u16_at(section, 0);
    if (previous != 0) {
        return false;
    }
    for (uint32_t i = 1; i <= count; i++) {
        const uint32_t offset = u16_at(section, 2U * (size_t)i);
        if (offset < previous || offset - previous > CVM_PRINT_LENGTH) {
            return false;
        }
        previous = offset;
    }
    return size == table_size + previous;
}

/* The code is good already. */
static bool strings_are_good(const uint8_t *bytes, uint32_t total) {
    const uint32_t offset = u32_at(bytes, AT_STRING_OFFSET);
    const uint32_t size = u32_at(bytes, AT_STRING_SIZE);
    const uint32_t count = u16_at(bytes, AT_STRING_COUNT);
    if (offset != CVM_IMAGE_HEADER_SIZE + u32_at(bytes, AT_CODE_SIZE)) {
        return false;
    }
    if (size > total - offset || size < 2U * (count + 1U)) {
        return false;
    }
    return string_table_is_good(&bytes[offset], size, count);
}

/* The strings are good already. */
static bool debug_is_good(const uint8_t *bytes, uint32_t total) {
    const uint32_t strings_end = u32_at(bytes, AT_STRING_OFFSET) + u32_at(bytes, AT_STRING_SIZE);
    const uint32_t padding = (4U - strings_end % 4U) % 4U;
    const uint32_t offset = u32_at(bytes, AT_DEBUG_OFFSET);
    const uint32_t size = u32_at(bytes, AT_DEBUG_SIZE);
    if (padding > total - strings_end || offset != strings_end + padding ||
        size != total - offset) {
        return false;
    }
    for (uint32_t i = strings_end; i < offset; i++) {
        if (bytes[i] != 0) {
            return false;
        }
    }
    const bool flagged = (bytes[AT_FLAGS] & CVM_IMAGE_FLAG_DEBUG) != 0;
    return flagged == (size != 0);
}

cvm_image_reason cvm_image_open(const uint8_t *bytes, size_t size, cvm_image *out) {
    const cvm_image_reason reason = check_header(bytes, size);
    if (reason != CVM_IMAGE_OK) {
        return reason;
    }
    const uint32_t total = (uint32_t)size;
    const uint32_t count = u16_at(bytes, AT_INSTRUCTION_COUNT);
    const uint32_t entry = u16_at(bytes, AT_ENTRY);
    const uint32_t loop = u16_at(bytes, AT_LOOP);
    if (!code_is_good(bytes, total)) {
        return CVM_IMAGE_BAD_CODE;
    }
    if (!strings_are_good(bytes, total)) {
        return CVM_IMAGE_BAD_STRINGS;
    }
    if (!debug_is_good(bytes, total)) {
        return CVM_IMAGE_BAD_DEBUG;
    }
    if (entry >= count) {
        return CVM_IMAGE_BAD_ENTRY;
    }
    if (loop >= count && loop != CVM_NO_LOOP) {
        return CVM_IMAGE_BAD_LOOP;
    }
    *out = (cvm_image){.code = &bytes[CVM_IMAGE_HEADER_SIZE],
                       .strings = &bytes[u32_at(bytes, AT_STRING_OFFSET)],
                       .instruction_count = (uint16_t)count,
                       .string_count = (uint16_t)u16_at(bytes, AT_STRING_COUNT),
                       .entry = (uint16_t)entry,
                       .loop = (uint16_t)loop};
    return CVM_IMAGE_OK;
}

const char *cvm_image_reason_name(cvm_image_reason reason) {
#define REASON_NAME(name, text) text,
    static const char *const names[] = {CVM_IMAGE_REASONS(REASON_NAME)};
#undef REASON_NAME
    const size_t index = (size_t)reason;
    return index < sizeof names / sizeof names[0] ? names[index] : "unknown";
}
