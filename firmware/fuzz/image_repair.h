/** Makes bytes that a fuzzer mutated look like a program image again, so that it gets past the
 * checks it could never guess. */
#ifndef COCKPIT_FUZZ_IMAGE_REPAIR_H
#define COCKPIT_FUZZ_IMAGE_REPAIR_H

#include <stddef.h>
#include <stdint.h>

/** How much is put right. */
enum image_repair {
    /** Magic, version, header size, total size, ISA hash and CRC-32. */
    IMAGE_REPAIR_ENVELOPE,
    /** Also the offsets and sizes of the sections, as the counts say. */
    IMAGE_REPAIR_SECTIONS,
    /** Also counts, string table, padding, entry and loop: the image is good. */
    IMAGE_REPAIR_ALL,
};

/** Repairs in place; fewer than 64 bytes are left alone. */
void image_repair(uint8_t *image, size_t size, enum image_repair how);

#endif
