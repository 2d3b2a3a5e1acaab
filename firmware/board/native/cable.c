#include "cable.h"

#include <asm/termbits.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>

#include "board.h"

enum { ONE_IN = 16 };

/** What the cable carries, bits per second; 0: there is none. */
static uint32_t carries;
static uint32_t noise;
static uint32_t board_baud = BOARD_RATE_START;

/** G. Marsaglia, Xorshift RNGs (2003): never 0 when it began otherwise. */
static uint32_t next_noise(void) {
    noise ^= noise << 13;
    noise ^= noise >> 17;
    noise ^= noise << 5;
    return noise;
}

bool cable_command(const char *line) {
    unsigned baud;
    unsigned seed;
    int end = 0;
    if (sscanf(line, "cable %u %u%n", &baud, &seed, &end) != 2 || line[end] != '\0' || baud == 0 ||
        seed == 0) {
        return false;
    }
    carries = baud;
    noise = seed;
    return true;
}

bool cable_present(void) {
    return carries != 0;
}

void cable_set_rate(uint32_t baud) {
    board_baud = baud;
}

/** The rate that the host has set, of any kind; 0 when the terminal doesn't tell. */
static uint32_t host_baud(int terminal) {
    struct termios2 settings;
    return ioctl(terminal, TCGETS2, &settings) == 0 ? settings.c_ospeed : 0;
}

void cable_pass(int terminal, uint8_t *bytes, size_t length) {
    if (carries == 0) {
        return;
    }
    const bool alike = host_baud(terminal) == board_baud;
    if (alike && board_baud <= carries) {
        return;
    }
    for (size_t i = 0; i < length; i++) {
        const uint32_t random = next_noise();
        if (!alike || random % ONE_IN == 0) {
            bytes[i] ^= (uint8_t)(random >> 8 | 1U);
        }
    }
}
