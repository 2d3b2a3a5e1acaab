#include "agent.h"

#include <stdbool.h>
#include <stddef.h>

#include "board.h"
#include "describe.h"
#include "epochs.h"
#include "events.h"
#include "io.h"
#include "rate.h"
#include "requests.h"
#include "session.h"
#include "wire.h"

enum {
    /** An acknowledgement of epochs (docs/wire.md, Digest runs): this, and VM * 32 + number modulo
       32. */
    ACK_BASE = 0x80,
    ACK_VM_SHIFT = 5,
    ACK_NUMBERS = 32,
    /** Bytes looked at in one round, so that a flood of input leaves the VMs their turn. */
    RX_PER_ROUND = 256,
    /** An event leaves room for a reply behind it: a reply then never waits for more than three
       lines of 512 bytes in a 2 KB queue, at 115200 baud 133 ms. */
    EVENT_SPACE = 2 * WIRE_LINE_MAX,
    /** How long REBOOT and RATE wait for their reply to leave: 2 KB at 115200 baud are 178 ms. */
    LEAVE_WAIT_US = 1000000,
};

/** The last request, so that a repeated one is answered again and not executed again. */
static struct {
    bool valid;
    uint8_t seq;
    uint16_t crc;
} last_request;

/** Events and texts for a person, on their way into the transmit queue. */
static char line[WIRE_LINE_MAX];

/** The last reply. */
static char reply[WIRE_LINE_MAX];
static size_t reply_length;
/** It waits for room in the transmit queue. */
static bool reply_pending;

static wire_reader reader;
static uint8_t event_seq;
static uint32_t bad_frames;
static bool rebooting;
/** When the reply to REBOOT or RATE was written. */
static uint64_t leaving_since_us;

/** A reply must leave before the board may reset or the line's rate change: nothing is taken or
 * sent until then. */
static bool leaving(void) {
    return rebooting || rate_is_due();
}

/** Console text. Dropped when the queue is full: whoever wants it can ask again. */
static void say_who(void) {
    if (board_tx_space() >= EVENT_SPACE) {
        board_tx_write(line, describe(line, sizeof line, bad_frames));
    }
}

void agent_start(void) {
    last_request.valid = false;
    reply_pending = false;
    rebooting = false;
    reader = (wire_reader){0};
    event_seq = 0;
    bad_frames = 0;
    session_init();
    io_buttons_init();
    rate_init();
    say_who();
}

static void take_frame(const wire_frame *frame) {
    const uint64_t now_us = board_micros();
    rate_heard(now_us);
    if (last_request.valid && last_request.seq == frame->seq && last_request.crc == frame->crc) {
        reply_pending = true;
        return;
    }
    const requests_result result = requests_answer(frame, reply, bad_frames);
    last_request.valid = true;
    last_request.seq = frame->seq;
    last_request.crc = frame->crc;
    reply_length = result.length;
    reply_pending = true;
    rebooting = result.reboot;
    leaving_since_us = now_us;
    if (result.baud != 0) {
        rate_request(result.baud);
    }
}

static void take_line(void) {
    static wire_frame frame;
    if (reader.length == 1 && reader.line[0] == '?') {
        say_who();
        return;
    }
    if (reader.length == 0 || reader.line[0] != '@') {
        return;
    }
    if (!wire_parse(reader.line, reader.length, &frame) || frame.type != WIRE_REQUEST) {
        bad_frames++;
        return;
    }
    take_frame(&frame);
}

/** Takes the byte of an acknowledgement between two lines. False when it is none. */
static bool take_acknowledgement(uint8_t byte) {
    if (byte < ACK_BASE || !(reader.complete || reader.length == 0)) {
        return false;
    }
    epochs_acknowledge_short((uint8_t)((byte - ACK_BASE) >> ACK_VM_SHIFT), byte % ACK_NUMBERS);
    return true;
}

/** True when it took a byte. */
static bool receive(void) {
    bool any = false;
    for (int i = 0; i < RX_PER_ROUND && !reply_pending && !leaving(); i++) {
        uint8_t byte;
        if (!board_rx_read(&byte)) {
            return any;
        }
        any = true;
        if (take_acknowledgement(byte)) {
            continue;
        }
        switch (wire_reader_push(&reader, byte)) {
        case WIRE_GOT_LINE:
            take_line();
            break;
        case WIRE_TOO_LONG:
            bad_frames++;
            break;
        case WIRE_NEED_MORE:
            break;
        }
    }
    return any;
}

static bool send_reply(void) {
    if (!reply_pending || board_tx_space() < reply_length) {
        return false;
    }
    board_tx_write(reply, reply_length);
    reply_pending = false;
    return true;
}

/** Sends one event of VM `vm`, if there is one and the queue has room. */
static bool send_event(uint8_t vm) {
    if (!events_due(vm) || board_tx_space() < EVENT_SPACE) {
        return false;
    }
    board_tx_write(line, events_write(vm, event_seq++, line));
    return true;
}

static bool has_left(uint64_t now_us) {
    return leaving() && !reply_pending &&
           (board_tx_drained() || now_us - leaving_since_us >= LEAVE_WAIT_US);
}

/** Changes the rate. A line that was cut off by that is no part of the next one. */
static void switch_rate(uint64_t now_us) {
    rate_switch(now_us);
    reader = (wire_reader){0};
}

static int64_t sooner(int64_t a, int64_t b) {
    if (a == BOARD_IDLE_FOREVER || b == BOARD_IDLE_FOREVER) {
        return a == BOARD_IDLE_FOREVER ? b : a;
    }
    return a < b ? a : b;
}

void agent_round(void) {
    board_watchdog_feed();
    bool any = receive();
    any = send_reply() || any;

    const uint64_t now_us = board_micros();
    int64_t wait = sooner(io_buttons_poll(now_us), rate_poll(now_us));
    for (uint8_t vm = 0; vm < CVM_POOL_SIZE && !leaving(); vm++) {
        any = session_slice(vm, now_us) || any;
        any = send_event(vm) || any;
        wait = sooner(wait, session_due_us(vm, now_us));
    }
    if (has_left(now_us)) {
        if (rebooting) {
            board_reset();
            return;
        }
        switch_rate(now_us);
    }
    if (leaving()) {
        wait = sooner(wait, 1000);
    }
    if (!any) {
        board_idle(wait);
    }
}
