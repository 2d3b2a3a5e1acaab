#include "text.h"

void text_init(text_buffer *text, char *bytes, size_t capacity) {
    text->bytes = bytes;
    text->capacity = capacity;
    text->length = 0;
    text->overflow = false;
}

void text_char(text_buffer *text, char c) {
    if (text->length >= text->capacity) {
        text->overflow = true;
        return;
    }
    text->bytes[text->length++] = c;
}

void text_string(text_buffer *text, const char *string) {
    for (; *string != '\0'; string++) {
        text_char(text, *string);
    }
}

void text_u32(text_buffer *text, uint32_t value) {
    char digits[10];
    int count = 0;
    do {
        digits[count++] = (char)('0' + value % 10U);
        value /= 10U;
    } while (value != 0);
    while (count > 0) {
        text_char(text, digits[--count]);
    }
}

void text_hex(text_buffer *text, uint32_t value, unsigned digits) {
    while (digits > 0) {
        digits--;
        text_char(text, "0123456789ABCDEF"[value >> (4U * digits) & 15U]);
    }
}

void text_hex_bytes(text_buffer *text, const uint8_t *bytes, size_t length) {
    for (size_t i = 0; i < length; i++) {
        text_char(text, "0123456789abcdef"[bytes[i] >> 4]);
        text_char(text, "0123456789abcdef"[bytes[i] & 15]);
    }
}
