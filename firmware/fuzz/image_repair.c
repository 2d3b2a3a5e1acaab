#include "image_repair.h"

#include <string.h>

#include "vm_crc32.h"
#include "vm_image.h"
#include "vm_image_layout.h"

enum {
    /** A header, an instruction, an empty string table, and some room. */
    SMALLEST = 64,
};

static uint32_t get_u16(const uint8_t *at) {
    return (uint32_t)at[0] | (uint32_t)at[1] << 8;
}

static void put_u16(uint8_t *at, uint32_t value) {
    at[0] = (uint8_t)value;
    at[1] = (uint8_t)(value >> 8);
}

static void put_u32(uint8_t *at, uint32_t value) {
    put_u16(at, value);
    put_u16(at + 2, value >> 16);
}

/** Cuts the counts to what fits, and entry and loop to the code. */
static void repair_counts(uint8_t *image, uint32_t size) {
    uint32_t count = get_u16(image + AT_INSTRUCTION_COUNT);
    const uint32_t most = (size - CVM_IMAGE_HEADER_SIZE - 4U) / 4U;
    count = count == 0 ? 1 : count;
    count = count > most ? most : count;
    put_u16(image + AT_INSTRUCTION_COUNT, count);
    put_u16(image + AT_ENTRY, get_u16(image + AT_ENTRY) % count);
    if (get_u16(image + AT_LOOP) >= count) {
        put_u16(image + AT_LOOP, CVM_NO_LOOP);
    }
    const uint32_t room = size - CVM_IMAGE_HEADER_SIZE - 4U * count;
    const uint32_t most_strings = (room - 2U) / 2U;
    const uint32_t strings = get_u16(image + AT_STRING_COUNT);
    put_u16(image + AT_STRING_COUNT, strings > most_strings ? most_strings : strings);
}

/** Makes the offsets rise, by 255 at most, and stay within `room` bytes of text. */
static void repair_table(uint8_t *table, uint32_t count, uint32_t room) {
    uint32_t before = 0;
    put_u16(table, 0);
    for (uint32_t i = 1; i <= count; i++) {
        uint32_t end = get_u16(table + 2 * (size_t)i);
        end = end < before ? before : end;
        end = end > before + CVM_PRINT_LENGTH ? before + CVM_PRINT_LENGTH : end;
        end = end > room ? room : end;
        put_u16(table + 2 * (size_t)i, end);
        before = end;
    }
}

/** Offsets and sizes from the counts. The table need not be good, nor within the image. */
static void repair_sections(uint8_t *image, uint32_t size, enum image_repair how) {
    const uint32_t code_size = 4U * get_u16(image + AT_INSTRUCTION_COUNT);
    const uint32_t strings_at = CVM_IMAGE_HEADER_SIZE + code_size;
    const uint32_t count = get_u16(image + AT_STRING_COUNT);
    const uint32_t table_size = 2U * (count + 1U);
    put_u32(image + AT_CODE_OFFSET, CVM_IMAGE_HEADER_SIZE);
    put_u32(image + AT_CODE_SIZE, code_size);
    put_u32(image + AT_STRING_OFFSET, strings_at);
    if (strings_at + table_size > size) {
        return;
    }
    if (how == IMAGE_REPAIR_ALL) {
        /* Three bytes less, so that the padding fits as well. */
        const uint32_t room = size - strings_at - table_size;
        repair_table(image + strings_at, count, room < 3 ? 0 : room - 3);
    }
    const uint32_t string_size = table_size + get_u16(image + strings_at + 2U * (size_t)count);
    const uint32_t strings_end = strings_at + string_size;
    const uint32_t debug_at = (strings_end + 3U) & ~3U;
    put_u32(image + AT_STRING_SIZE, string_size);
    put_u32(image + AT_DEBUG_OFFSET, debug_at);
    if (debug_at > size) {
        return;
    }
    put_u32(image + AT_DEBUG_SIZE, size - debug_at);
    if (how == IMAGE_REPAIR_ALL) {
        memset(image + strings_end, 0, debug_at - strings_end);
        image[AT_FLAGS] = size > debug_at ? CVM_IMAGE_FLAG_DEBUG : 0;
    }
}

void image_repair(uint8_t *image, size_t size, enum image_repair how) {
    if (size < SMALLEST) {
        return;
    }
    memcpy(image, "CVBC", 4);
    image[AT_VERSION] = CVM_IMAGE_VERSION;
    image[AT_FLAGS] &= CVM_IMAGE_FLAG_DEBUG;
    put_u16(image + AT_HEADER_SIZE, CVM_IMAGE_HEADER_SIZE);
    put_u32(image + AT_TOTAL_SIZE, (uint32_t)size);
    put_u32(image + AT_ISA_HASH, CVM_ISA_HASH);
    if (how == IMAGE_REPAIR_ALL) {
        repair_counts(image, (uint32_t)size);
    }
    if (how != IMAGE_REPAIR_ENVELOPE) {
        repair_sections(image, (uint32_t)size, how);
    }
    const uint32_t crc = cvm_crc32(0, image, AT_CRC);
    put_u32(image + AT_CRC, cvm_crc32(crc, image + AT_TOTAL_SIZE, size - AT_TOTAL_SIZE));
}
