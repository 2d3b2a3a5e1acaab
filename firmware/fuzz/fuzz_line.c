/**
 * Hostile lines: bytes through the line reader and the frame parser. What is accepted must be
 * exactly what the writer would have written.
 */
#include <string.h>

#include "fuzz.h"
#include "wire.h"

enum {
    /** First byte of an input: its lines get the right CRC before they are parsed. */
    WITH_CRC = 1,
};

/** A field's value in every reading; whatever can be read must come out the same when written. */
static void check_field(const wire_field *field) {
    static uint8_t bytes[WIRE_LINE_MAX];
    static char line[WIRE_LINE_MAX];
    uint32_t number;
    size_t length;
    wire_writer writer;
    text_init(&writer, line, sizeof line);
    if (wire_field_u32(field, &number)) {
        wire_add_u32(&writer, number);
        FUZZ_REQUIRE(writer.length == field->length + 1U);
        FUZZ_REQUIRE(memcmp(line + 1, field->text, field->length) == 0);
    }
    text_init(&writer, line, sizeof line);
    if (wire_field_base64(field, bytes, sizeof bytes, &length)) {
        wire_add_base64(&writer, bytes, length);
        FUZZ_REQUIRE(writer.length == field->length + 1U);
        FUZZ_REQUIRE(memcmp(line + 1, field->text, field->length) == 0);
    }
    /* With less room than it takes, it must stop at the end. */
    static uint8_t few[5];
    FUZZ_REQUIRE(!wire_field_base64(field, few, sizeof few, &length) || length <= sizeof few);
}

static void check_frame(const wire_frame *frame, const char *line, size_t length) {
    static char again[WIRE_LINE_MAX];
    wire_writer writer;
    wire_begin(&writer, again, frame->type, frame->seq);
    for (size_t i = 0; i < frame->count && i < WIRE_FIELDS_MAX; i++) {
        const wire_field *field = &frame->fields[i];
        FUZZ_REQUIRE(field->length > 0);
        FUZZ_REQUIRE(field->text >= line && field->text + field->length <= line + length);
        check_field(field);
        text_char(&writer, ' ');
        for (size_t at = 0; at < field->length; at++) {
            text_char(&writer, field->text[at]);
        }
    }
    if (frame->count > WIRE_FIELDS_MAX) {
        return;
    }
    FUZZ_REQUIRE(wire_finish(&writer) == length + 1);
    FUZZ_REQUIRE(memcmp(again, line, length) == 0);
}

/** Appends `*` and the CRC, when there is room. */
static size_t with_crc(char *line, size_t length) {
    static char whole[WIRE_LINE_MAX];
    wire_writer writer;
    text_init(&writer, whole, sizeof whole);
    for (size_t i = 0; i < length; i++) {
        text_char(&writer, line[i]);
    }
    const size_t finished = wire_finish(&writer);
    if (finished == 0) {
        return length;
    }
    memcpy(line, whole, finished - 1);
    return finished - 1;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    wire_reader reader = {0};
    static wire_frame frame;
    for (size_t i = 1; i < size; i++) {
        if (wire_reader_push(&reader, data[i]) != WIRE_GOT_LINE) {
            continue;
        }
        FUZZ_REQUIRE(reader.length <= WIRE_LINE_MAX - 1);
        /* A block as long as the line, so that the address sanitizer sees a read beyond it. */
        char line[WIRE_LINE_MAX];
        size_t length = reader.length;
        memcpy(line, reader.line, length);
        if ((data[0] & WITH_CRC) != 0) {
            length = with_crc(line, length);
        }
        char *exact = malloc(length > 0 ? length : 1);
        FUZZ_REQUIRE(exact != NULL);
        memcpy(exact, line, length);
        if (wire_parse(exact, length, &frame)) {
            check_frame(&frame, exact, length);
        }
        free(exact);
    }
    return 0;
}
