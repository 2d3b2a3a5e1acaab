/** The agent on a fake board, spoken to over its serial line only. */
#include <stdio.h>
#include <string.h>

#include "agent.h"
#include "fake_board.h"
#include "session.h"
#include "talk.h"

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

/* ---- tests ---- */

static void hello_says_who_it_is(void **state) {
    (void)state;
    const char *reply = ask("HELLO");
    assert_memory_equal(reply, "R proto=4 fw=", 13);
    assert_non_null(strstr(reply, " defect=none "));
    assert_non_null(strstr(reply, " elf=abcd000000000000000000000000000000000000 "));
    assert_non_null(strstr(reply, " uid=000102030405060708090a0b "));
    assert_non_null(strstr(reply, " board=nucleo_g474re "));
    assert_non_null(strstr(reply, " clock=1234567 line=512 arena=20480 chunks=8 vms=4 vmbytes="));
    assert_non_null(strstr(reply, " build=harness "));
    assert_non_null(strstr(reply, " epoch=4096 "));
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
    assert_reply("POLL 0 1", "X bad-request that_was_never_sent");
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
    build_image(&it, COUNTER, COUNT(COUNTER), 9, NULL);
    upload(0, &it);
    assert_reply("COMMIT 0", "X bad-image bad-loop");
    /* The upload is still open: the right bytes make it good. */
    build_image(&it, COUNTER, COUNT(COUNTER), 0, NULL);
    send_data(0, &it, 0, it.size);
    assert_reply("COMMIT 0", "X bad-image bad-crc");
    upload(0, &it);
    send_data(0, &it, 0, 8);
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
    forget_sent();

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
    static const uint32_t no_pwm[] = {PUSH(16), PUSH(1), CVM_OP_ANALOG_WRITE};
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
    program(2, no_pwm, COUNT(no_pwm), CVM_NO_LOOP);
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

static unsigned steps_of(const char *status) {
    unsigned steps;
    assert_int_equal(sscanf(strstr(status, " steps="), " steps=%u", &steps), 1);
    return steps;
}

static void what_takes_long_ends_a_slice(void **state) {
    (void)state;
    static const uint32_t printing[] = {CVM_OP_PRINTF, JMP(0)};
    static const uint32_t converting[] = {PUSH(16), CVM_OP_ANALOG_READ, CVM_OP_POP, JMP(0)};
    image it;
    build_image(&it, printing, COUNT(printing), CVM_NO_LOOP, "text");
    upload(0, &it);
    assert_reply("COMMIT 0", "R ok instructions=2 strings=1");
    program(1, converting, COUNT(converting), CVM_NO_LOOP);
    assert_reply("GO 0 free virtual 4000000000 0", "R ok");
    assert_reply("GO 1 free virtual 4000000000 0", "R ok");
    const unsigned printed = steps_of(ask("STATUS 0"));
    const unsigned converted = steps_of(ask("STATUS 1"));
    rounds(1);
    /* Seven rounds, each up to the next PRINTF or ANALOG_READ. */
    assert_int_equal(steps_of(ask("STATUS 0")), printed + 7 * 2);
    assert_int_equal(steps_of(ask("STATUS 1")), converted + 7 * 4);
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

static void the_board_says_how_it_is(void **state) {
    (void)state;
    static const board_crash crash = {.exception = 5,
                                      .pc = 0x080012AB,
                                      .lr = 2,
                                      .psr = 3,
                                      .sp = 4,
                                      .cfsr = 0x8200,
                                      .hfsr = 6,
                                      .mmfar = 7,
                                      .bfar = 0xFFFFFFF0,
                                      .vm = 3,
                                      .steps = 4294967295U};
    static const board_crash idle = {.vm = SESSION_NO_VM, .steps = 9};
    assert_reply("BOARD", "R reset=unknown lost=0 vdda=-");
    fake.health = (board_health){.reset_known = true};
    assert_reply("BOARD", "R reset=none lost=0 vdda=-");
    fake.health.reset_causes = 0x7F;
    fake.health.rx_lost = 17;
    assert_reply(
        "BOARD",
        "R reset=options,pin,power,software,watchdog,window-watchdog,low-power lost=17 vdda=-");
    fake.health = (board_health){.reset_known = true,
                                 .reset_causes = BOARD_RESET_PIN | BOARD_RESET_WATCHDOG,
                                 .stack_bytes = 3072,
                                 .stack_used = 700,
                                 .has_watchdog = true,
                                 .vdda_mv = 3298,
                                 .crash = &crash};
    assert_reply("BOARD",
                 "R reset=pin,watchdog stack=3072 used=700 lost=0 watchdog=0 vdda=3298 crash=5 "
                 "pc=080012ab lr=00000002 psr=00000003 sp=00000004 cfsr=00008200 "
                 "hfsr=00000006 mmfar=00000007 bfar=fffffff0 vm=3 steps=4294967295");
    fake.health = (board_health){.crash = &idle};
    assert_reply("BOARD",
                 "R reset=unknown lost=0 vdda=- crash=0 pc=00000000 lr=00000000 psr=00000000 "
                 "sp=00000000 cfsr=00000000 hfsr=00000000 mmfar=00000000 bfar=00000000");
    assert_reply("BOARD 1", "X bad-request the_number_of_fields_is_wrong");
}

static void the_watchdog_is_started_only_when_asked_for(void **state) {
    (void)state;
    assert_reply("WATCHDOG 5000", "X unsupported this_board_has_no_watchdog");
    fake.health.has_watchdog = true;
    assert_reply("WATCHDOG", "X bad-request the_number_of_fields_is_wrong");
    assert_reply("WATCHDOG 5s", "X bad-request a_number_is_no_decimal_u32");
    assert_reply("WATCHDOG 99", "X bad-request the_time_is_not_100..30000_ms");
    assert_reply("WATCHDOG 30001", "X bad-request the_time_is_not_100..30000_ms");
    assert_reply("BOARD", "R reset=unknown lost=0 watchdog=0 vdda=-");
    assert_reply("WATCHDOG 100", "R ok");
    assert_reply("WATCHDOG 30000", "R ok");
    assert_reply("BOARD", "R reset=unknown lost=0 watchdog=30000 vdda=-");
}

static void the_watchdog_is_fed_in_each_round(void **state) {
    (void)state;
    program(0, COUNTER, COUNT(COUNTER), 0);
    assert_reply("GO 0 free real 4294967295 0", "R ok");
    const unsigned before = fake.feeds;
    rounds(7);
    assert_int_equal(fake.feeds - before, 7);
}

/** What session_executing() said when a VM read a pin. */
static uint8_t seen_vm;
static uint32_t seen_steps;

static void look_who_runs(void) {
    uint32_t steps;
    const uint8_t vm = session_executing(&steps);
    /* The agent itself reads the buttons' pins. */
    if (vm != SESSION_NO_VM) {
        seen_vm = vm;
        seen_steps = steps;
    }
}

static void a_fault_handler_learns_which_vm_has_its_turn(void **state) {
    (void)state;
    static const uint32_t code[] = {PUSH(1), CVM_OP_POP, PUSH(4), CVM_OP_DIGITAL_READ, CVM_OP_HALT};
    static const char *const modes[] = {"trace", "free", "digest"};
    uint32_t steps;
    assert_int_equal(session_executing(&steps), SESSION_NO_VM);
    fake.on_pin_read = look_who_runs;
    for (unsigned mode = 0; mode < COUNT(modes); mode++) {
        char go[64];
        seen_vm = SESSION_NO_VM;
        seen_steps = 0;
        program(2, code, COUNT(code), CVM_NO_LOOP);
        (void)snprintf(go, sizeof go, "GO 2 %s virtual 100 0%s", modes[mode],
                       mode == 2 ? " 64" : "");
        assert_reply(go, "R ok");
        rounds(4);
        assert_int_equal(seen_vm, 2);
        assert_int_equal(seen_steps, 3);
        assert_int_equal(session_executing(&steps), SESSION_NO_VM);
        assert_int_equal(steps, 0);
    }
}

static void the_clocks_go_on_over_their_32_bits(void **state) {
    (void)state;
    static const uint32_t code[] = {CVM_OP_MICROS, CVM_OP_STORE_GLOBAL | 0U << 16,
                                    CVM_OP_MILLIS, CVM_OP_STORE_GLOBAL | 1U << 16,
                                    PUSH(3),       CVM_OP_DELAY,
                                    CVM_OP_MICROS, CVM_OP_STORE_GLOBAL | 2U << 16,
                                    CVM_OP_MILLIS, CVM_OP_STORE_GLOBAL | 3U << 16,
                                    CVM_OP_HALT};
    static const struct {
        uint64_t from_us;
        int32_t micros[2];
        int32_t millis[2];
    } rows[] = {
        /* micros() wraps after 4294.967296 s, in the middle of a millisecond. */
        {4294966000U, {-1296, 1704}, {4294966, 4294969}},
        /* millis() wraps after 2^32 ms, which is a multiple of 2^32 us. */
        {4294967294000U, {-2000, 1000}, {-2, 1}},
    };
    for (unsigned row = 0; row < COUNT(rows); row++) {
        uint8_t bytes[16];
        int32_t globals[4];
        fake.now_us = rows[row].from_us;
        program(0, code, COUNT(code), CVM_NO_LOOP);
        assert_reply("GO 0 free real 100 0", "R ok");
        rounds(3);
        assert_status("STATUS 0", "state=waiting ");
        fake.now_us += 2999;
        rounds(3);
        assert_status("STATUS 0", "state=waiting ");
        fake.now_us += 1;
        rounds(3);
        assert_status("STATUS 0", "state=done reason=halted ");
        peek(0, "globals", 0, sizeof bytes, bytes);
        memcpy(globals, bytes, sizeof globals);
        assert_int_equal(globals[0], rows[row].micros[0]);
        assert_int_equal(globals[1], rows[row].millis[0]);
        assert_int_equal(globals[2], rows[row].micros[1]);
        assert_int_equal(globals[3], rows[row].millis[1]);
    }
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

/** A request in a frame, taken and answered; the reply has not left when `sending`. */
static const char *ask_rate(const char *fields, bool sending) {
    fake.sending = sending;
    return ask(fields);
}

static void a_rate_is_planned_or_refused(void **state) {
    (void)state;
    assert_non_null(strstr(ask("HELLO"), " rate=0"));
    assert_reply("RATE 921600", "X unsupported this_line_has_no_rate");
    fake.rate_max = 2000000;
    assert_non_null(strstr(ask("HELLO"), " rate=2000000"));
    assert_reply("RATE 999", "X bad-request this_board_can't_make_that_rate");
    assert_reply("RATE 2000001", "X bad-request this_board_can't_make_that_rate");
    assert_reply("RATE", "X bad-request the_number_of_fields_is_wrong");
    assert_reply("RATE fast", "X bad-request a_number_is_no_decimal_u32");
    assert_int_equal(fake.rate, 115200);
    assert_reply("RATE 921600", "R ok baud=921601 ppm=9 back=1200");
    assert_int_equal(fake.rate, 921600);
}

static void the_rate_changes_when_the_reply_has_left_and_not_before(void **state) {
    (void)state;
    fake.rate_max = 2000000;
    assert_string_equal(ask_rate("RATE 921600", true), "R ok baud=921601 ppm=9 back=1200");
    rounds(3);
    assert_int_equal(fake.rate, 115200);
    /* A second copy isn't read at the old rate any more. */
    receive_bytes("@Q", 2);
    rounds(1);
    fake.sending = false;
    rounds(1);
    assert_int_equal(fake.rate, 921600);
    assert_reply("ECHO AAAA", "R AAAA");
    /* One that never leaves is waited for a second. */
    (void)ask_rate("RATE 460800", true);
    fake.now_us += 999999;
    rounds(1);
    assert_int_equal(fake.rate, 921600);
    fake.now_us += 1;
    rounds(1);
    assert_int_equal(fake.rate, 460800);
}

static void a_host_that_is_not_understood_is_found_at_the_first_rate(void **state) {
    (void)state;
    fake.rate_max = 2000000;
    fake.rates_set = 0;
    fake.now_us = 5000000;
    (void)ask("RATE 921600");
    for (unsigned i = 0; i < 5; i++) {
        fake.now_us += 1199999;
        rounds(1);
        assert_int_equal(fake.rate, 921600);
        assert_reply("ECHO AAAA", "R AAAA");
    }
    /* What can't be read is no sign of a host. */
    fake.now_us += 1199000;
    receive_bytes("\x80@Q00 ECHO AAAA*0000\n\xFF\n", 23);
    rounds(2);
    assert_int_equal(fake.last_idle_us, 1000);
    fake.now_us += 999;
    rounds(1);
    assert_int_equal(fake.rate, 921600);
    fake.now_us += 1;
    rounds(1);
    assert_int_equal(fake.rate, 115200);
    assert_int_equal(fake.rates_set, 2);
    fake.now_us += 100000000;
    rounds(3);
    assert_int_equal(fake.rates_set, 2);
    assert_reply("ECHO AAAA", "R AAAA");
}

static void each_start_is_at_the_first_rate(void **state) {
    (void)state;
    fake.rate_max = 2000000;
    (void)ask("RATE 921600");
    assert_int_equal(fake.rate, 921600);
    agent_start();
    assert_int_equal(fake.rate, 115200);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(hello_says_who_it_is, talk_start),
        cmocka_unit_test_setup(refusals, talk_start),
        cmocka_unit_test_setup(images_share_the_arena, talk_start),
        cmocka_unit_test_setup(bad_images_are_named, talk_start),
        cmocka_unit_test_setup(a_run_is_traced, talk_start),
        cmocka_unit_test_setup(a_fault_takes_a_step_number_and_is_not_executed, talk_start),
        cmocka_unit_test_setup(requests_are_idempotent, talk_start),
        cmocka_unit_test_setup(every_damaged_request_is_counted_and_ignored, talk_start),
        cmocka_unit_test_setup(the_vm_pauses_when_no_chunk_is_acknowledged, talk_start),
        cmocka_unit_test_setup(lost_chunks_are_sent_again, talk_start),
        cmocka_unit_test_setup(a_real_delay_sends_what_there_is_and_lets_the_agent_answer,
                               talk_start),
        cmocka_unit_test_setup(virtual_delays_take_no_time, talk_start),
        cmocka_unit_test_setup(pins_belong_to_the_vm_that_configured_them, talk_start),
        cmocka_unit_test_setup(a_button_counts_after_20_ms, talk_start),
        cmocka_unit_test_setup(four_vms_run_side_by_side, talk_start),
        cmocka_unit_test_setup(what_takes_long_ends_a_slice, talk_start),
        cmocka_unit_test_setup(a_full_transmit_queue_loses_nothing, talk_start),
        cmocka_unit_test_setup(reboot_waits_for_its_reply, talk_start),
        cmocka_unit_test_setup(the_board_says_how_it_is, talk_start),
        cmocka_unit_test_setup(the_watchdog_is_started_only_when_asked_for, talk_start),
        cmocka_unit_test_setup(the_watchdog_is_fed_in_each_round, talk_start),
        cmocka_unit_test_setup(a_fault_handler_learns_which_vm_has_its_turn, talk_start),
        cmocka_unit_test_setup(a_rate_is_planned_or_refused, talk_start),
        cmocka_unit_test_setup(the_rate_changes_when_the_reply_has_left_and_not_before, talk_start),
        cmocka_unit_test_setup(a_host_that_is_not_understood_is_found_at_the_first_rate,
                               talk_start),
        cmocka_unit_test_setup(each_start_is_at_the_first_rate, talk_start),
        cmocka_unit_test_setup(the_clocks_go_on_over_their_32_bits, talk_start),
        cmocka_unit_test_setup(a_question_mark_is_answered_in_words, talk_start),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
