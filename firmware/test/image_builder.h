/* Program images made by hand, byte by byte from docs/image-format.md. */
#ifndef IMAGE_BUILDER_H
#define IMAGE_BUILDER_H

#include <stddef.h>
#include <stdint.h>

/* An image built by hand: 3 instructions, strings "ab", "", "xyz" (13 bytes with their table),
 * padding, debug "{}  ". */
enum {
    CODE = 52,
    STRINGS = CODE + 12,
    STRING_BYTES = 8 + 5,
    PADDING = STRINGS + STRING_BYTES,
    DEBUG = PADDING + 3,
    SIZE = DEBUG + 4,
    WITHOUT_DEBUG = DEBUG,
};

typedef struct image {
    uint8_t bytes[SIZE + 8];
    size_t size;
} image;

/* Writes a little-endian value. */
void set16(image *self, size_t at, uint32_t value);
void set32(image *self, size_t at, uint32_t value);

/* CRC-32 a bit at a time, apart from the one under test. */
uint32_t slow_crc(uint32_t crc, const uint8_t *bytes, size_t size);

/* Makes the CRC right again after a change. */
void seal(image *self);

image good_image(void);

#endif
