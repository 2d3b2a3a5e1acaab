/** A board for tests: the serial line is two buffers, time stands still unless moved, pins are
 * numbers. */
#ifndef FAKE_BOARD_H
#define FAKE_BOARD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "board.h"
#include "board_pins.h"

enum { FAKE_LINE_BYTES = 65536 };

typedef struct {
    /** What the agent will receive. */
    char rx[FAKE_LINE_BYTES];
    size_t rx_start, rx_end;
    /** What the agent sent and the test has not taken. */
    char tx[FAKE_LINE_BYTES];
    size_t tx_start, tx_end;
    /** Bytes the transmit queue takes; a test makes it small to hold the agent up. */
    size_t tx_space;
    uint64_t now_us;
    unsigned idles;
    int64_t last_idle_us;
    unsigned resets;
    /** The greatest rate of the line; 0: it has none. */
    uint32_t rate_max;
    /** The line's rate, and how often it was set. */
    uint32_t rate;
    unsigned rates_set;
    /** What was sent has not left. */
    bool sending;
    board_pin_mode modes[BOARD_PIN_COUNT];
    bool outputs[BOARD_PIN_COUNT];
    bool inputs[BOARD_PIN_COUNT];
    unsigned writes;
    /** What board_health_read() gives. */
    board_health health;
    unsigned feeds;
    /** Called when a pin is read; may be NULL. */
    void (*on_pin_read)(void);
} fake_board;

extern fake_board fake;

/** Everything as after power-up. */
void fake_reset(void);

#endif
