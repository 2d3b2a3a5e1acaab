/** Digest runs of the agent on a fake board, spoken to over its serial line only. */
#include <stdio.h>
#include <string.h>

#include "agent.h"
#include "digest_ring.h"
#include "expected_digest.h"
#include "fake_board.h"
#include "generated/wire_vectors.h"
#include "talk.h"
#include "vm_crc32.h"
#include "vm_instance.h"

/* ---- what is to be expected: the same program on an engine of the test's own ---- */

/** Engines of the reference read this in place of pins and the clock. */
static uint32_t reads;

static uint8_t accept(void *context, int32_t pin, uint8_t value) {
    (void)context, (void)pin, (void)value;
    return CVM_ERR_NONE;
}

static uint8_t read_byte(void *context, int32_t pin, uint8_t *out) {
    (void)context, (void)pin;
    *out = (uint8_t)reads;
    return CVM_ERR_NONE;
}

static uint8_t read_time(void *context, uint32_t *out) {
    (void)context;
    *out = reads;
    return CVM_ERR_NONE;
}

static uint8_t delay(void *context, uint32_t ms) {
    (void)context, (void)ms;
    return CVM_ERR_NONE;
}

static const IOController reference_io = {.pin_mode = accept,
                                          .digital_write = accept,
                                          .digital_read = read_byte,
                                          .button = read_byte,
                                          .delay = delay,
                                          .millis = read_time,
                                          .micros = read_time};

enum { STEPS_MAX = 20000 };

/** The reference engine, and the entries of its steps. */
static struct {
    cvm_engine engine;
    VMMemoryContext context;
    VMMemoryOps memory;
    image image;
    cvm_image opened;
    cvm_digest_entry entries[STEPS_MAX];
    uint32_t count;
} reference;

static void reference_restart(void) {
    cvm_memory_clear(&reference.context);
    cvm_engine_load(&reference.engine, &reference.opened);
    reference.count = 0;
}

static void reference_load(const uint32_t *code, uint32_t count, uint32_t loop) {
    build_image(&reference.image, code, count, loop, NULL);
    assert_int_equal(cvm_image_open(reference.image.bytes, reference.image.size, &reference.opened),
                     CVM_IMAGE_OK);
    reference.memory = cvm_memory_ops(&reference.context);
    cvm_engine_init(&reference.engine, &reference.memory, &reference_io);
    reference_restart();
}

/** As after `next` steps, a fault among them, since the load. */
static void reference_run(uint32_t next) {
    static cvm_effect_record effect;
    assert_true(next <= STEPS_MAX);
    if (next < reference.count) {
        reference_restart();
    }
    while (reference.count < next) {
        const uint32_t hash =
            reference.count == 0 ? 0x6A09E667 : reference.entries[reference.count - 1].hash;
        assert_int_not_equal(cvm_step_effect(&reference.engine, &effect), CVM_STEP_IDLE);
        reference.entries[reference.count++] = expected_entry(hash, &effect);
    }
}

/* ---- events ---- */

static uint32_t number(const message *event, uint32_t field) {
    uint32_t value;
    assert_true(wire_field_u32(&event->frame.fields[field], &value));
    return value;
}

static size_t bytes(const message *event, uint32_t field, uint8_t *out, size_t capacity) {
    size_t length;
    assert_true(wire_field_base64(&event->frame.fields[field], out, capacity, &length));
    return length;
}

static bool is_event(const message *event, const char *name) {
    return wire_field_is(&event->frame.fields[0], name);
}

static uint32_t word(const uint8_t *from, uint32_t index) {
    from += 4 * index;
    return (uint32_t)from[0] | (uint32_t)from[1] << 8 | (uint32_t)from[2] << 16 |
           (uint32_t)from[3] << 24;
}

/** Short checkpoints that came. */
static uint32_t full_epochs;

/** The next event is this epoch's checkpoint, up to step `next`. Returns the number of inputs. */
static uint32_t expect_epoch(unsigned vm, uint32_t epoch, uint32_t next) {
    message event;
    uint8_t check[64];
    assert_true(take_frame(&event, "E"));
    assert_int_equal(event.frame.count, 3);
    assert_int_equal(number(&event, 1), vm);
    if (is_event(&event, "F")) {
        assert_int_equal(bytes(&event, 2, check, sizeof check), 9);
        assert_int_equal(check[0], epoch % 256);
        reference_run(next);
        assert_int_equal(word(check + 1, 0), reference.entries[next - 1].hash);
        assert_int_equal(word(check + 1, 1), expected_state(&reference.engine, &reference.context));
        full_epochs++;
        return 0;
    }
    assert_true(is_event(&event, "CHECK"));
    assert_int_equal(bytes(&event, 2, check, sizeof check), 18);
    assert_int_equal(word(check, 0), epoch);
    assert_int_equal(word(check, 1), next);
    reference_run(next);
    assert_int_equal(word(check, 2), reference.entries[next - 1].hash);
    assert_int_equal(word(check, 3), expected_state(&reference.engine, &reference.context));
    return check[16] + 256U * check[17];
}

static void expect_done(const char *text) {
    message event;
    assert_true(take_frame(&event, "E"));
    assert_string_equal(body(&event), text);
}

static void expect_silence(void) {
    message event;
    rounds(20);
    assert_false(take_frame(&event, "E"));
}

static void acknowledge(unsigned vm, uint32_t next) {
    const char byte = (char)(0x80 + vm * 32 + next % 32);
    receive_bytes(&byte, 1);
    rounds(20);
}

static void go(const char *fields) {
    assert_reply(fields, "R ok");
    rounds(20);
}

/** COUNTER in VM 0 and in the reference. */
static void counter(void) {
    program(0, COUNTER, COUNTER_LENGTH, 0);
    reference_load(COUNTER, COUNTER_LENGTH, 0);
}

/* ---- the ring ---- */

enum { HEADER = 48 };

static void expect_header(unsigned vm, const uint32_t expected[11]) {
    uint8_t header[HEADER];
    uint32_t check = 0x6A09E667;
    peek(vm, "ring", 0, HEADER, header);
    for (uint32_t i = 0; i < 11; i++) {
        assert_int_equal(word(header, i), expected[i]);
        check = expected_fold(check, expected[i]);
    }
    assert_int_equal(word(header, 11), check);
}

static void expect_no_ring(unsigned vm) {
    static const uint8_t zeros[HEADER];
    uint8_t header[HEADER];
    char fields[64];
    peek(vm, "ring", 0, HEADER, header);
    assert_memory_equal(header, zeros, HEADER);
    (void)snprintf(fields, sizeof fields, "PEEK %u ring 48 1", vm);
    assert_reply(fields, "X bad-request beyond_the_region_or_over_256_bytes");
}

/** Steps first..first+count-1 are the entries from `place` on of a ring. */
static void expect_entries(unsigned vm, uint32_t place, uint32_t first, uint32_t count) {
    for (uint32_t i = 0; i < count; i++) {
        uint8_t entry[8];
        peek(vm, "ring", HEADER + 8 * (place + i), 8, entry);
        assert_int_equal(word(entry, 0), reference.entries[first + i].hash);
        assert_int_equal((int32_t)word(entry, 1), reference.entries[first + i].value);
    }
}

/** A setup: nothing is left of the test before. */
static int start(void **state) {
    (void)talk_start(state);
    reads = 0;
    for (uint8_t vm = 0; vm < CVM_POOL_SIZE; vm++) {
        digest_ring_clear(vm);
    }
    return 0;
}

/* ---- tests: epochs ---- */

/** What the tests here expect is what the page says, as wire.py read it. */
static void the_expectation_is_right(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT(GOLDEN_RECORDS); i++) {
        const golden_record *golden = &GOLDEN_RECORDS[i];
        uint32_t hash = CVM_DIGEST_FIRST;
        for (size_t r = 0; r < golden->count; r++) {
            const golden_effect *it = &golden->effects[r];
            cvm_effect_record effect = {.pc = (uint16_t)it->pc,
                                        .opcode = it->opcode,
                                        .kind = it->kind,
                                        .sp = (uint8_t)it->sp,
                                        .address = (uint16_t)it->address,
                                        .value = it->value,
                                        .text_length = (uint8_t)it->text.length};
            memcpy(effect.text, it->text.bytes, it->text.length);
            hash = expected_entry(hash, &effect).hash;
        }
        assert_int_equal(hash, golden->stream);
    }
}

static void a_run_is_a_row_of_epochs(void **state) {
    (void)state;
    counter();
    go("GO 0 digest virtual 100 0 40");
    full_epochs = 0;
    assert_int_equal(expect_epoch(0, 0, 40), 0);
    assert_int_equal(expect_epoch(0, 1, 80), 0);
    expect_silence();
    assert_status("STATUS 0", "state=running reason=none steps=80 ");
    assert_status("STATUS 0", " sent=2 ");
    acknowledge(0, 1);
    assert_int_equal(expect_epoch(0, 2, 100), 0);
    assert_int_equal(full_epochs, 2);
    expect_done("DONE 0 steps 100 0 0");
    assert_status("STATUS 0", "state=done reason=steps steps=100 ");
    assert_status("STATUS 0", " sent=3 ");
}

static void the_board_waits_while_two_epochs_are_not_acknowledged(void **state) {
    (void)state;
    counter();
    go("GO 0 digest virtual 4000000000 0 10");
    for (uint32_t epoch = 0; epoch < 40; epoch++) {
        assert_int_equal(expect_epoch(0, epoch, 10 * epoch + 10), 0);
        if (epoch > 0) {
            expect_silence();
            acknowledge(0, epoch);
        }
    }
    /* Two at once. */
    (void)expect_epoch(0, 40, 410);
    acknowledge(0, 41);
    (void)expect_epoch(0, 41, 420);
    (void)expect_epoch(0, 42, 430);
    expect_silence();
    assert_true(fake.last_idle_us == BOARD_IDLE_FOREVER);
}

static void nothing_else_is_an_acknowledgement(void **state) {
    (void)state;
    static const char *const others[] = {
        "\x80",             /* of none */
        "\x83",             /* of one that was not sent */
        "\x9F",             /* of one before */
        "\x91",             /* of far more than were sent */
        "\xA1\xC1\xE1\xFF", /* of other VMs */
        "\x01\x21\x41\x7F", /* without the highest bit */
        "some text \x81\n", /* inside a line */
        "\r\x81",           /* inside a line that is about to end */
    };
    counter();
    go("GO 0 digest virtual 1000 0 10");
    (void)expect_epoch(0, 0, 10);
    (void)expect_epoch(0, 1, 20);
    for (size_t i = 0; i < COUNT(others); i++) {
        receive_bytes(others[i], strlen(others[i]));
        expect_silence();
        receive_bytes("\n", 1);
    }
    /* One that says nothing before one that does, and one right before a request. */
    receive_bytes("\x80\x81", 2);
    assert_status("STATUS 0", "badframes=0 ");
    rounds(20);
    forget_sent();
    receive_bytes("\x82", 1);
    assert_status("STATUS 0", "badframes=0 ");
    rounds(20);
    (void)expect_epoch(0, 3, 40);
}

static void polling_acknowledges_and_repeats(void **state) {
    (void)state;
    counter();
    go("GO 0 digest virtual 1000 0 10");
    (void)expect_epoch(0, 0, 10);
    (void)expect_epoch(0, 1, 20);
    /* It frees none: everything again. */
    assert_status("POLL 0 0", "state=running ");
    rounds(20);
    (void)expect_epoch(0, 0, 10);
    (void)expect_epoch(0, 1, 20);
    assert_reply("POLL 0 3", "X bad-request that_was_never_sent");
    assert_status("POLL 0 1", "state=running ");
    rounds(20);
    (void)expect_epoch(0, 2, 30);
    /* It has been acknowledged: what is left is sent again. */
    assert_status("POLL 0 0", "state=running ");
    rounds(20);
    (void)expect_epoch(0, 1, 20);
    (void)expect_epoch(0, 2, 30);
    /* Acknowledged while it is about to be sent again. */
    fake.tx_space = 1023; /* replies, but no events */
    (void)ask("POLL 0 1");
    assert_status("STATUS 0", " sent=1 ");
    acknowledge(0, 3);
    assert_status("STATUS 0", " sent=3 ");
    fake.tx_space = FAKE_LINE_BYTES;
    rounds(20);
    (void)expect_epoch(0, 3, 40);
    (void)expect_epoch(0, 4, 50);
    expect_silence();
}

static void a_fault_is_a_step_of_its_epoch(void **state) {
    (void)state;
    static const uint32_t code[] = {PUSH(1), PUSH(0), CVM_OP_DIV};
    for (uint32_t size = 2; size <= 3; size++) {
        program(0, code, COUNT(code), CVM_NO_LOOP);
        reference_load(code, COUNT(code), CVM_NO_LOOP);
        go(size == 2 ? "GO 0 digest virtual 100 0 2" : "GO 0 digest virtual 100 0 3");
        if (size == 2) {
            (void)expect_epoch(0, 0, 2);
        }
        (void)expect_epoch(0, 3 - size, 3);
        expect_done("DONE 0 fault 2 2 6");
        expect_entries(0, 2, 2, 1); /* in slot 1 of 2, or in slot 0 of 3 */
        /* There is no further epoch. */
        go("GO 0 digest virtual 100 0 3");
        expect_done("DONE 0 fault 2 2 6");
        expect_silence();
    }
}

static void halt_is_a_step_of_its_epoch(void **state) {
    (void)state;
    static const uint32_t code[] = {PUSH(1), CVM_OP_HALT};
    program(0, code, COUNT(code), CVM_NO_LOOP);
    reference_load(code, COUNT(code), CVM_NO_LOOP);
    go("GO 0 digest virtual 100 0 4096");
    (void)expect_epoch(0, 0, 2);
    expect_done("DONE 0 halted 2 1 0");
}

static void rounds_end_a_run(void **state) {
    (void)state;
    counter();
    go("GO 0 digest virtual 4000000000 7 4096");
    (void)expect_epoch(0, 0, 35);
    expect_done("DONE 0 loops 35 0 0");
}

/** Sends GO and STOP so that only some slices of the run are made; gives the only epoch's
 * checkpoint. */
static void go_and_stop(const char *fields, uint8_t check[18]) {
    message event;
    send_request(fields);
    rounds(1);
    send_request("STOP 0");
    rounds(20);
    assert_true(take_frame(&event, "E"));
    assert_true(is_event(&event, "CHECK"));
    assert_int_equal(bytes(&event, 2, check, 18), 18);
    assert_true(take_frame(&event, "E"));
    assert_true(is_event(&event, "DONE"));
    expect_silence();
}

static void stop_ends_the_open_epoch(void **state) {
    (void)state;
    uint8_t header[HEADER];
    uint8_t check[18];
    counter();
    go_and_stop("GO 0 digest virtual 4000000000 0 4096", check);
    const uint32_t steps = word(check, 1);
    assert_true(steps > 0 && steps < 4096);
    peek(0, "ring", 0, HEADER, header);
    assert_int_equal(word(header, 5), steps);
    reference_run(steps);
    assert_int_equal(word(check, 2), reference.entries[steps - 1].hash);
}

static void a_run_goes_on_where_the_one_before_ended(void **state) {
    (void)state;
    counter();
    go("GO 0 digest virtual 15 0 10");
    (void)expect_epoch(0, 0, 10);
    (void)expect_epoch(0, 1, 15);
    expect_done("DONE 0 steps 15 0 0");
    /* Nothing has been acknowledged: no step can be made. */
    go("GO 0 digest virtual 15 0 10");
    expect_silence();
    acknowledge(0, 2);
    (void)expect_epoch(0, 2, 25);
    (void)expect_epoch(0, 3, 30);
    expect_done("DONE 0 steps 30 0 0");
    acknowledge(0, 4);
    /* Another size: another ring, but the count goes on. */
    go("GO 0 digest virtual 7 0 5");
    (void)expect_epoch(0, 4, 35);
    (void)expect_epoch(0, 5, 37);
    expect_header(0, (const uint32_t[]){0x474E4952, 0, 5, 5, 35, 2, reference.entries[34].hash, 30,
                                        5, reference.entries[29].hash,
                                        cvm_crc32(0, reference.image.bytes, reference.image.size)});
    assert_reply("RESET 0", "R ok");
    expect_no_ring(0);
    assert_status("STATUS 0", " sent=0 ");
    go("GO 0 digest virtual 7 0 5");
    (void)expect_epoch(0, 0, 5);
    (void)expect_epoch(0, 1, 7);
}

static void another_mode_drops_what_was_not_acknowledged(void **state) {
    (void)state;
    message event;
    counter();
    go("GO 0 trace virtual 10 0");
    assert_true(take_frame(&event, "E"));
    assert_true(is_event(&event, "TRACE"));
    expect_done("DONE 0 steps 10 0 0");
    assert_status("STATUS 0", " sent=10 ");
    go("GO 0 digest virtual 10 0 5");
    assert_status("STATUS 0", " sent=2 ");
    forget_sent();
    go("GO 0 free virtual 10 0");
    assert_status("STATUS 0", "state=done reason=steps steps=30 ");
    /* The steps in between are in no hash. */
    go("GO 0 digest virtual 5 0 20");
    assert_true(take_frame(&event, "E"));
    uint8_t check[18];
    assert_int_equal(bytes(&event, 2, check, sizeof check), 18);
    assert_int_equal(word(check, 0), 2);
    assert_int_equal(word(check, 1), 35);
}

static void a_step_that_was_paused_in_trace_mode_leaves_no_empty_epoch(void **state) {
    (void)state;
    static const uint32_t code[] = {PUSH(5), CVM_OP_DELAY, JMP(0)};
    program(0, code, COUNT(code), CVM_NO_LOOP);
    reference_load(code, COUNT(code), CVM_NO_LOOP);
    go("GO 0 trace real 2 0");
    fake.now_us += 5000;
    rounds(5);
    forget_sent();
    uint8_t check[18];
    go_and_stop("GO 0 digest virtual 4000000000 0 4096", check);
    assert_true(word(check, 1) > 2);
}

/* ---- tests: inputs ---- */

/** A record of an INPUTS event. */
typedef struct {
    uint32_t step;
    uint32_t address;
    int32_t value;
} input;

static uint32_t varint(const uint8_t **at) {
    uint32_t value = 0;
    for (unsigned shift = 0;; shift += 7) {
        const uint8_t byte = *(*at)++;
        value |= (uint32_t)(byte & 0x7F) << shift;
        if (byte < 0x80) {
            return value;
        }
    }
}

/** The next event is an INPUTS; its records go into `out`. Returns their number. */
static uint32_t expect_inputs(uint32_t epoch, uint32_t first, input *out) {
    message event;
    uint8_t records[336];
    assert_true(take_frame(&event, "E"));
    assert_true(is_event(&event, "INPUTS"));
    assert_int_equal(event.frame.count, 7);
    assert_int_equal(number(&event, 1), 0);
    assert_int_equal(number(&event, 2), epoch);
    assert_int_equal(number(&event, 3), first);
    const uint32_t count = number(&event, 4);
    const uint8_t *at = records;
    const uint8_t *end = records + bytes(&event, 6, records, sizeof records);
    uint32_t step = 0;
    for (uint32_t i = 0; i < count; i++) {
        step += varint(&at);
        out[i].step = step;
        out[i].address = varint(&at);
        const uint32_t zigzag = varint(&at);
        out[i].value = (int32_t)(zigzag >> 1) ^ -(int32_t)(zigzag & 1);
        assert_true(at <= end);
    }
    assert_true(at == end);
    assert_true(count > 0);
    return count;
}

static void expect_input(const input *it, uint32_t step, uint32_t address, int32_t value) {
    assert_int_equal(it->step, step);
    assert_int_equal(it->address, address);
    assert_int_equal(it->value, value);
}

static void what_is_read_is_logged(void **state) {
    (void)state;
    static const uint32_t code[] = {
        PUSH(22),      CVM_OP_DIGITAL_READ,   PUSH(16),    CVM_OP_ANALOG_READ,
        PUSH(0),       CVM_OP_BUTTON_PRESSED, PUSH(0),     CVM_OP_BUTTON_RELEASED,
        CVM_OP_MILLIS, CVM_OP_MICROS,         CVM_OP_HALT,
    };
    input inputs[112];
    program(0, code, COUNT(code), CVM_NO_LOOP);
    fake.inputs[22] = true;
    fake.now_us = UINT64_C(0xFFFFFFF0) * 1000;
    go("GO 0 digest real 100 0 4096");
    assert_int_equal(expect_inputs(0, 0, inputs), 6);
    expect_input(&inputs[0], 1, 22, 1);
    expect_input(&inputs[1], 3, 0x110, 1000);
    expect_input(&inputs[2], 5, 0x300, 0);
    expect_input(&inputs[3], 7, 0x300, 0); /* as it was read */
    expect_input(&inputs[4], 8, 0x401, -16);
    expect_input(&inputs[5], 9, 0x402, (int32_t)(uint32_t)fake.now_us);
    message event;
    uint8_t check[18];
    assert_true(take_frame(&event, "E"));
    assert_int_equal(bytes(&event, 2, check, sizeof check), 18);
    assert_int_equal(word(check, 1), 11);
    assert_int_equal(check[16], 6);
    expect_done("DONE 0 halted 11 10 0");

    /* The virtual clock can be computed. */
    assert_reply("RESET 0", "R ok");
    go("GO 0 digest virtual 100 0 4096");
    assert_int_equal(expect_inputs(0, 0, inputs), 4);
    expect_input(&inputs[3], 7, 0x300, 0);
}

/** Reads pin 22 for ever: three steps a round. */
static const uint32_t READER[] = {PUSH(22), CVM_OP_DIGITAL_READ, CVM_OP_POP, JMP(0)};

static void a_full_log_ends_the_epoch(void **state) {
    (void)state;
    input inputs[4 * 112];
    program(0, READER, COUNT(READER), CVM_NO_LOOP);
    reference_load(READER, COUNT(READER), CVM_NO_LOOP);
    fake.inputs[22] = true;
    reads = 1;
    go("GO 0 digest virtual 4000000000 0 4096");
    /* A record is 3 bytes, of which 336 hold 112; from the second chunk on the first one has 4,
     * because its step has two. The fourth ends when 15 bytes might not fit: after 322. */
    static const uint32_t counts[] = {112, 111, 111, 107};
    uint32_t first = 0;
    for (uint32_t i = 0; i < 4; i++) {
        const uint32_t count = expect_inputs(0, first, inputs + first);
        assert_int_equal(count, counts[i]);
        first += count;
    }
    for (uint32_t i = 0; i < first; i++) {
        expect_input(&inputs[i], 4 * i + 1, 22, 1);
    }
    /* Its last step is the one that read. */
    assert_int_equal(expect_epoch(0, 0, 4 * 441 - 2), 441);
    /* The next one's first input is read after 3 steps. */
    assert_int_equal(expect_inputs(1, 0, inputs), 112);
    expect_input(&inputs[0], 3, 22, 1);
    expect_entries(0, 4 * 441 - 3, 4 * 441 - 3, 1);
}

static void inputs_are_repeated_before_their_checkpoint(void **state) {
    (void)state;
    input inputs[112];
    program(0, READER, COUNT(READER), CVM_NO_LOOP);
    reference_load(READER, COUNT(READER), CVM_NO_LOOP);
    go("GO 0 digest virtual 8 0 8");
    for (int i = 0; i < 3; i++) {
        assert_int_equal(expect_inputs(0, 0, inputs), 2);
        expect_input(&inputs[1], 5, 22, 0);
        assert_int_equal(expect_epoch(0, 0, 8), 2);
        if (i == 0) {
            expect_done("DONE 0 steps 8 0 0");
        }
        assert_status("POLL 0 0", "state=done ");
        rounds(20);
    }
    /* Asked for between the inputs of the next one and their checkpoint. */
    fake.tx_space = 1023; /* replies, but no events */
    go("GO 0 digest virtual 8 0 8");
    fake.tx_space = FAKE_LINE_BYTES;
    rounds(1);
    assert_int_equal(expect_inputs(1, 0, inputs), 2);
    fake.tx_space = 1023;
    (void)ask("POLL 0 0");
    fake.tx_space = FAKE_LINE_BYTES;
    rounds(20);
    assert_int_equal(expect_inputs(0, 0, inputs), 2);
    assert_int_equal(expect_epoch(0, 0, 8), 2);
    assert_int_equal(expect_inputs(1, 0, inputs), 2);
    assert_int_equal(expect_epoch(0, 1, 16), 2);
    acknowledge(0, 1);
    forget_sent();
    /* Acknowledged between its inputs and its checkpoint. */
    fake.tx_space = 1023;
    (void)ask("POLL 0 1");
    fake.tx_space = FAKE_LINE_BYTES;
    rounds(1);
    assert_int_equal(expect_inputs(1, 0, inputs), 2);
    fake.tx_space = 1023;
    acknowledge(0, 2);
    fake.tx_space = FAKE_LINE_BYTES;
    go("GO 0 digest virtual 8 0 8");
    assert_int_equal(expect_inputs(2, 0, inputs), 2);
}

/* ---- tests: time ---- */

static void a_real_delay_ends_the_epoch(void **state) {
    (void)state;
    static const uint32_t code[] = {PUSH(5), CVM_OP_DELAY, JMP(0)};
    program(0, code, COUNT(code), CVM_NO_LOOP);
    reference_load(code, COUNT(code), CVM_NO_LOOP);
    go("GO 0 digest real 1000 0 4096");
    (void)expect_epoch(0, 0, 2);
    assert_status("STATUS 0", "state=waiting reason=none steps=2 ");
    assert_int_equal(fake.last_idle_us, 5000);
    fake.now_us += 5000;
    rounds(20);
    (void)expect_epoch(0, 1, 5);
    /* Two are not acknowledged: it can't go on when the time is over. */
    fake.now_us += 5000;
    expect_silence();
    assert_status("STATUS 0", "state=running reason=none steps=5 ");
    acknowledge(0, 2);
    (void)expect_epoch(0, 2, 8);
    assert_status("STOP 0", "state=done reason=stopped steps=8 ");
    rounds(3);
    expect_done("DONE 0 stopped 8 2 0");
}

static void an_epoch_is_at_most_100_ms_old(void **state) {
    (void)state;
    static const uint32_t code[] = {PUSH(1), CVM_OP_POP, JMP(0)};
    program(0, code, COUNT(code), CVM_NO_LOOP);
    reference_load(code, COUNT(code), CVM_NO_LOOP);
    send_request("GO 0 digest virtual 4000000000 0 4096");
    rounds(1);
    forget_sent();
    fake.now_us += 99999;
    rounds(1);
    assert_int_equal(fake.tx_end, 0);
    fake.now_us += 1;
    rounds(1);
    (void)expect_epoch(0, 0, 3 * 1024);
}

/* ---- tests: the ring ---- */

static void the_ring_holds_the_last_two_epochs(void **state) {
    (void)state;
    uint8_t entry[8];
    static const uint8_t zeros[8];
    counter();
    const uint32_t crc = cvm_crc32(0, reference.image.bytes, reference.image.size);
    expect_no_ring(0);
    go("GO 0 digest virtual 25 0 10");
    (void)expect_epoch(0, 0, 10);
    (void)expect_epoch(0, 1, 20);
    expect_header(0, (const uint32_t[]){0x474E4952, 0, 10, 1, 10, 10, reference.entries[9].hash, 0,
                                        10, 0x6A09E667, crc});
    expect_entries(0, 0, 0, 10);
    expect_entries(0, 10, 10, 10);
    acknowledge(0, 1);
    (void)expect_epoch(0, 2, 25);
    /* Epoch 2 is in slot 0, and leaves there what it did not reach. */
    expect_header(0, (const uint32_t[]){0x474E4952, 0, 10, 2, 20, 5, reference.entries[19].hash, 10,
                                        10, reference.entries[9].hash, crc});
    expect_entries(0, 0, 20, 5);
    expect_entries(0, 5, 5, 5);
    expect_entries(0, 10, 10, 10);
    assert_reply("PEEK 0 ring 201 8", "X bad-request beyond_the_region_or_over_256_bytes");
    assert_reply("PEEK 0 ring 208 1", "X bad-request beyond_the_region_or_over_256_bytes");

    /* What was never written is 0. */
    assert_reply("RESET 0", "R ok");
    go("GO 0 digest virtual 3 0 10");
    peek(0, "ring", HEADER + 8 * 3, 8, entry);
    assert_memory_equal(entry, zeros, 8);
    peek(0, "ring", HEADER + 8 * 19, 8, entry);
    assert_memory_equal(entry, zeros, 8);
}

static void the_header_knows_every_slice(void **state) {
    (void)state;
    uint8_t header[HEADER];
    counter();
    send_request("GO 0 digest virtual 4000000000 0 4096");
    rounds(1);
    forget_sent();
    peek(0, "ring", 0, HEADER, header);
    const uint32_t noted = word(header, 5);
    assert_true(noted > 0 && noted < 4096);
    reference_run(noted);
    expect_entries(0, noted - 1, noted - 1, 1);
}

static void four_vms_share_the_ring(void **state) {
    (void)state;
    static char fields[64];
    counter();
    for (unsigned vm = 1; vm < 4; vm++) {
        program(vm, COUNTER, COUNTER_LENGTH, 0);
    }
    go("GO 0 digest virtual 2000 0 1024");
    assert_reply("GO 1 digest virtual 2000 0 4096",
                 "X no-room the_rings_of_other_VMs_leave_too_little");
    assert_reply("GO 1 digest virtual 2000 0 3073",
                 "X no-room the_rings_of_other_VMs_leave_too_little");
    go("GO 1 digest virtual 2000 0 1024");
    go("GO 2 digest virtual 2000 0 1024");
    go("GO 3 digest virtual 2000 0 1024");
    for (unsigned vm = 0; vm < 4; vm++) {
        forget_sent();
        (void)snprintf(fields, sizeof fields, "POLL %u 0", vm);
        (void)ask(fields);
        rounds(20);
        (void)expect_epoch(vm, 0, 1024);
        (void)expect_epoch(vm, 1, 2000);
        expect_entries(vm, 0, 0, 3);
        expect_entries(vm, 1023, 1023, 2);
        expect_entries(vm, 1024 + 975, 1999, 1);
    }
    /* VM 0's run is over, but its epochs are not acknowledged. */
    assert_reply("GO 0 digest virtual 2000 0 1025",
                 "X no-room the_rings_of_other_VMs_leave_too_little");
    for (unsigned vm = 1; vm < 4; vm++) {
        acknowledge(vm, 2);
        expect_entries(vm, 0, 0, 3);
    }
    go("GO 0 digest virtual 2000 0 4096");
    expect_no_ring(1);
    expect_no_ring(2);
    expect_no_ring(3);
    assert_reply("GO 1 digest virtual 2000 0 1",
                 "X no-room the_rings_of_other_VMs_leave_too_little");
    assert_reply("RESET 0", "R ok");
    go("GO 1 digest virtual 2000 0 1");
}

static void a_ring_is_given_back_when_nothing_is_left_to_ask(void **state) {
    (void)state;
    static const uint32_t code[] = {PUSH(5), CVM_OP_DELAY, JMP(0)};
    program(0, code, COUNT(code), CVM_NO_LOOP);
    program(1, COUNTER, COUNTER_LENGTH, 0);
    go("GO 0 digest real 1000 0 4096");
    acknowledge(0, 1);
    assert_status("STATUS 0", "state=waiting ");
    assert_reply("GO 1 digest virtual 1 0 4096",
                 "X no-room the_rings_of_other_VMs_leave_too_little");
    assert_status("STOP 0", "state=done ");
    go("GO 1 digest virtual 1 0 4096");
    expect_no_ring(0);
}

static void the_ring_outlives_a_restart(void **state) {
    (void)state;
    counter();
    const uint32_t crc = cvm_crc32(0, reference.image.bytes, reference.image.size);
    program(1, COUNTER, COUNTER_LENGTH, 0);
    go("GO 1 digest virtual 5 0 7");
    go("GO 0 digest virtual 20 0 10");
    reference_run(20);
    const uint32_t header[11] = {0x474E4952, 0,  10,         1,  10, 10, reference.entries[9].hash,
                                 0,          10, 0x6A09E667, crc};
    agent_start();
    rounds(1);
    forget_sent();
    assert_status("STATUS 0", "state=empty ");
    expect_header(0, header);
    expect_entries(0, 0, 0, 10);
    expect_entries(0, 10, 10, 10);
    agent_start();
    expect_header(0, header);
    /* VM 2's ring takes the memory of both. */
    program(2, COUNTER, COUNTER_LENGTH, 0);
    expect_header(0, header);
    go("GO 2 digest virtual 5 0 4096");
    expect_no_ring(0);
    expect_no_ring(1);
}

static void a_load_ends_the_ring_of_before(void **state) {
    (void)state;
    counter();
    go("GO 0 digest virtual 20 0 10");
    agent_start();
    rounds(1);
    forget_sent();
    assert_reply("LOAD 0 100 0", "R ok");
    expect_no_ring(0);
}

/** As digest_ring.c has it; a debugger finds it by name, and docs/lockstep.md gives its layout. */
extern uint32_t digest_rings[CVM_POOL_SIZE][13];

static void a_header_that_is_not_right_is_no_ring(void **state) {
    (void)state;
    counter();
    go("GO 0 digest virtual 20 0 10");
    for (uint32_t bit = 0; bit < 32 * 13; bit++) {
        uint32_t before[13];
        memcpy(before, digest_rings[0], sizeof before);
        digest_rings[0][bit / 32] ^= 1U << bit % 32;
        /* The place of the slots is outside of the check: what isn't impossible passes. */
        if (bit < 32 * 12) {
            uint8_t magic[4];
            assert_true(digest_ring_copy(0, 0, sizeof magic, magic));
            assert_int_equal(word(magic, 0), 0);
            digest_ring_init();
            assert_int_equal(digest_rings[0][0], 0);
        }
        memcpy(digest_rings[0], before, sizeof before);
    }
    for (uint32_t place = 65536 - 8 * 20 + 8; place < 70000; place += 8) {
        uint8_t magic[4];
        digest_rings[0][12] = place;
        assert_true(digest_ring_copy(0, 0, sizeof magic, magic));
        assert_int_equal(word(magic, 0), 0);
    }
    /* As after power-up. */
    memset(digest_rings, 0xA5, sizeof digest_rings);
    agent_start();
    rounds(1);
    forget_sent();
    for (unsigned vm = 0; vm < 4; vm++) {
        expect_no_ring(vm);
    }
}

/* ---- tests: requests ---- */

static void go_refuses_what_makes_no_sense(void **state) {
    (void)state;
    counter();
    assert_reply("GO 0 digest virtual 1 0", "X bad-request the_number_of_fields_is_wrong");
    assert_reply("GO 0 trace virtual 1 0 10", "X bad-request the_number_of_fields_is_wrong");
    assert_reply("GO 0 free virtual 1 0 10", "X bad-request the_number_of_fields_is_wrong");
    assert_reply("GO 0 digest virtual 1 0 10 1", "X bad-request the_number_of_fields_is_wrong");
    assert_reply("GO 0 digest virtual 1 0 x", "X bad-request a_number_is_no_decimal_u32");
    assert_reply("GO 0 digest virtual 1 0 0", "X bad-request the_size_of_epochs_is_out_of_range");
    assert_reply("GO 0 digest virtual 1 0 4097",
                 "X bad-request the_size_of_epochs_is_out_of_range");
    go("GO 0 digest virtual 0 0 1");
    expect_done("DONE 0 steps 0 0 0");
    assert_status("STATUS 0", " sent=0 ");
    expect_no_ring(0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_expectation_is_right),
        cmocka_unit_test_setup(a_run_is_a_row_of_epochs, start),
        cmocka_unit_test_setup(the_board_waits_while_two_epochs_are_not_acknowledged, start),
        cmocka_unit_test_setup(nothing_else_is_an_acknowledgement, start),
        cmocka_unit_test_setup(polling_acknowledges_and_repeats, start),
        cmocka_unit_test_setup(a_fault_is_a_step_of_its_epoch, start),
        cmocka_unit_test_setup(halt_is_a_step_of_its_epoch, start),
        cmocka_unit_test_setup(rounds_end_a_run, start),
        cmocka_unit_test_setup(stop_ends_the_open_epoch, start),
        cmocka_unit_test_setup(a_run_goes_on_where_the_one_before_ended, start),
        cmocka_unit_test_setup(another_mode_drops_what_was_not_acknowledged, start),
        cmocka_unit_test_setup(a_step_that_was_paused_in_trace_mode_leaves_no_empty_epoch, start),
        cmocka_unit_test_setup(what_is_read_is_logged, start),
        cmocka_unit_test_setup(a_full_log_ends_the_epoch, start),
        cmocka_unit_test_setup(inputs_are_repeated_before_their_checkpoint, start),
        cmocka_unit_test_setup(a_real_delay_ends_the_epoch, start),
        cmocka_unit_test_setup(an_epoch_is_at_most_100_ms_old, start),
        cmocka_unit_test_setup(the_ring_holds_the_last_two_epochs, start),
        cmocka_unit_test_setup(the_header_knows_every_slice, start),
        cmocka_unit_test_setup(four_vms_share_the_ring, start),
        cmocka_unit_test_setup(a_ring_is_given_back_when_nothing_is_left_to_ask, start),
        cmocka_unit_test_setup(the_ring_outlives_a_restart, start),
        cmocka_unit_test_setup(a_load_ends_the_ring_of_before, start),
        cmocka_unit_test_setup(a_header_that_is_not_right_is_no_ring, start),
        cmocka_unit_test_setup(go_refuses_what_makes_no_sense, start),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
