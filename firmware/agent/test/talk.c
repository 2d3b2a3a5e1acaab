#include "talk.h"

#include <stdio.h>
#include <string.h>

#include "agent.h"
#include "fake_board.h"
#include "vm_crc32.h"

static uint8_t next_seq;

int talk_start(void **state) {
    (void)state;
    fake_reset();
    next_seq = 0;
    agent_start();
    rounds(1);
    forget_sent();
    return 0;
}

size_t request_line(char line[WIRE_LINE_MAX], uint8_t seq, const char *fields) {
    wire_writer writer;
    wire_begin(&writer, line, WIRE_REQUEST, seq);
    wire_add_text(&writer, fields);
    return wire_finish(&writer);
}

void receive_bytes(const char *bytes, size_t length) {
    assert_true(length <= FAKE_LINE_BYTES - fake.rx_end);
    memcpy(fake.rx + fake.rx_end, bytes, length);
    fake.rx_end += length;
}

void rounds(unsigned count) {
    for (unsigned i = 0; i < count; i++) {
        agent_round();
        if (fake.rx_start == fake.rx_end) {
            fake.rx_start = fake.rx_end = 0;
        }
    }
}

bool take_line(message *out) {
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
        forget_sent();
    }
    return true;
}

bool take_frame(message *out, const char *types) {
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

const char *body(message *it) {
    it->text[strlen(it->text) - 5] = '\0';
    return it->text[4] == '\0' ? "" : it->text + 5;
}

void forget_sent(void) {
    fake.tx_start = fake.tx_end = 0;
}

void send_request(const char *fields) {
    char line[WIRE_LINE_MAX];
    receive_bytes(line, request_line(line, next_seq++, fields));
}

const char *ask(const char *fields) {
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

void assert_status(const char *fields, const char *part) {
    const char *reply = ask(fields);
    if (strstr(reply, part) == NULL) {
        fail_msg("'%s' is not in '%s'", part, reply);
    }
}

void peek(unsigned vm, const char *region, unsigned offset, unsigned length, uint8_t *out) {
    char fields[64];
    size_t got = 0;
    (void)snprintf(fields, sizeof fields, "PEEK %u %s %u %u", vm, region, offset, length);
    const char *reply = ask(fields);
    assert_int_equal(reply[0], 'R');
    const wire_field field = {.text = reply + 2, .length = (uint16_t)strlen(reply + 2)};
    assert_true(wire_field_base64(&field, out, length, &got));
    assert_int_equal(got, length);
}

static void put16(image *it, uint32_t value) {
    it->bytes[it->size++] = (uint8_t)value;
    it->bytes[it->size++] = (uint8_t)(value >> 8);
}

static void put32(image *it, uint32_t value) {
    put16(it, value);
    put16(it, value >> 16);
}

void build_image(image *it, const uint32_t *code, uint32_t count, uint32_t loop,
                 const char *string) {
    const uint32_t length = string == NULL ? 0 : (uint32_t)strlen(string);
    const uint32_t strings = 52 + 4 * count;
    const uint32_t section = (string == NULL ? 2 : 4) + length;
    const uint32_t size = strings + ((section + 3) & ~3U);
    it->size = 0;
    put32(it, 0x43425643); /* CVBC */
    put32(it, 0x00340001); /* version 1, no flags, header of 52 */
    put32(it, 0);          /* CRC */
    put32(it, size);
    put32(it, CVM_ISA_HASH);
    put16(it, 0);
    put16(it, loop);
    put16(it, count);
    put16(it, string == NULL ? 0 : 1);
    put32(it, 52);
    put32(it, 4 * count);
    put32(it, strings);
    put32(it, section);
    put32(it, size);
    put32(it, 0);
    for (uint32_t i = 0; i < count; i++) {
        put32(it, code[i]);
    }
    put16(it, 0); /* offsets */
    if (string != NULL) {
        put16(it, length);
    }
    for (uint32_t i = 0; it->size < size; i++) {
        it->bytes[it->size++] = i < length ? (uint8_t)string[i] : 0;
    }
    const uint32_t head = cvm_crc32(0, it->bytes, 8);
    const uint32_t crc = cvm_crc32(head, it->bytes + 12, it->size - 12);
    for (uint32_t i = 0; i < 4; i++) {
        it->bytes[8 + i] = (uint8_t)(crc >> (8 * i));
    }
}

void send_data(unsigned vm, const image *it, size_t offset, size_t length) {
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

void upload(unsigned vm, const image *it) {
    char fields[WIRE_LINE_MAX];
    (void)snprintf(fields, sizeof fields, "LOAD %u %u %u", vm, (unsigned)it->size,
                   (unsigned)cvm_crc32(0, it->bytes, it->size));
    assert_reply(fields, "R ok");
    for (size_t at = 0; at < it->size; at += 300) {
        send_data(vm, it, at, it->size - at < 300 ? it->size - at : 300);
    }
}

void program(unsigned vm, const uint32_t *code, uint32_t count, uint32_t loop) {
    image it;
    char fields[32];
    char expected[64];
    build_image(&it, code, count, loop, NULL);
    upload(vm, &it);
    (void)snprintf(fields, sizeof fields, "COMMIT %u", vm);
    (void)snprintf(expected, sizeof expected, "R ok instructions=%u strings=0", (unsigned)count);
    assert_reply(fields, expected);
}

const uint32_t COUNTER[COUNTER_LENGTH] = {
    CVM_OP_LOAD_GLOBAL, PUSH(1), CVM_OP_ADD, CVM_OP_STORE_GLOBAL, JMP(0),
};
