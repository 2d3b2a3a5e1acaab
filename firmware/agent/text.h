/** Builds text in a caller's buffer, in place of printf. */
#ifndef COCKPIT_TEXT_H
#define COCKPIT_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** Overflow is sticky: what no longer fits is dropped, and the flag says so. Not terminated. */
typedef struct {
    char *bytes;
    size_t capacity;
    size_t length;
    bool overflow;
} text_buffer;

void text_init(text_buffer *text, char *bytes, size_t capacity);
void text_char(text_buffer *text, char c);
void text_string(text_buffer *text, const char *string);
/** Decimal, no leading zeros. */
void text_u32(text_buffer *text, uint32_t value);
/** Exactly `digits` (1..8) upper-case hex digits: the lowest ones of `value`. */
void text_hex(text_buffer *text, uint32_t value, unsigned digits);
/** Two lower-case hex digits for each byte. */
void text_hex_bytes(text_buffer *text, const uint8_t *bytes, size_t length);

#endif
