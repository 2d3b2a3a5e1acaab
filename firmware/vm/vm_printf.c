#include "vm_printf.h"

#include "vm_engine.h"

/* Where the text goes: at most CVM_PRINT_LENGTH bytes. */
typedef struct sink {
    uint8_t *bytes;
    uint32_t length;
} sink;

/* The values not yet taken. */
typedef struct source {
    const int32_t *next;
    uint32_t left;
} source;

/* A conversion without its type. */
typedef struct spec {
    bool left;      /* flag '-' */
    bool zero;      /* flag '0' */
    uint32_t width; /* bytes; 0 = none */
} spec;

static bool put(sink *out, uint8_t byte) {
    if (out->length >= CVM_PRINT_LENGTH) {
        return false;
    }
    out->bytes[out->length] = byte;
    out->length++;
    return true;
}

static bool put_all(sink *out, const uint8_t *bytes, uint32_t length) {
    for (uint32_t i = 0; i < length; i++) {
        if (!put(out, bytes[i])) {
            return false;
        }
    }
    return true;
}

static bool put_times(sink *out, uint8_t byte, uint32_t count) {
    for (uint32_t i = 0; i < count; i++) {
        if (!put(out, byte)) {
            return false;
        }
    }
    return true;
}

/* The bytes, padded with spaces to the width. */
static bool put_field(sink *out, const spec *how, const uint8_t *bytes, uint32_t length) {
    const uint32_t padding = length < how->width ? how->width - length : 0;
    if (!how->left && !put_times(out, ' ', padding)) {
        return false;
    }
    if (!put_all(out, bytes, length)) {
        return false;
    }
    return !how->left || put_times(out, ' ', padding);
}

/* A number: magnitude in base 10 or 16, with a minus sign if negative. */
static bool put_number(sink *out, const spec *how, uint32_t magnitude, bool negative, uint32_t base,
                       const char *digits) {
    uint8_t text[12]; /* sign and 10 digits */
    uint32_t at = sizeof text;
    do {
        at--;
        text[at] = (uint8_t)digits[magnitude % base];
        magnitude /= base;
    } while (magnitude != 0);
    const uint32_t length = (uint32_t)sizeof text - at + (negative ? 1U : 0U);
    if (how->zero && !how->left && length < how->width) {
        return (!negative || put(out, '-')) && put_times(out, '0', how->width - length) &&
               put_all(out, &text[at], (uint32_t)sizeof text - at);
    }
    if (negative) {
        at--;
        text[at] = '-';
    }
    return put_field(out, how, &text[at], length);
}

static bool put_string(const cvm_engine *engine, sink *out, const spec *how, int32_t id) {
    const uint8_t *bytes = NULL;
    uint8_t length = 0;
    if (id < 0 || id > UINT16_MAX || !cvm_string_at(engine, (uint16_t)id, &bytes, &length)) {
        return false;
    }
    return put_field(out, how, bytes, length);
}

static bool put_conversion(const cvm_engine *engine, sink *out, const spec *how, uint8_t type,
                           int32_t value) {
    static const char lower[] = "0123456789abcdef";
    static const char upper[] = "0123456789ABCDEF";
    const uint32_t bits = (uint32_t)value;
    const uint8_t low = (uint8_t)(bits & 0xFFU);
    switch (type) {
    case 'd':
    case 'i':
        return put_number(out, how, value < 0 ? 0U - bits : bits, value < 0, 10, lower);
    case 'u':
        return put_number(out, how, bits, false, 10, lower);
    case 'x':
        return put_number(out, how, bits, false, 16, lower);
    case 'X':
        return put_number(out, how, bits, false, 16, upper);
    case 'c':
        return !how->zero && put_field(out, how, &low, 1);
    case 's':
        return !how->zero && put_string(engine, out, how, value);
    default:
        return false;
    }
}

static bool is_digit(uint8_t byte) {
    return byte >= '0' && byte <= '9';
}

/* Reads flags and width from format[at] on; the index after them. */
static uint32_t read_spec(const uint8_t *format, uint32_t length, uint32_t at, spec *how) {
    while (at < length && (format[at] == '-' || format[at] == '0')) {
        how->left = how->left || format[at] == '-';
        how->zero = how->zero || format[at] == '0';
        at++;
    }
    for (uint32_t digits = 0; digits < 2 && at < length && is_digit(format[at]); digits++) {
        how->width = how->width * 10U + (uint32_t)(format[at] - '0');
        at++;
    }
    return at;
}

/* The conversion that begins after the '%' before format[*at]; moves *at behind it. */
static bool convert(const cvm_engine *engine, const uint8_t *format, uint32_t length, uint32_t *at,
                    source *in, sink *out) {
    if (*at < length && format[*at] == '%') {
        (*at)++;
        return put(out, '%');
    }
    spec how = {.left = false, .zero = false, .width = 0};
    *at = read_spec(format, length, *at, &how);
    if (*at >= length || in->left == 0) {
        return false;
    }
    const int32_t value = *in->next;
    in->next++;
    in->left--;
    const uint8_t type = format[*at];
    (*at)++;
    return put_conversion(engine, out, &how, type, value);
}

bool cvm_format(const cvm_engine *engine, uint16_t string_id, const int32_t *arguments,
                uint8_t count, uint8_t *out, uint8_t *length) {
    const uint8_t *format = NULL;
    uint8_t format_length = 0;
    if (!cvm_string_at(engine, string_id, &format, &format_length)) {
        return false;
    }
    source in = {.next = arguments, .left = count};
    sink text = {.bytes = out, .length = 0};
    uint32_t at = 0;
    while (at < format_length) {
        const uint8_t byte = format[at];
        at++;
        const bool good = byte == '%' ? convert(engine, format, format_length, &at, &in, &text)
                                      : put(&text, byte);
        if (!good) {
            return false;
        }
    }
    *length = (uint8_t)text.length;
    return in.left == 0;
}
