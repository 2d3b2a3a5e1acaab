#include "wire.h"

#include <string.h>

static const char BASE64[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

enum {
    /** `@`, type, two digits of the number. */
    HEAD_LENGTH = 4,
    /** `*` and four digits. */
    TAIL_LENGTH = 5,
};

/* ---- bytes to lines ---- */

wire_reader_result wire_reader_push(wire_reader *reader, uint8_t byte) {
    if (reader->complete) {
        reader->complete = false;
        reader->length = 0;
    }
    if (byte != '\n') {
        if (reader->length >= WIRE_LINE_MAX) {
            reader->overlong = true;
            return WIRE_NEED_MORE;
        }
        reader->line[reader->length++] = (char)byte;
        return WIRE_NEED_MORE;
    }
    if (reader->length > 0 && reader->line[reader->length - 1] == '\r') {
        reader->length--;
    }
    /* The newline has to fit into WIRE_LINE_MAX as well. */
    const bool overlong = reader->overlong || reader->length > WIRE_LINE_MAX - 1;
    reader->overlong = false;
    reader->complete = true;
    if (overlong) {
        return WIRE_TOO_LONG;
    }
    return WIRE_GOT_LINE;
}

/* ---- lines to frames ---- */

uint16_t wire_crc16(const char *bytes, size_t length) {
    uint16_t crc = 0xFFFF;
    for (size_t i = 0; i < length; i++) {
        crc = (uint16_t)(crc ^ ((uint16_t)(uint8_t)bytes[i] << 8));
        for (int bit = 0; bit < 8; bit++) {
            const uint16_t shifted = (uint16_t)(crc << 1);
            crc = (crc & 0x8000U) != 0 ? (uint16_t)(shifted ^ 0x1021U) : shifted;
        }
    }
    return crc;
}

/** Value of an upper-case hex digit, or -1. */
static int hex_digit(char c) {
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    if (c >= 'A' && c <= 'F') {
        return c - 'A' + 10;
    }
    return -1;
}

static bool parse_hex(const char *text, size_t digits, uint16_t *out) {
    uint32_t value = 0;
    for (size_t i = 0; i < digits; i++) {
        const int digit = hex_digit(text[i]);
        if (digit < 0) {
            return false;
        }
        value = value << 4 | (uint32_t)digit;
    }
    *out = (uint16_t)value;
    return true;
}

static bool is_field_byte(char c) {
    return c >= 0x21 && c <= 0x7E && c != '*' && c != '@';
}

/** Splits ` field field` into fields. */
static bool parse_fields(const char *text, size_t length, wire_frame *out) {
    size_t at = 0;
    out->count = 0;
    while (at < length) {
        if (text[at] != ' ') {
            return false;
        }
        const size_t start = ++at;
        while (at < length && is_field_byte(text[at])) {
            at++;
        }
        if (at == start) {
            return false;
        }
        if (out->count < WIRE_FIELDS_MAX) {
            out->fields[out->count].text = text + start;
            out->fields[out->count].length = (uint16_t)(at - start);
        }
        out->count++;
    }
    return true;
}

bool wire_parse(const char *line, size_t length, wire_frame *out) {
    uint16_t seq = 0;
    if (length < HEAD_LENGTH + TAIL_LENGTH || length > WIRE_LINE_MAX - 1 || line[0] != '@') {
        return false;
    }
    const size_t body = length - TAIL_LENGTH;
    if (line[body] != '*' || !parse_hex(line + body + 1, 4, &out->crc) ||
        wire_crc16(line, body) != out->crc) {
        return false;
    }
    out->type = line[1];
    if (out->type != WIRE_REQUEST && out->type != WIRE_REPLY && out->type != WIRE_REFUSAL &&
        out->type != WIRE_EVENT) {
        return false;
    }
    if (!parse_hex(line + 2, 2, &seq)) {
        return false;
    }
    out->seq = (uint8_t)seq;
    return parse_fields(line + HEAD_LENGTH, body - HEAD_LENGTH, out);
}

bool wire_field_is(const wire_field *field, const char *text) {
    return strlen(text) == field->length && memcmp(field->text, text, field->length) == 0;
}

bool wire_field_u32(const wire_field *field, uint32_t *out) {
    uint32_t value = 0;
    if (field->length == 0 || field->length > 10 || (field->length > 1 && field->text[0] == '0')) {
        return false;
    }
    for (uint16_t i = 0; i < field->length; i++) {
        const char c = field->text[i];
        if (c < '0' || c > '9') {
            return false;
        }
        const uint32_t digit = (uint32_t)(c - '0');
        if (value > (UINT32_MAX - digit) / 10U) {
            return false;
        }
        value = value * 10U + digit;
    }
    *out = value;
    return true;
}

/** Value of a base64 character, or -1. */
static int base64_digit(char c) {
    if (c >= 'A' && c <= 'Z') {
        return c - 'A';
    }
    if (c >= 'a' && c <= 'z') {
        return c - 'a' + 26;
    }
    if (c >= '0' && c <= '9') {
        return c - '0' + 52;
    }
    if (c == '+') {
        return 62;
    }
    return c == '/' ? 63 : -1;
}

bool wire_field_base64(const wire_field *field, uint8_t *out, size_t capacity, size_t *length) {
    const char *text = field->text;
    *length = 0;
    if (wire_field_is(field, "=")) {
        return true;
    }
    if (field->length == 0 || field->length % 4 != 0) {
        return false;
    }
    for (size_t at = 0; at < field->length; at += 4) {
        size_t padding = 0;
        uint32_t bits = 0;
        if (at + 4 == field->length && text[at + 3] == '=') {
            padding = text[at + 2] == '=' ? 2 : 1;
        }
        for (size_t i = 0; i < 4 - padding; i++) {
            const int digit = base64_digit(text[at + i]);
            if (digit < 0) {
                return false;
            }
            bits |= (uint32_t)digit << (18 - 6 * i);
        }
        const size_t bytes = 3 - padding;
        if ((bits & (0xFFFFFFU >> (8 * bytes))) != 0 || capacity - *length < bytes) {
            return false;
        }
        for (size_t i = 0; i < bytes; i++) {
            out[(*length)++] = (uint8_t)(bits >> (16 - 8 * i));
        }
    }
    return true;
}

/* ---- frames to lines ---- */

void wire_begin(wire_writer *writer, char *line, char type, uint8_t seq) {
    text_init(writer, line, WIRE_LINE_MAX);
    text_char(writer, '@');
    text_char(writer, type);
    text_hex(writer, seq, 2);
}

void wire_add_text(wire_writer *writer, const char *text) {
    text_char(writer, ' ');
    text_string(writer, text);
}

void wire_add_u32(wire_writer *writer, uint32_t value) {
    text_char(writer, ' ');
    text_u32(writer, value);
}

void wire_add_base64(wire_writer *writer, const uint8_t *bytes, size_t length) {
    text_char(writer, ' ');
    if (length == 0) {
        text_char(writer, '=');
        return;
    }
    for (size_t at = 0; at < length; at += 3) {
        const size_t count = length - at < 3 ? length - at : 3;
        uint32_t bits = 0;
        for (size_t i = 0; i < count; i++) {
            bits |= (uint32_t)bytes[at + i] << (16 - 8 * i);
        }
        for (size_t i = 0; i < 4; i++) {
            text_char(writer, i <= count ? BASE64[(bits >> (18 - 6 * i)) & 63U] : '=');
        }
    }
}

static void add_key(wire_writer *writer, const char *key) {
    wire_add_text(writer, key);
    text_char(writer, '=');
}

void wire_add_key_text(wire_writer *writer, const char *key, const char *value) {
    add_key(writer, key);
    text_string(writer, value);
}

void wire_add_key_u32(wire_writer *writer, const char *key, uint32_t value) {
    add_key(writer, key);
    text_u32(writer, value);
}

void wire_add_key_hex(wire_writer *writer, const char *key, const uint8_t *bytes, size_t length) {
    add_key(writer, key);
    text_hex_bytes(writer, bytes, length);
}

size_t wire_finish(wire_writer *writer) {
    const uint16_t crc = wire_crc16(writer->bytes, writer->length);
    text_char(writer, '*');
    text_hex(writer, crc, 4);
    text_char(writer, '\n');
    return writer->overflow ? 0 : writer->length;
}
