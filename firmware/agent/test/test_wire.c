/** The codec against the golden vectors that the host's codec is tested with too. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "generated/wire_vectors.h"
#include "wire.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/** Feeds bytes and a newline; returns what the last one gave. */
static wire_reader_result feed(wire_reader *reader, const char *bytes, size_t length) {
    for (size_t i = 0; i < length; i++) {
        assert_int_equal(wire_reader_push(reader, (uint8_t)bytes[i]), WIRE_NEED_MORE);
    }
    return wire_reader_push(reader, '\n');
}

static void assert_frame(const golden_frame *golden, const wire_frame *frame) {
    assert_int_equal(frame->type, golden->type);
    assert_int_equal(frame->seq, golden->seq);
    assert_int_equal(frame->count, golden->count);
    for (uint16_t i = 0; i < frame->count; i++) {
        assert_true(wire_field_is(&frame->fields[i], golden->fields[i]));
    }
}

static void frames_are_parsed(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT(GOLDEN_FRAMES); i++) {
        const golden_frame *golden = &GOLDEN_FRAMES[i];
        wire_reader reader = {0};
        wire_frame frame;
        assert_int_equal(feed(&reader, golden->line.bytes, golden->line.length), WIRE_GOT_LINE);
        assert_true(wire_parse(reader.line, reader.length, &frame));
        assert_frame(golden, &frame);
    }
}

static void frames_are_written(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT(GOLDEN_FRAMES); i++) {
        const golden_frame *golden = &GOLDEN_FRAMES[i];
        char line[WIRE_LINE_MAX];
        wire_writer writer;
        wire_begin(&writer, line, golden->type, golden->seq);
        for (uint16_t f = 0; f < golden->count; f++) {
            wire_add_text(&writer, golden->fields[f]);
        }
        assert_int_equal(wire_finish(&writer), golden->line.length + 1);
        assert_memory_equal(line, golden->line.bytes, golden->line.length);
        assert_int_equal(line[golden->line.length], '\n');
    }
}

static void a_line_too_long_is_not_written(void **state) {
    (void)state;
    char line[WIRE_LINE_MAX];
    wire_writer writer;
    wire_begin(&writer, line, WIRE_REPLY, 0);
    for (int i = 0; i < 100; i++) {
        wire_add_text(&writer, "abcdef");
    }
    assert_int_equal(wire_finish(&writer), 0);
}

static void bad_lines_are_dropped(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT(GOLDEN_BAD); i++) {
        const golden_bytes *line = &GOLDEN_BAD[i].line;
        wire_reader reader = {0};
        wire_frame frame;
        if (feed(&reader, line->bytes, line->length) == WIRE_GOT_LINE) {
            assert_false(wire_parse(reader.line, reader.length, &frame));
        }
        /* And the reader is as good as new. */
        const golden_frame *next = &GOLDEN_FRAMES[0];
        assert_int_equal(feed(&reader, next->line.bytes, next->line.length), WIRE_GOT_LINE);
        assert_true(wire_parse(reader.line, reader.length, &frame));
        assert_frame(next, &frame);
    }
}

static void console_text_is_no_frame(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT(GOLDEN_CONSOLE); i++) {
        wire_frame frame;
        assert_false(wire_parse(GOLDEN_CONSOLE[i].bytes, GOLDEN_CONSOLE[i].length, &frame));
    }
}

/** Every byte of every golden frame, replaced by every other value: dropped, or no longer a frame.
 */
static void a_corrupted_byte_never_passes(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT(GOLDEN_FRAMES); i++) {
        const golden_bytes *golden = &GOLDEN_FRAMES[i].line;
        for (size_t at = 0; at < golden->length; at++) {
            for (unsigned value = 0; value < 256; value++) {
                char line[WIRE_LINE_MAX];
                wire_frame frame;
                memcpy(line, golden->bytes, golden->length);
                if ((uint8_t)line[at] == value) {
                    continue;
                }
                line[at] = (char)value;
                assert_false(wire_parse(line, golden->length, &frame));
            }
        }
    }
}

/** Cut at every position, what came before a newline is no frame, nor is what came after it. */
static void a_frame_in_two_lines_never_passes(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT(GOLDEN_FRAMES); i++) {
        const golden_bytes *golden = &GOLDEN_FRAMES[i].line;
        for (size_t at = 0; at < golden->length; at++) {
            wire_frame frame;
            assert_false(wire_parse(golden->bytes, at, &frame));
            if (at > 0) {
                assert_false(wire_parse(golden->bytes + at, golden->length - at, &frame));
            }
        }
    }
}

/** Whatever bytes a read gives at once, the line is the same: the reader sees single bytes only.
   What can differ is what stands before: every prefix of a frame, ended by a newline, then the
   whole frame. */
static void a_broken_line_does_not_harm_the_next(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT(GOLDEN_FRAMES); i++) {
        const golden_frame *golden = &GOLDEN_FRAMES[i];
        for (size_t at = 0; at < golden->line.length; at++) {
            wire_reader reader = {0};
            wire_frame frame;
            assert_int_equal(feed(&reader, golden->line.bytes, at), WIRE_GOT_LINE);
            assert_int_equal(feed(&reader, golden->line.bytes, golden->line.length), WIRE_GOT_LINE);
            assert_true(wire_parse(reader.line, reader.length, &frame));
            assert_frame(golden, &frame);
        }
    }
}

static void line_ends_and_lengths(void **state) {
    (void)state;
    wire_reader reader = {0};
    char longest[WIRE_LINE_MAX + 8];
    memset(longest, 'a', sizeof longest);

    assert_int_equal(feed(&reader, "@Q00 HELLO*06A4\r", 16), WIRE_GOT_LINE);
    assert_int_equal(reader.length, 15);
    assert_int_equal(feed(&reader, "", 0), WIRE_GOT_LINE);
    assert_int_equal(reader.length, 0);

    assert_int_equal(feed(&reader, longest, WIRE_LINE_MAX - 1), WIRE_GOT_LINE);
    assert_int_equal(reader.length, WIRE_LINE_MAX - 1);
    assert_int_equal(feed(&reader, longest, WIRE_LINE_MAX), WIRE_TOO_LONG);
    assert_int_equal(feed(&reader, longest, WIRE_LINE_MAX + 8), WIRE_TOO_LONG);
    longest[WIRE_LINE_MAX - 1] = '\r';
    assert_int_equal(feed(&reader, longest, WIRE_LINE_MAX), WIRE_GOT_LINE);
    assert_int_equal(reader.length, WIRE_LINE_MAX - 1);
    assert_int_equal(feed(&reader, "x", 1), WIRE_GOT_LINE);
    assert_int_equal(reader.length, 1);
}

static wire_field field_of(const char *text) {
    return (wire_field){.text = text, .length = (uint16_t)strlen(text)};
}

static void numbers(void **state) {
    (void)state;
    static const char *const bad[] = {"",   "00", "01",         "+1",          "-1",
                                      "1a", " 1", "4294967296", "10000000000", "0x1"};
    uint32_t value;
    wire_field field = field_of("0");
    assert_true(wire_field_u32(&field, &value));
    assert_int_equal(value, 0);
    field = field_of("4294967295");
    assert_true(wire_field_u32(&field, &value));
    assert_true(value == UINT32_MAX);
    for (size_t i = 0; i < COUNT(bad); i++) {
        field = field_of(bad[i]);
        assert_false(wire_field_u32(&field, &value));
    }
}

static void base64(void **state) {
    (void)state;
    uint8_t bytes[WIRE_LINE_MAX];
    size_t length;
    for (size_t i = 0; i < COUNT(GOLDEN_BASE64); i++) {
        const golden_base64 *golden = &GOLDEN_BASE64[i];
        const wire_field field = field_of(golden->text);
        assert_true(wire_field_base64(&field, bytes, golden->bytes.length, &length));
        assert_int_equal(length, golden->bytes.length);
        assert_memory_equal(bytes, golden->bytes.bytes, length);
        if (length > 0) {
            assert_false(wire_field_base64(&field, bytes, length - 1, &length));
        }

        char line[WIRE_LINE_MAX];
        wire_writer writer;
        wire_begin(&writer, line, WIRE_REPLY, 0);
        const size_t start = writer.length;
        wire_add_base64(&writer, (const uint8_t *)golden->bytes.bytes, golden->bytes.length);
        assert_int_equal(writer.length - start, 1 + strlen(golden->text));
        assert_memory_equal(line + start + 1, golden->text, strlen(golden->text));
    }
    for (size_t i = 0; i < COUNT(GOLDEN_BAD_BASE64); i++) {
        const wire_field field = field_of(GOLDEN_BAD_BASE64[i]);
        assert_false(wire_field_base64(&field, bytes, sizeof bytes, &length));
    }
}

static void varints(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT(GOLDEN_VARINTS); i++) {
        uint8_t bytes[WIRE_VARINT_MAX];
        assert_int_equal(wire_put_varint(bytes, GOLDEN_VARINTS[i].value),
                         GOLDEN_VARINTS[i].bytes.length);
        assert_memory_equal(bytes, GOLDEN_VARINTS[i].bytes.bytes, GOLDEN_VARINTS[i].bytes.length);
    }
}

static void records(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT(GOLDEN_RECORDS); i++) {
        const golden_record *golden = &GOLDEN_RECORDS[i];
        uint8_t bytes[WIRE_LINE_MAX];
        size_t length = 0;
        wire_record_state before = {0};
        for (size_t r = 0; r < golden->count; r++) {
            const golden_effect *from = &golden->effects[r];
            const wire_effect effect = {
                .pc = from->pc,
                .opcode = from->opcode,
                .kind = from->kind,
                .sp = from->sp,
                .address = from->address,
                .value = from->value,
                .text = (const uint8_t *)from->text.bytes,
                .text_length = (uint8_t)from->text.length,
            };
            uint8_t one[WIRE_RECORD_MAX];
            wire_record_state trial = before;
            const size_t added = wire_put_record(one, sizeof one, &trial, &effect);
            assert_true(added > 0);
            assert_int_equal(wire_put_record(bytes + length, added - 1, &before, &effect), 0);
            assert_int_equal(wire_put_record(bytes + length, added, &before, &effect), added);
            length += added;
        }
        assert_int_equal(length, golden->bytes.length);
        assert_memory_equal(bytes, golden->bytes.bytes, length);
    }
}

static void inputs(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT(GOLDEN_INPUTS); i++) {
        const golden_inputs *golden = &GOLDEN_INPUTS[i];
        uint8_t bytes[WIRE_CHUNK_BYTES];
        size_t length = 0;
        uint32_t before = 0;
        for (size_t r = 0; r < golden->count; r++) {
            const golden_input *it = &golden->inputs[r];
            uint8_t one[WIRE_INPUT_MAX];
            const uint32_t steps = it->offset - before;
            const size_t added = wire_put_input(one, sizeof one, steps, it->port, it->value);
            assert_true(added > 0);
            assert_int_equal(wire_put_input(bytes + length, added - 1, steps, it->port, it->value),
                             0);
            assert_int_equal(wire_put_input(bytes + length, added, steps, it->port, it->value),
                             added);
            length += added;
            before = it->offset;
        }
        assert_int_equal(length, golden->bytes.length);
        assert_memory_equal(bytes, golden->bytes.bytes, length);
    }
}

static void checkpoints(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT(GOLDEN_CHECKPOINTS); i++) {
        const golden_checkpoint *golden = &GOLDEN_CHECKPOINTS[i];
        const wire_check check = {.epoch = golden->epoch,
                                  .next_step = golden->end_step,
                                  .stream_hash = golden->stream,
                                  .state_hash = golden->state,
                                  .inputs = golden->inputs};
        uint8_t bytes[WIRE_CHECK_BYTES];
        assert_int_equal(wire_put_check(bytes, &check), sizeof bytes);
        assert_int_equal(golden->bytes.length, sizeof bytes);
        assert_memory_equal(bytes, golden->bytes.bytes, sizeof bytes);
    }
}

static void checkpoints_of_full_epochs(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT(GOLDEN_FULL); i++) {
        const golden_full *golden = &GOLDEN_FULL[i];
        const wire_check check = {.epoch = golden->epoch,
                                  .next_step = 4711,
                                  .stream_hash = golden->stream,
                                  .state_hash = golden->state,
                                  .full = true};
        uint8_t bytes[WIRE_CHECK_BYTES];
        assert_int_equal(wire_put_check(bytes, &check), WIRE_FULL_BYTES);
        assert_int_equal(golden->bytes.length, WIRE_FULL_BYTES);
        assert_memory_equal(bytes, golden->bytes.bytes, WIRE_FULL_BYTES);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(frames_are_parsed),
        cmocka_unit_test(frames_are_written),
        cmocka_unit_test(a_line_too_long_is_not_written),
        cmocka_unit_test(bad_lines_are_dropped),
        cmocka_unit_test(console_text_is_no_frame),
        cmocka_unit_test(a_corrupted_byte_never_passes),
        cmocka_unit_test(a_frame_in_two_lines_never_passes),
        cmocka_unit_test(a_broken_line_does_not_harm_the_next),
        cmocka_unit_test(line_ends_and_lengths),
        cmocka_unit_test(numbers),
        cmocka_unit_test(base64),
        cmocka_unit_test(varints),
        cmocka_unit_test(records),
        cmocka_unit_test(inputs),
        cmocka_unit_test(checkpoints),
        cmocka_unit_test(checkpoints_of_full_epochs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
