/**
 * Hostile lines: the whole agent on a board made of nothing. Every valid request gets exactly one
 * reply with its number, and whatever the agent sends is a good frame or console text.
 *
 * An input is a byte of options, then lines. A line's first byte says what becomes of it:
 *     '@'  sent with the right CRC behind it
 *     '%'  the rest is code: an image is made of it and uploaded to VM 1
 *     else sent as it is
 */
#include <string.h>

#include "agent.h"
#include "board.h"
#include "board_pins.h"
#include "digest_ring.h"
#include "fuzz.h"
#include "image_repair.h"
#include "vm_crc32.h"
#include "vm_image.h"
#include "wire.h"

enum {
    /** Options: the transmit queue is full in every other round. */
    SLOW_LINE = 1,
    /** Options: VM 0 gets a program that prints and reads before the first line. */
    WITH_PROGRAM = 2,
    /** Options: and a digest run of it is under way. */
    WITH_DIGEST = 4,
    /** Rounds of the agent after each line, and at the end. */
    ROUNDS_PER_LINE = 3,
    ROUNDS_AT_END = 40,
    TX_SPACE = 2048,
    QUEUE = 4096,
};

/* ---- the board ---- */

static uint8_t rx[QUEUE];
static size_t rx_start, rx_end;
static wire_reader tx_reader;
static uint32_t replies;
static uint64_t now_us;
static bool slow_line, blocked, reset_requested;
static uint16_t pin_noise;

size_t board_tx_space(void) {
    return blocked ? 0 : TX_SPACE;
}

static void take_sent_line(void) {
    static wire_frame frame;
    if (tx_reader.length == 0 || tx_reader.line[0] != '@') {
        return;
    }
    FUZZ_REQUIRE(wire_parse(tx_reader.line, tx_reader.length, &frame));
    FUZZ_REQUIRE(frame.type != WIRE_REQUEST);
    replies += frame.type == WIRE_EVENT ? 0 : 1;
}

void board_tx_write(const char *bytes, size_t length) {
    FUZZ_REQUIRE(length <= board_tx_space());
    for (size_t i = 0; i < length; i++) {
        const wire_reader_result result = wire_reader_push(&tx_reader, (uint8_t)bytes[i]);
        FUZZ_REQUIRE(result != WIRE_TOO_LONG);
        if (result == WIRE_GOT_LINE) {
            take_sent_line();
        }
    }
}

bool board_tx_drained(void) {
    return !blocked;
}

bool board_rx_read(uint8_t *byte) {
    if (rx_start == rx_end) {
        return false;
    }
    *byte = rx[rx_start++];
    return true;
}

enum { RATE_LEAST = 41504, RATE_MOST = 56666666 };

uint32_t board_rate_max(void) {
    return RATE_MOST;
}

bool board_rate_plan(uint32_t baud, board_rate *out) {
    *out = (board_rate){.baud = UINT32_MAX, .ppm = UINT32_MAX};
    return baud >= RATE_LEAST && baud <= RATE_MOST;
}

void board_rate_set(uint32_t baud) {
    FUZZ_REQUIRE(baud >= RATE_LEAST && baud <= RATE_MOST);
}

uint64_t board_micros(void) {
    now_us += 50;
    return now_us;
}

void board_idle(int64_t us) {
    now_us += us < 0 || us > 100000 ? 100000 : (uint64_t)us;
}

void board_reset(void) {
    reset_requested = true;
}

void board_uid(uint8_t uid[BOARD_UID_BYTES]) {
    memset(uid, 0xA5, BOARD_UID_BYTES);
}

uint32_t board_clock_hz(void) {
    return UINT32_MAX;
}

const uint8_t *board_build_id(void) {
    static const uint8_t id[BOARD_BUILD_ID_BYTES] = {1, 2, 3};
    return id;
}

void board_describe(text_buffer *text) {
    text_string(text, "no board at all\r\n");
}

void board_health_read(board_health *out) {
    static const board_crash crash = {
        .exception = UINT32_MAX, .vm = UINT32_MAX, .steps = UINT32_MAX};
    *out = (board_health){.reset_known = true,
                          .reset_causes = UINT8_MAX,
                          .stack_bytes = UINT32_MAX,
                          .stack_used = UINT32_MAX,
                          .rx_lost = UINT32_MAX,
                          .has_watchdog = true,
                          .watchdog_ms = UINT32_MAX,
                          .crash = &crash};
}

bool board_watchdog_start(uint32_t ms) {
    FUZZ_REQUIRE(ms >= BOARD_WATCHDOG_LEAST_MS && ms <= BOARD_WATCHDOG_MOST_MS);
    return true;
}

void board_watchdog_feed(void) {
}

void board_pin_set_mode(uint8_t pin, board_pin_mode mode) {
    FUZZ_REQUIRE(pin < BOARD_PIN_COUNT && mode <= BOARD_PIN_UNCONFIGURED);
}

void board_pin_write(uint8_t pin, bool high) {
    (void)high;
    FUZZ_REQUIRE(pin < BOARD_PIN_COUNT);
}

bool board_pin_read(uint8_t pin) {
    FUZZ_REQUIRE(pin < BOARD_PIN_COUNT);
    return (pin_noise++ & 1U) != 0;
}

bool board_has_adc(void) {
    return true;
}

bool board_analog_read(uint8_t pin, uint16_t *value) {
    FUZZ_REQUIRE(pin < BOARD_PIN_COUNT);
    *value = pin_noise++ & 4095U;
    return (pin_noise & 15U) != 0;
}

bool board_analog_write(uint8_t pin, uint8_t value) {
    (void)value;
    FUZZ_REQUIRE(pin < BOARD_PIN_COUNT);
    return true;
}

/* ---- the host ---- */

static uint32_t requests;

static void round_of_agent(void) {
    blocked = slow_line && !blocked;
    agent_round();
    if (reset_requested) {
        reset_requested = false;
        /* What had not been read is lost with the reset. */
        rx_start = rx_end = 0;
        agent_start();
    }
}

/** Runs the agent until it has taken everything that was sent. */
static void settle(int rounds) {
    /* 256 bytes a round, every other round on a slow line; REBOOT waits for the queue. */
    for (int i = 0; i < 64 && rx_start != rx_end; i++) {
        round_of_agent();
    }
    FUZZ_REQUIRE(rx_start == rx_end);
    for (int i = 0; i < rounds; i++) {
        round_of_agent();
    }
    rx_start = rx_end = 0;
}

/** Acknowledgements before a line. */
static size_t acknowledgements(const char *line, size_t length) {
    size_t at = 0;
    while (at < length && (uint8_t)line[at] >= 0x80) {
        at++;
    }
    return at;
}

/** Sends a line with its end, and counts it when it is a request. */
static void send_line(const char *line, size_t length) {
    wire_reader reader = {0};
    static wire_frame frame;
    if (length + 1 > QUEUE) {
        return;
    }
    for (size_t i = 0; i < length; i++) {
        rx[rx_end++] = (uint8_t)line[i];
    }
    for (size_t i = acknowledgements(line, length); i < length; i++) {
        (void)wire_reader_push(&reader, (uint8_t)line[i]);
    }
    rx[rx_end++] = '\n';
    const uint32_t before = replies;
    const bool request = wire_reader_push(&reader, '\n') == WIRE_GOT_LINE &&
                         wire_parse(reader.line, reader.length, &frame) &&
                         frame.type == WIRE_REQUEST;
    settle(ROUNDS_PER_LINE);
    requests += request ? 1 : 0;
    FUZZ_REQUIRE(replies == before + (request ? 1 : 0));
}

/** Sends `@Qnn ...` with its CRC. */
static void send_frame(wire_writer *writer, const char *line) {
    const size_t length = wire_finish(writer);
    if (length > 0) {
        send_line(line, length - 1);
    }
}

static uint8_t next_seq;

static void begin_request(wire_writer *writer, char *line, const char *name, uint32_t vm) {
    wire_begin(writer, line, WIRE_REQUEST, next_seq++);
    wire_add_text(writer, name);
    wire_add_u32(writer, vm);
}

/** Makes an image of code bytes and uploads it. */
static void upload(uint32_t vm, const uint8_t *code, size_t length) {
    static uint8_t image[1024];
    char line[WIRE_LINE_MAX];
    wire_writer writer;
    const size_t instructions = length / CVM_INSTRUCTION_SIZE;
    const size_t size = CVM_IMAGE_HEADER_SIZE + instructions * 4 + 16;
    if (instructions == 0 || size > sizeof image) {
        return;
    }
    memset(image, 0, sizeof image);
    image[24] = (uint8_t)instructions;
    image[25] = (uint8_t)(instructions >> 8);
    image[26] = 1;
    memcpy(image + CVM_IMAGE_HEADER_SIZE, code, instructions * 4);
    /* One string: offsets 0 and 5, "%d %x"; then its padding and no debug section. */
    uint8_t *strings = image + CVM_IMAGE_HEADER_SIZE + instructions * 4;
    strings[2] = 5;
    memcpy(strings + 4, "%d %x", 5);
    image_repair(image, size - 4, IMAGE_REPAIR_ALL);
    begin_request(&writer, line, "LOAD", vm);
    wire_add_u32(&writer, (uint32_t)size - 4);
    wire_add_u32(&writer, cvm_crc32(0, image, size - 4));
    send_frame(&writer, line);
    for (size_t at = 0; at < size - 4; at += 300) {
        const size_t part = size - 4 - at < 300 ? size - 4 - at : 300;
        begin_request(&writer, line, "DATA", vm);
        wire_add_u32(&writer, (uint32_t)at);
        wire_add_base64(&writer, image + at, part);
        send_frame(&writer, line);
    }
    begin_request(&writer, line, "COMMIT", vm);
    send_frame(&writer, line);
}

/** Prints, reads a pin and the time, waits, and begins again. */
static const uint8_t PROGRAM[] = {
    0x01, 0, 22,   0, 0x11, 0, 0,    0, 0x19, 0, 0,    0, 0x18, 2, 0,    0, 0x01, 0,
    3,    0, 0x14, 0, 0,    0, 0x01, 0, 7,    0, 0x51, 0, 5,    0, 0x30, 0, 0,    0,
};

static void take_line(const uint8_t *line, size_t length) {
    char framed[WIRE_LINE_MAX];
    wire_writer writer;
    if (length > 0 && line[0] == '%') {
        upload(1, line + 1, length - 1);
        return;
    }
    if (length == 0 || line[0] != '@') {
        send_line((const char *)line, length);
        return;
    }
    text_init(&writer, framed, sizeof framed);
    for (size_t i = 0; i < length; i++) {
        text_char(&writer, (char)line[i]);
    }
    send_frame(&writer, framed);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (size == 0) {
        return 0;
    }
    rx_start = rx_end = 0;
    tx_reader = (wire_reader){0};
    replies = requests = 0;
    now_us = 0;
    next_seq = 0;
    blocked = reset_requested = false;
    slow_line = (data[0] & SLOW_LINE) != 0;
    for (uint8_t vm = 0; vm < CVM_POOL_SIZE; vm++) {
        /* A ring outlives a restart, but not an input. */
        digest_ring_clear(vm);
    }
    agent_start();
    if ((data[0] & (WITH_PROGRAM | WITH_DIGEST)) != 0) {
        upload(0, PROGRAM, sizeof PROGRAM);
    }
    if ((data[0] & WITH_DIGEST) != 0) {
        static const uint8_t go[] = "@Q7F GO 0 digest virtual 100000 0 5";
        take_line(go, sizeof go - 1);
    }
    for (size_t start = 1; start < size;) {
        const uint8_t *end = memchr(data + start, '\n', size - start);
        const size_t length = end == NULL ? size - start : (size_t)(end - data) - start;
        take_line(data + start, length);
        start += length + 1;
    }
    settle(ROUNDS_AT_END);
    FUZZ_REQUIRE(replies == requests);
    return 0;
}
