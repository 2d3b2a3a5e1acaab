/** Scripted inputs (docs/wire.md), by themselves and over the serial line of a fake board. */
#include <stdio.h>
#include <string.h>

#include "fake_board.h"
#include "generated/vm_isa.h"
#include "generated/wire_vectors.h"
#include "script.h"
#include "talk.h"

static bool put(script *it, const golden_bytes *bytes) {
    return script_put(it, 0, (const uint8_t *)bytes->bytes, bytes->length);
}

/** -1: live. */
static int32_t next_read(script *it, uint32_t port) {
    uint32_t value;
    return script_read(it, port, &value) ? (int32_t)value : -1;
}

/* ---- by itself ---- */

static void expect_reads(script *it, const golden_script *golden) {
    for (size_t i = 0; i < golden->count; i++) {
        for (size_t n = 0; n < golden->reads[i].count; n++) {
            assert_int_equal(next_read(it, golden->reads[i].port), golden->reads[i].values[n]);
        }
    }
}

static void golden_scripts_read_as_they_should(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT(GOLDEN_SCRIPTS); i++) {
        script it = {0};
        assert_true(put(&it, &GOLDEN_SCRIPTS[i].bytes));
        assert_true(script_is_whole(&it));
        expect_reads(&it, &GOLDEN_SCRIPTS[i]);
        script_rewind(&it);
        expect_reads(&it, &GOLDEN_SCRIPTS[i]);
    }
}

static void what_is_no_entry_is_refused(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT(GOLDEN_BAD_SCRIPTS); i++) {
        script it = {0};
        if (put(&it, &GOLDEN_BAD_SCRIPTS[i].bytes)) {
            fail_msg("%s was taken", GOLDEN_BAD_SCRIPTS[i].name);
        }
        assert_int_equal(it.length, 0);
    }
}

static void pieces_may_end_anywhere(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT(GOLDEN_SCRIPTS); i++) {
        const golden_bytes *bytes = &GOLDEN_SCRIPTS[i].bytes;
        script it = {0};
        for (size_t at = 0; at < bytes->length; at++) {
            const uint8_t *one = (const uint8_t *)bytes->bytes + at;
            assert_true(script_put(&it, (uint32_t)at, one, 1));
            /* Once more is harmless. */
            assert_true(script_put(&it, (uint32_t)at, one, 1));
        }
        assert_true(script_is_whole(&it));
        expect_reads(&it, &GOLDEN_SCRIPTS[i]);
    }
}

static void a_cut_script_is_not_whole(void **state) {
    (void)state;
    const golden_bytes *bytes = &GOLDEN_SCRIPTS[3].bytes;
    uint32_t whole = 0;
    for (size_t length = 1; length <= bytes->length; length++) {
        script it = {0};
        assert_true(script_put(&it, 0, (const uint8_t *)bytes->bytes, length));
        whole += script_is_whole(&it) ? 1 : 0;
    }
    /* After each of its two entries. */
    assert_int_equal(whole, 2);
}

static void a_script_has_room_for_so_many_bytes(void **state) {
    (void)state;
    static const uint8_t zeros[SCRIPT_BYTES + 1];
    script it = {0};
    const uint8_t entry[] = {4, 0, 0, 255};
    assert_true(script_put(&it, 0, entry, sizeof entry));
    assert_false(script_put(&it, 5, zeros, 1)); /* a byte is missing before it */
    assert_true(script_put(&it, 4, zeros, 510));
    const uint8_t more[] = {5, 0, 0, 253};
    assert_true(script_put(&it, 514, more, sizeof more));
    assert_false(script_put(&it, 518, zeros, SCRIPT_BYTES - 518 + 1));
    assert_true(script_put(&it, 518, zeros, SCRIPT_BYTES - 518));
    assert_true(script_is_whole(&it));
    assert_false(script_put(&it, SCRIPT_BYTES, zeros, 1));
    assert_int_equal(next_read(&it, 5), 0);
}

/* ---- over the line ---- */

/** Reads pins 4 and 5, an analog pin and the button, for ever. */
static const uint32_t READS[] = {
    PUSH(4),  CVM_OP_DIGITAL_READ, CVM_OP_POP, PUSH(5), CVM_OP_DIGITAL_READ,   CVM_OP_POP,
    PUSH(16), CVM_OP_ANALOG_READ,  CVM_OP_POP, PUSH(0), CVM_OP_BUTTON_PRESSED, CVM_OP_POP,
    JMP(0),
};
enum { STEPS_PER_ROUND = COUNT(READS) };

/** Value 0 of the operand stack, whether or not it is still in use. */
static int32_t top_of_stack(void) {
    uint8_t bytes[4];
    peek(0, "stack", 0, 4, bytes);
    return (int32_t)((uint32_t)bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 |
                     (uint32_t)bytes[3] << 24);
}

/** What lies there after so many further steps. */
static int32_t after(unsigned steps) {
    char fields[64];
    (void)snprintf(fields, sizeof fields, "GO 0 free virtual %u 0", steps);
    assert_reply(fields, "R ok");
    rounds(20);
    return top_of_stack();
}

/** As bytes of a SCRIPT request at offset 0. */
static const char *send_script(unsigned vm, const uint8_t *bytes, size_t length) {
    char line[WIRE_LINE_MAX];
    char fields[WIRE_LINE_MAX];
    wire_writer writer;
    (void)snprintf(fields, sizeof fields, "SCRIPT %u 0", vm);
    wire_begin(&writer, line, WIRE_REQUEST, 0);
    wire_add_text(&writer, fields);
    wire_add_base64(&writer, bytes, length);
    const size_t written = wire_finish(&writer);
    /* Between the head and the CRC. */
    (void)snprintf(fields, sizeof fields, "%.*s", (int)(written - 11), line + 5);
    return ask(fields);
}

/** Pin 4: 0, 1 and so on; the button: always 1; the rest is live. */
static const uint8_t SCRIPT_OF_TWO[] = {4, 0, 1, 2, 0, 0, 1, 0, 0, 3, 0, 1, 1, 0};

static void a_program_reads_what_its_script_says(void **state) {
    (void)state;
    program(0, READS, COUNT(READS), 0);
    assert_string_equal(send_script(0, SCRIPT_OF_TWO, sizeof SCRIPT_OF_TWO), "R ok next=14");
    fake.inputs[4] = true;
    fake.inputs[5] = true;
    assert_int_equal(after(2), 0);
    assert_int_equal(after(3), 1);                        /* pin 5, live */
    assert_int_equal(after(3), 1000);                     /* analog, live */
    assert_int_equal(after(3), 1);                        /* the button */
    assert_int_equal(after(2 + STEPS_PER_ROUND - 11), 1); /* pin 4 again */
    assert_int_equal(after(STEPS_PER_ROUND), 0);

    /* From the beginning after a reset. */
    assert_reply("RESET 0", "R ok");
    assert_int_equal(after(2), 0);
    /* No bytes end it, and so does a load. */
    assert_reply("RESET 0", "R ok");
    assert_reply("SCRIPT 0 0 =", "R ok next=0");
    assert_int_equal(after(2), 1);
    assert_string_equal(send_script(0, SCRIPT_OF_TWO, sizeof SCRIPT_OF_TWO), "R ok next=14");
    program(0, READS, COUNT(READS), 0);
    assert_int_equal(after(2), 1);
}

static void what_faults_does_so_in_a_script_too(void **state) {
    (void)state;
    static const uint32_t code[] = {PUSH(4), CVM_OP_ANALOG_READ, CVM_OP_HALT};
    static const uint8_t all[] = {0xFF, 0xFF, 2, 0, 1, 0, 0, 0, 0, 0, 0, 0};
    program(0, code, COUNT(code), CVM_NO_LOOP);
    assert_string_equal(send_script(0, all, sizeof all), "R ok next=12");
    assert_reply("GO 0 free virtual 10 0", "R ok");
    rounds(5);
    assert_status("STATUS 0", "reason=fault");
}

static void bad_requests_are_refused(void **state) {
    (void)state;
    static const uint8_t bad[] = {4, 0, 3, 1, 0, 0};
    static const char refusal[] =
        "X bad-request an_entry_isn't_one_or_bytes_are_missing_before_these";
    assert_reply("SCRIPT 0 0 =", "X bad-vm the_VM_has_no_program");
    assert_reply("SCRIPT 4 0 =", "X bad-vm the_VM_id_is_not_0..3");
    program(0, READS, COUNT(READS), 0);
    assert_reply("SCRIPT 0 0", "X bad-request the_number_of_fields_is_wrong");
    assert_reply("SCRIPT 0 0 ?", "X bad-request the_bytes_are_no_base64");
    assert_reply("SCRIPT 0 1 AAAA", refusal);
    assert_reply("SCRIPT 0 1 =", refusal);
    assert_reply("SCRIPT 0 1024 AAAA", "X no-room the_script_doesn't_fit");
    assert_reply("SCRIPT 0 4294967295 AAAA", "X no-room the_script_doesn't_fit");
    assert_string_equal(send_script(0, bad, sizeof bad), refusal);
    /* Nothing of it was taken: the VM goes, with nothing scripted. */
    fake.inputs[4] = true;
    assert_int_equal(after(2), 1);
    /* An entry that is cut. */
    assert_string_equal(send_script(0, SCRIPT_OF_TWO, sizeof SCRIPT_OF_TWO - 1), "R ok next=13");
    assert_reply("GO 0 free virtual 1 0", "X bad-request the_script_ends_within_an_entry");
    assert_reply("SCRIPT 0 13 AA==", "R ok next=14");
    assert_reply("GO 0 free virtual 4000000000 0", "R ok");
    assert_reply("SCRIPT 0 0 =", "X busy the_VM_runs");
}

static void scripts_lie_beside_images(void **state) {
    (void)state;
    char fields[64];
    /* What remains of the arena is a byte short of a script. */
    const unsigned rest = (unsigned)((sizeof(script) + 3U) & ~3U);
    program(0, READS, COUNT(READS), 0);
    const unsigned used = (unsigned)(52 + 4 * COUNT(READS) + 4);
    (void)snprintf(fields, sizeof fields, "LOAD 1 %u 0", 20480 - used - rest + 4);
    assert_reply(fields, "R ok");
    assert_string_equal(send_script(0, SCRIPT_OF_TWO, sizeof SCRIPT_OF_TWO),
                        "X no-room the_script_doesn't_fit");
    (void)snprintf(fields, sizeof fields, "LOAD 1 %u 0", 20480 - used - rest);
    assert_reply(fields, "R ok");
    assert_string_equal(send_script(0, SCRIPT_OF_TWO, sizeof SCRIPT_OF_TWO), "R ok next=14");
    assert_reply("LOAD 2 4 0", "X no-room no_gap_in_the_arena_is_that_long");
    assert_reply("SCRIPT 0 0 =", "R ok next=0");
    assert_reply("LOAD 2 4 0", "R ok");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(golden_scripts_read_as_they_should),
        cmocka_unit_test(what_is_no_entry_is_refused),
        cmocka_unit_test(pieces_may_end_anywhere),
        cmocka_unit_test(a_cut_script_is_not_whole),
        cmocka_unit_test(a_script_has_room_for_so_many_bytes),
        cmocka_unit_test_setup(a_program_reads_what_its_script_says, talk_start),
        cmocka_unit_test_setup(what_faults_does_so_in_a_script_too, talk_start),
        cmocka_unit_test_setup(bad_requests_are_refused, talk_start),
        cmocka_unit_test_setup(scripts_lie_beside_images, talk_start),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
