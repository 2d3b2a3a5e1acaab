#define _GNU_SOURCE /* ptsname_r, cfmakeraw */

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "board.h"
#include "cable.h"
#include "host.h"

enum { RX_SIZE = 4096, TX_SIZE = 4096 };

/** Rates of a line with a cable: those of the Nucleo at 170 MHz. */
enum { RATE_LEAST = 41504, RATE_MOST = 56666666 };

static int master = -1;
static uint8_t rx[RX_SIZE];
static size_t rx_start, rx_end;
static char tx[TX_SIZE];
static size_t tx_start, tx_end;

bool serial_open(char path[HOST_PATH_MAX]) {
    struct termios settings;
    master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK);
    if (master < 0 || grantpt(master) != 0 || unlockpt(master) != 0 ||
        ptsname_r(master, path, HOST_PATH_MAX) != 0) {
        return false;
    }
    /* Stays open: without any slave open the master reports a hang-up whenever the host closes it.
     */
    const int slave = open(path, O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (slave < 0 || tcgetattr(slave, &settings) != 0) {
        return false;
    }
    cfmakeraw(&settings);
    return tcsetattr(slave, TCSANOW, &settings) == 0;
}

int serial_fd(void) {
    return master;
}

bool serial_wants_to_send(void) {
    return tx_start != tx_end;
}

void serial_service(void) {
    while (tx_start != tx_end) {
        const ssize_t written = write(master, tx + tx_start, tx_end - tx_start);
        if (written <= 0) {
            break;
        }
        tx_start += (size_t)written;
    }
    if (rx_start == rx_end) {
        const ssize_t got = read(master, rx, RX_SIZE);
        rx_start = 0;
        rx_end = got > 0 ? (size_t)got : 0;
        cable_pass(master, rx, rx_end);
    }
}

void serial_clear(void) {
    rx_start = rx_end = 0;
    tx_start = tx_end = 0;
}

size_t board_tx_space(void) {
    return TX_SIZE - (tx_end - tx_start);
}

void board_tx_write(const char *bytes, size_t length) {
    if (TX_SIZE - tx_end < length) {
        memmove(tx, tx + tx_start, tx_end - tx_start);
        tx_end -= tx_start;
        tx_start = 0;
    }
    memcpy(tx + tx_end, bytes, length);
    cable_pass(master, (uint8_t *)tx + tx_end, length);
    tx_end += length;
}

bool board_tx_drained(void) {
    return tx_start == tx_end;
}

bool board_rx_read(uint8_t *byte) {
    if (rx_start == rx_end) {
        return false;
    }
    *byte = rx[rx_start++];
    return true;
}

uint32_t board_rate_max(void) {
    return cable_present() ? RATE_MOST : 0;
}

bool board_rate_plan(uint32_t baud, board_rate *out) {
    *out = (board_rate){.baud = baud};
    return baud >= RATE_LEAST && baud <= board_rate_max();
}

void board_rate_set(uint32_t baud) {
    cable_set_rate(baud);
    rx_start = rx_end = 0;
}
