/** The agent on a fake board, spoken to over its serial line only. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "agent.h"
#include "fake_board.h"
#include "vm_crc32.h"
#include "vm_image.h"
#include "wire.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* ---- talking ---- */

/** A received frame, with a copy of its text. */
typedef struct {
    char text[WIRE_LINE_MAX + 1];
    wire_frame frame;
} message;

static uint8_t next_seq;

/** Writes the line of a request; returns its length. */
static size_t request_line(char line[WIRE_LINE_MAX], uint8_t seq, const char *fields) {
    wire_writer writer;
    wire_begin(&writer, line, WIRE_REQUEST, seq);
    wire_add_text(&writer, fields);
    return wire_finish(&writer);
}

static void receive_bytes(const char *bytes, size_t length) {
    assert_true(length <= FAKE_LINE_BYTES - fake.rx_end);
    memcpy(fake.rx + fake.rx_end, bytes, length);
    fake.rx_end += length;
}

static void rounds(unsigned count) {
    for (unsigned i = 0; i < count; i++) {
        agent_round();
    }
}

/** Takes the next line that the agent sent, without its newline. False when there is none. */
static bool take_line(message *out) {
    const char *start = fake.tx + fake.tx_start;
    const char *end = memchr(start, '\n', fake.tx_end - fake.tx_start);
    if (end == NULL) {
        return false;
    }
    const size_t length = (size_t)(end - start);
    assert_true(length < sizeof out->text);
    memcpy(out->text, start, length);
    out->text[length] = '\0';
    fake.tx_start += length + 1;
    if (fake.tx_start == fake.tx_end) {
        fake.tx_start = fake.tx_end = 0;
    }
    return true;
}

/** Takes lines until a frame of one of the types; console text is passed over. */
static bool take_frame(message *out, const char *types) {
    while (take_line(out)) {
        if (out->text[0] != '@') {
            continue;
        }
        assert_true(wire_parse(out->text, strlen(out->text), &out->frame));
        if (strchr(types, out->frame.type) != NULL) {
            return true;
        }
    }
    return false;
}

/** The text between the head and the CRC, without the space. */
static const char *body(message *it) {
    it->text[strlen(it->text) - 5] = '\0';
    return it->text[4] == '\0' ? "" : it->text + 5;
}

static void send_request(const char *fields) {
    char line[WIRE_LINE_MAX];
    receive_bytes(line, request_line(line, next_seq++, fields));
}

/** Sends a request and gives its reply, `R ` or `X ` before it. Events before it are lost. */
static const char *ask(const char *fields) {
    static message reply;
    static char text[WIRE_LINE_MAX];
    send_request(fields);
    rounds(3);
    assert_true(take_frame(&reply, "RX"));
    assert_int_equal(reply.frame.seq, (uint8_t)(next_seq - 1));
    const char type = reply.frame.type;
    (void)snprintf(text, sizeof text, "%c %.500s", type, body(&reply));
    return text;
}

#define assert_reply(fields, expected) assert_string_equal(ask(fields), expected)

static void assert_status(const char *fields, const char *part) {
    const char *reply = ask(fields);
    if (strstr(reply, part) == NULL) {
        fail_msg("'%s' is not in '%s'", part, reply);
    }
}

/* ---- images ---- */

typedef struct {
    uint8_t bytes[4096];
    size_t size;
} image;

static void put16(image *it, uint32_t value) {
    it->bytes[it->size++] = (uint8_t)value;
    it->bytes[it->size++] = (uint8_t)(value >> 8);
}

static void put32(image *it, uint32_t value) {
    put16(it, value);
    put16(it, value >> 16);
}

/** docs/image-format.md, without strings; an instruction is opcode, flags << 8, immediate << 16. */
static void build(image *it, const uint32_t *code, uint32_t count, uint32_t loop) {
    const uint32_t strings = 52 + 4 * count;
    it->size = 0;
    put32(it, 0x43425643); /* CVBC */
    put32(it, 0x00340001); /* version 1, no flags, header of 52 */
    put32(it, 0);          /* CRC */
    put32(it, strings + 4);
    put32(it, CVM_ISA_HASH);
    put16(it, 0);
    put16(it, loop);
    put16(it, count);
    put16(it, 0);
    put32(it, 52);
    put32(it, 4 * count);
    put32(it, strings);
    put32(it, 2);
    put32(it, strings + 4);
    put32(it, 0);
    for (uint32_t i = 0; i < count; i++) {
        put32(it, code[i]);
    }
    put32(it, 0); /* offset[0], padding */
    const uint32_t head = cvm_crc32(0, it->bytes, 8);
    const uint32_t crc = cvm_crc32(head, it->bytes + 12, it->size - 12);
    for (uint32_t i = 0; i < 4; i++) {
        it->bytes[8 + i] = (uint8_t)(crc >> (8 * i));
    }
}

static void data(unsigned vm, const image *it, size_t offset, size_t length) {
    char fields[WIRE_LINE_MAX];
    char line[WIRE_LINE_MAX];
    char expected[64];
    wire_writer writer;
    wire_begin(&writer, line, WIRE_REQUEST, 0);
    const size_t start = writer.length;
    wire_add_base64(&writer, it->bytes + offset, length);
    (void)snprintf(fields, sizeof fields, "DATA %u %u%.*s", vm, (unsigned)offset,
                   (int)(writer.length - start), line + start);
    (void)snprintf(expected, sizeof expected, "R ok next=%u", (unsigned)(offset + length));
    assert_reply(fields, expected);
}

static void upload(unsigned vm, const image *it) {
    char fields[WIRE_LINE_MAX];
    (void)snprintf(fields, sizeof fields, "LOAD %u %u %u", vm, (unsigned)it->size,
                   (unsigned)cvm_crc32(0, it->bytes, it->size));
    assert_reply(fields, "R ok");
    for (size_t at = 0; at < it->size; at += 300) {
        data(vm, it, at, it->size - at < 300 ? it->size - at : 300);
    }
}

#define PUSH(value) (CVM_OP_PUSH | (uint32_t)(value) << 16)
#define JMP(target) (CVM_OP_JMP | (uint32_t)(target) << 16)

/** Loads and commits a program. */
static void program(unsigned vm, const uint32_t *code, uint32_t count, uint32_t loop) {
    image it;
    char fields[32];
    char expected[64];
    build(&it, code, count, loop);
    upload(vm, &it);
    (void)snprintf(fields, sizeof fields, "COMMIT %u", vm);
    (void)snprintf(expected, sizeof expected, "R ok instructions=%u strings=0", (unsigned)count);
    assert_reply(fields, expected);
}

/** Counts for ever: one round is LOAD, PUSH, ADD, STORE, JMP. */
static const uint32_t COUNTER[] = {
    CVM_OP_LOAD_GLOBAL, PUSH(1), CVM_OP_ADD, CVM_OP_STORE_GLOBAL, JMP(0),
};

/* ---- events ---- */

/** Takes TRACE events until there is none; checks that they follow one another from *next on. */
static unsigned take_trace(uint32_t *next, const char **done) {
    static message event;
    unsigned count = 0;
    *done = NULL;
    while (take_frame(&event, "E")) {
        if (wire_field_is(&event.frame.fields[0], "DONE")) {
            *done = body(&event);
            return count;
        }
        uint32_t first;
        uint32_t steps;
        assert_true(wire_field_is(&event.frame.fields[0], "TRACE"));
        assert_true(wire_field_u32(&event.frame.fields[2], &first));
        assert_true(wire_field_u32(&event.frame.fields[3], &steps));
        assert_int_equal(first, *next);
        *next = first + steps;
        count++;
    }
    return count;
}

static int start(void **state) {
    (void)state;
    fake_reset();
    next_seq = 0;
    agent_start();
    rounds(1);
    fake.tx_start = fake.tx_end = 0;
    return 0;
}

/* ---- tests ---- */

static void hello_says_who_it_is(void **state) {
    (void)state;
    const char *reply = ask("HELLO");
    assert_memory_equal(reply, "R proto=1 fw=", 13);
    assert_non_null(strstr(reply, " defect=none "));
    assert_non_null(strstr(reply, " elf=abcd000000000000000000000000000000000000 "));
    assert_non_null(strstr(reply, " uid=000102030405060708090a0b "));
    assert_non_null(strstr(reply, " board=nucleo_g474re "));
    assert_non_null(strstr(reply, " clock=1234567 line=512 arena=20480 chunks=8 vms=4 vmbytes="));
    assert_non_null(strstr(reply, " build=harness "));
    assert_non_null(strstr(reply, " traced=1"));
    assert_non_null(strstr(reply, " adc=1"));
}

static void refusals(void **state) {
    (void)state;
    assert_reply("NONSENSE", "X bad-request the_request_is_unknown");
    assert_reply("HELLO 1", "X bad-request the_number_of_fields_is_wrong");
    assert_reply("STATUS 4", "X bad-vm the_VM_id_is_not_0..3");
    assert_reply("STATUS 01", "X bad-request a_number_is_no_decimal_u32");
    assert_reply("GO 0 trace virtual 1 0", "X bad-vm the_VM_has_no_program");
    assert_reply("RESET 0", "X bad-vm the_VM_has_no_program");
    assert_reply("COMMIT 0", "X bad-request there_was_no_LOAD_before");
    assert_reply("DATA 0 0 AAAA", "X bad-request there_was_no_LOAD_before");
    assert_reply("LOAD 0 20481 0", "X no-room no_gap_in_the_arena_is_that_long");
    assert_reply("PEEK 0 heap 0 1", "X bad-request the_region_is_unknown");
    assert_reply("PEEK 0 globals 253 4", "X bad-request beyond_the_region_or_over_256_bytes");
    assert_reply("PEEK 0 arrays 0 257", "X bad-request beyond_the_region_or_over_256_bytes");
    assert_reply("POLL 0 1", "X bad-request that_step_was_never_sent");
    program(0, COUNTER, COUNT(COUNTER), 0);
    assert_reply("GO 0 watch virtual 1 0", "X bad-request a_word_is_unknown");
    assert_reply("GO 0 trace lunar 1 0", "X bad-request a_word_is_unknown");
    assert_reply("DATA 0 0 AAAA", "X bad-request there_was_no_LOAD_before");
}

static void images_share_the_arena(void **state) {
    (void)state;
    assert_reply("LOAD 0 12000 0", "R ok");
    assert_reply("LOAD 1 12000 0", "X no-room no_gap_in_the_arena_is_that_long");
    assert_reply("LOAD 0 20480 0", "R ok"); /* its own old region doesn't count */
    assert_reply("LOAD 0 8000 0", "R ok");
    assert_reply("LOAD 1 8001 0", "R ok");
    assert_reply("LOAD 2 4476 0", "R ok"); /* 8000 + 8004 + 4476 = 20480 */
    assert_reply("LOAD 3 1 0", "X no-room no_gap_in_the_arena_is_that_long");
    assert_reply("LOAD 1 100 0", "R ok");
    assert_reply("LOAD 3 7904 0", "R ok"); /* the rest of the gap */
    assert_reply("DATA 0 7999 AA==", "R ok next=8000");
    assert_reply("DATA 0 8000 AA==", "X bad-request beyond_the_size_that_LOAD_gave");
    assert_reply("DATA 0 4294967295 AA==", "X bad-request beyond_the_size_that_LOAD_gave");
    assert_reply("PEEK 0 image 7998 2", "R AAA=");
}

static void bad_images_are_named(void **state) {
    (void)state;
    image it;
    build(&it, COUNTER, COUNT(COUNTER), 9);
    upload(0, &it);
    assert_reply("COMMIT 0", "X bad-image bad-loop");
    /* The upload is still open: the right bytes make it good. */
    build(&it, COUNTER, COUNT(COUNTER), 0);
    data(0, &it, 0, it.size);
    assert_reply("COMMIT 0", "X bad-image bad-crc");
    upload(0, &it);
    data(0, &it, 0, 8);
    assert_reply("COMMIT 0", "R ok instructions=5 strings=0");
}

static void a_run_is_traced(void **state) {
    (void)state;
    uint32_t next = 0;
    const char *done;
    program(0, COUNTER, COUNT(COUNTER), 0);
    assert_status("STATUS 0", "state=loaded reason=none steps=0 ");
    assert_reply("GO 0 trace virtual 12 0", "R ok");
    rounds(5);
    assert_int_equal(take_trace(&next, &done), 1);
    assert_int_equal(next, 12);
    assert_string_equal(done, "DONE 0 steps 12 2 0");
    assert_status("POLL 0 12",
                  "state=done reason=steps steps=12 rounds=3 pc=2 sp=2 depth=0 error=0 "
                  "sent=12 ");
    assert_reply("PEEK 0 globals 0 4", "R AgAAAA==");
    /* Another run goes on from there. */
    assert_reply("GO 0 trace virtual 4000000000 6", "R ok");
    rounds(5);
    assert_int_equal(take_trace(&next, &done), 1);
    assert_int_equal(next, 30);
    assert_string_equal(done, "DONE 0 loops 30 0 0");
    assert_reply("RESET 0", "R ok");
    assert_reply("PEEK 0 globals 0 4", "R AAAAAA==");
    assert_status("STATUS 0", "state=loaded reason=none steps=0 ");
}

static void a_fault_takes_a_step_number_and_is_not_executed(void **state) {
    (void)state;
    static const uint32_t code[] = {PUSH(1), PUSH(0), CVM_OP_DIV};
    uint32_t next = 0;
    const char *done;
    program(0, code, COUNT(code), CVM_NO_LOOP);
    assert_reply("GO 0 trace virtual 100 0", "R ok");
    rounds(5);
    assert_int_equal(take_trace(&next, &done), 1);
    assert_int_equal(next, 3);
    assert_string_equal(done, "DONE 0 fault 2 2 6");
    assert_status("STATUS 0", "state=done reason=fault steps=2 rounds=0 pc=2 sp=2 depth=0 error=6 "
                              "sent=3 ");
    assert_reply("GO 0 trace virtual 100 0", "R ok");
    rounds(5);
    assert_int_equal(take_trace(&next, &done), 0);
    assert_string_equal(done, "DONE 0 fault 2 2 6");
}

/** The same request twice is executed once and answered twice; another number is another request.
 */
static void requests_are_idempotent(void **state) {
    (void)state;
    char line[WIRE_LINE_MAX];
    message first;
    message second;
    program(0, COUNTER, COUNT(COUNTER), 0);
    const size_t length = request_line(line, 200, "GO 0 trace virtual 5 0");
    receive_bytes(line, length);
    rounds(5);
    assert_true(take_frame(&first, "RX"));
    assert_int_equal(first.frame.seq, 200);
    assert_true(wire_field_is(&first.frame.fields[0], "ok"));
    receive_bytes(line, length);
    rounds(5);
    assert_true(take_frame(&second, "RX"));
    assert_string_equal(first.text, second.text);
    assert_status("STATUS 0", "steps=5 ");

    receive_bytes(line, length);
    rounds(5);
    assert_true(take_frame(&second, "RX"));
    assert_status("STATUS 0", "steps=10 ");
}

static void every_damaged_request_is_counted_and_ignored(void **state) {
    (void)state;
    char line[WIRE_LINE_MAX];
    char expected[32];
    unsigned damaged = 0;
    const size_t length = request_line(line, 0, "REBOOT");
    for (size_t at = 1; at < length - 1; at++) {
        char copy[WIRE_LINE_MAX];
        memcpy(copy, line, length);
        copy[at] = (char)(copy[at] ^ 0x01);
        receive_bytes(copy, length);
        damaged++;
    }
    char overlong[600];
    memset(overlong, 'a', sizeof overlong);
    overlong[0] = '@';
    overlong[sizeof overlong - 1] = '\n';
    receive_bytes(overlong, sizeof overlong);
    damaged++;
    rounds(20);
    assert_int_equal(fake.tx_end, 0);
    assert_int_equal(fake.resets, 0);
    (void)snprintf(expected, sizeof expected, "badframes=%u ", damaged);
    assert_status("STATUS 0", expected);
    /* A reply that comes back, as from a terminal that echoes, is no request either. */
    receive_bytes("@R01 ok*C15A\n", 13);
    rounds(2);
    assert_int_equal(fake.tx_end, 0);
}

static void the_vm_pauses_when_no_chunk_is_acknowledged(void **state) {
    (void)state;
    uint32_t next = 0;
    const char *done;
    program(0, COUNTER, COUNT(COUNTER), 0);
    assert_reply("GO 0 trace virtual 100000 0", "R ok");
    rounds(200);
    assert_int_equal(take_trace(&next, &done), 8);
    assert_null(done);
    const uint32_t held = next;
    rounds(50);
    assert_int_equal(fake.tx_end, 0);
    assert_status("STATUS 0", "state=running ");
    assert_true(fake.idles > 0);

    /* Everything was received: the agent goes on. */
    char fields[64];
    (void)snprintf(fields, sizeof fields, "POLL 0 %u", (unsigned)next);
    assert_status(fields, "state=running ");
    rounds(200);
    assert_int_equal(take_trace(&next, &done), 8);
    assert_true(next > held);
}

static void lost_chunks_are_sent_again(void **state) {
    (void)state;
    uint32_t next = 0;
    uint32_t third;
    const char *done;
    message event;
    program(0, COUNTER, COUNT(COUNTER), 0);
    assert_reply("GO 0 trace virtual 100000 0", "R ok");
    rounds(200);
    /* Of eight chunks the first two arrive. */
    assert_true(take_frame(&event, "E"));
    assert_true(take_frame(&event, "E"));
    assert_true(take_frame(&event, "E"));
    assert_true(wire_field_u32(&event.frame.fields[2], &third));
    fake.tx_start = fake.tx_end = 0;

    /* A POLL that frees chunks repeats none: the others may be on their way. */
    char fields[64];
    (void)snprintf(fields, sizeof fields, "POLL 0 %u", (unsigned)third);
    (void)ask(fields);
    rounds(100);
    next = 0;
    while (take_frame(&event, "E")) {
        uint32_t first;
        assert_true(wire_field_u32(&event.frame.fields[2], &first));
        assert_true(first > third);
    }
    /* The same again: from there. */
    (void)ask(fields);
    rounds(100);
    next = third;
    assert_int_equal(take_trace(&next, &done), 8);

    /* While they are repeated the first ones arrive after all: that is no mistake of the host's. */
    char all[64];
    (void)snprintf(all, sizeof all, "POLL 0 %u", (unsigned)next);
    fake.tx_space = 1023; /* replies, but no events */
    (void)ask(fields);
    assert_status("STATUS 0", "state=running ");
    assert_status(all, "state=running ");
    fake.tx_space = FAKE_LINE_BYTES;
    rounds(100);
    assert_int_equal(take_trace(&next, &done), 8);
}

static void a_real_delay_sends_what_there_is_and_lets_the_agent_answer(void **state) {
    (void)state;
    static const uint32_t code[] = {PUSH(5), CVM_OP_DELAY, JMP(0)};
    uint32_t next = 0;
    const char *done;
    program(0, code, COUNT(code), CVM_NO_LOOP);
    assert_reply("GO 0 trace real 1000 0", "R ok");
    rounds(3);
    /* Before the delay everything so far was sent. */
    assert_int_equal(take_trace(&next, &done), 1);
    assert_int_equal(next, 2);
    assert_status("STATUS 0", "state=waiting reason=none steps=2 ");
    assert_int_equal(fake.last_idle_us, 5000);
    fake.now_us += 4999;
    rounds(3);
    assert_int_equal(take_trace(&next, &done), 0);
    assert_int_equal(fake.last_idle_us, 1);
    fake.now_us += 1;
    rounds(3);
    assert_int_equal(take_trace(&next, &done), 1);
    assert_int_equal(next, 5);
    assert_status("STOP 0", "state=done reason=stopped steps=5 ");
    rounds(2);
    assert_int_equal(take_trace(&next, &done), 0);
    assert_string_equal(done, "DONE 0 stopped 5 2 0");
    assert_status("STOP 0", "state=done reason=stopped ");
}

static void virtual_delays_take_no_time(void **state) {
    (void)state;
    static const uint32_t code[] = {PUSH(2000),    CVM_OP_DELAY,
                                    CVM_OP_MICROS, CVM_OP_STORE_GLOBAL,
                                    CVM_OP_MILLIS, CVM_OP_STORE_GLOBAL | 1 << 16,
                                    CVM_OP_HALT};
    program(0, code, COUNT(code), CVM_NO_LOOP);
    assert_reply("GO 0 free virtual 100 0", "R ok");
    rounds(3);
    assert_status("STATUS 0", "state=done reason=halted steps=7 ");
    /* 2,000,002 us (two instructions before), 2000 ms. */
    assert_reply("PEEK 0 globals 0 8", "R goQeANAHAAA=");
}

static void pins_belong_to_the_vm_that_configured_them(void **state) {
    (void)state;
    static const uint32_t unconfigured[] = {PUSH(13), PUSH(1), CVM_OP_DIGITAL_WRITE};
    static const uint32_t code[] = {PUSH(13),        PUSH(1),
                                    CVM_OP_PIN_MODE, PUSH(13),
                                    PUSH(1),         CVM_OP_DIGITAL_WRITE,
                                    PUSH(22),        CVM_OP_DIGITAL_READ,
                                    CVM_OP_HALT};
    static const uint32_t no_pin[] = {PUSH(23), CVM_OP_DIGITAL_READ};
    static const uint32_t negative[] = {PUSH(65535) | CVM_FLAG_PUSH_SIGNED << 8,
                                        CVM_OP_DIGITAL_READ};
    static const uint32_t no_adc[] = {PUSH(13), CVM_OP_ANALOG_READ};
    static const uint32_t no_button[] = {PUSH(1), CVM_OP_BUTTON_PRESSED};
    program(0, unconfigured, COUNT(unconfigured), CVM_NO_LOOP);
    assert_reply("GO 0 free virtual 100 0", "R ok");
    assert_status("STATUS 0", "error=9 ");
    assert_int_equal(fake.writes, 0);

    program(1, code, COUNT(code), CVM_NO_LOOP);
    assert_reply("GO 1 free virtual 100 0", "R ok");
    assert_status("STATUS 1", "reason=halted ");
    assert_int_equal(fake.modes[13], BOARD_PIN_OUTPUT);
    assert_int_equal(fake.modes[22], BOARD_PIN_INPUT);
    assert_true(fake.outputs[13]);
    /* VM 0 can't write to the pin that VM 1 made an output, and its reset leaves the pin alone. */
    assert_reply("RESET 0", "R ok");
    assert_reply("GO 0 free virtual 100 0", "R ok");
    assert_status("STATUS 0", "error=9 ");
    assert_reply("RESET 0", "R ok");
    assert_int_equal(fake.modes[13], BOARD_PIN_OUTPUT);
    assert_reply("RESET 1", "R ok");
    assert_int_equal(fake.modes[13], BOARD_PIN_UNCONFIGURED);
    assert_int_equal(fake.modes[22], BOARD_PIN_UNCONFIGURED);

    program(2, no_pin, COUNT(no_pin), CVM_NO_LOOP);
    assert_reply("GO 2 free virtual 100 0", "R ok");
    assert_status("STATUS 2", "error=12 ");
    program(2, negative, COUNT(negative), CVM_NO_LOOP);
    assert_reply("GO 2 free virtual 100 0", "R ok");
    assert_status("STATUS 2", "error=12 ");
    program(2, no_adc, COUNT(no_adc), CVM_NO_LOOP);
    assert_reply("GO 2 free virtual 100 0", "R ok");
    assert_status("STATUS 2", "error=9 ");
    program(2, no_button, COUNT(no_button), CVM_NO_LOOP);
    assert_reply("GO 2 free virtual 100 0", "R ok");
    assert_status("STATUS 2", "error=12 ");
}

static void a_button_counts_after_20_ms(void **state) {
    (void)state;
    static const uint32_t code[] = {PUSH(0), CVM_OP_BUTTON_PRESSED, CVM_OP_STORE_GLOBAL, JMP(0)};
    program(0, code, COUNT(code), 0);
    fake.inputs[22] = true;
    assert_reply("GO 0 free virtual 4 0", "R ok");
    rounds(2);
    assert_reply("PEEK 0 globals 0 1", "R AA==");
    assert_int_equal(fake.last_idle_us, 20000);
    fake.now_us += 19999;
    fake.inputs[22] = false; /* it bounces: the time starts anew */
    rounds(1);
    fake.inputs[22] = true;
    rounds(1);
    fake.now_us += 19999;
    assert_reply("GO 0 free virtual 4 0", "R ok");
    rounds(2);
    assert_reply("PEEK 0 globals 0 1", "R AA==");
    fake.now_us += 1;
    rounds(1);
    assert_reply("GO 0 free virtual 4 0", "R ok");
    rounds(2);
    assert_reply("PEEK 0 globals 0 1", "R AQ==");
    assert_int_equal(fake.last_idle_us, BOARD_IDLE_FOREVER);
}

static void four_vms_run_side_by_side(void **state) {
    (void)state;
    for (unsigned vm = 0; vm < 4; vm++) {
        program(vm, COUNTER, COUNT(COUNTER), 0);
    }
    assert_reply("GO 0 free virtual 1000 0", "R ok");
    assert_reply("GO 1 free virtual 2000 0", "R ok");
    assert_reply("GO 2 free real 3000 0", "R ok");
    assert_reply("GO 3 free virtual 4000000000 0", "R ok");
    assert_reply("GO 3 free virtual 1 0", "X busy the_VM_runs");
    assert_reply("LOAD 3 10 0", "X busy the_VM_runs");
    assert_reply("RESET 3", "X busy the_VM_runs");
    rounds(100);
    assert_reply("PEEK 0 globals 0 4", "R yAAAAA==");
    assert_reply("PEEK 1 globals 0 4", "R kAEAAA==");
    assert_reply("PEEK 2 globals 0 4", "R WAIAAA==");
    assert_status("STATUS 3", "state=running ");
    /* A program that never sleeps can still be stopped, and its place in the arena is used again.
     */
    assert_status("STOP 3", "reason=stopped ");
    program(3, COUNTER, COUNT(COUNTER), 0);
}

static void a_full_transmit_queue_loses_nothing(void **state) {
    (void)state;
    uint32_t next = 0;
    const char *done;
    message reply;
    program(0, COUNTER, COUNT(COUNTER), 0);
    fake.tx_space = 1023; /* enough for a reply, not for an event */
    assert_reply("GO 0 trace virtual 500 0", "R ok");
    assert_reply("RESET 1", "X bad-vm the_VM_has_no_program");
    assert_reply("RESET 0", "X busy the_VM_runs");
    fake.tx_space = 0;
    send_request("STATUS 0");
    send_request("STATUS 0");
    rounds(100);
    assert_int_equal(take_trace(&next, &done), 0);
    fake.tx_space = 1023;
    rounds(10);
    assert_true(take_frame(&reply, "R"));
    assert_true(take_frame(&reply, "R"));
    assert_false(take_frame(&reply, "RXE"));
    fake.tx_space = FAKE_LINE_BYTES;
    rounds(100);
    (void)take_trace(&next, &done);
    assert_int_equal(next, 500);
    assert_string_equal(done, "DONE 0 steps 500 0 0");
}

static void reboot_waits_for_its_reply(void **state) {
    (void)state;
    message reply;
    fake.tx_space = 0;
    send_request("REBOOT");
    rounds(5);
    assert_int_equal(fake.resets, 0);
    fake.tx_space = FAKE_LINE_BYTES;
    rounds(1);
    assert_true(take_frame(&reply, "R"));
    assert_int_equal(fake.resets, 1);
}

static void a_question_mark_is_answered_in_words(void **state) {
    (void)state;
    message line;
    receive_bytes("?\r\n", 3);
    rounds(2);
    assert_true(take_line(&line));
    assert_memory_equal(line.text, "cockpit-hil agent on nucleo_g474re", 34);
    while (take_line(&line)) {
        assert_int_not_equal(line.text[0], '@');
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(hello_says_who_it_is, start),
        cmocka_unit_test_setup(refusals, start),
        cmocka_unit_test_setup(images_share_the_arena, start),
        cmocka_unit_test_setup(bad_images_are_named, start),
        cmocka_unit_test_setup(a_run_is_traced, start),
        cmocka_unit_test_setup(a_fault_takes_a_step_number_and_is_not_executed, start),
        cmocka_unit_test_setup(requests_are_idempotent, start),
        cmocka_unit_test_setup(every_damaged_request_is_counted_and_ignored, start),
        cmocka_unit_test_setup(the_vm_pauses_when_no_chunk_is_acknowledged, start),
        cmocka_unit_test_setup(lost_chunks_are_sent_again, start),
        cmocka_unit_test_setup(a_real_delay_sends_what_there_is_and_lets_the_agent_answer, start),
        cmocka_unit_test_setup(virtual_delays_take_no_time, start),
        cmocka_unit_test_setup(pins_belong_to_the_vm_that_configured_them, start),
        cmocka_unit_test_setup(a_button_counts_after_20_ms, start),
        cmocka_unit_test_setup(four_vms_run_side_by_side, start),
        cmocka_unit_test_setup(a_full_transmit_queue_loses_nothing, start),
        cmocka_unit_test_setup(reboot_waits_for_its_reply, start),
        cmocka_unit_test_setup(a_question_mark_is_answered_in_words, start),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
