#include "lpuart_rate.h"

enum {
    /** 3 * baud <= clock <= 4096 * baud. */
    CLOCKS_LEAST = 3,
    CLOCKS_MOST = 4096,
    /** BRR: 0x300 to 20 bits. */
    DIVIDER_LEAST = 0x300,
    DIVIDER_MOST = 0xFFFFF,
    FRACTION_BITS = 8,
    MHZ = 1000000,
};

uint32_t lpuart_rate_max(uint32_t clock_hz) {
    return clock_hz / CLOCKS_LEAST;
}

uint32_t lpuart_divider(uint32_t clock_hz, uint32_t baud) {
    if (baud > clock_hz / CLOCKS_LEAST || baud < (clock_hz + CLOCKS_MOST - 1U) / CLOCKS_MOST) {
        return 0;
    }
    /* 256 * clock doesn't fit 32 bits: the fraction's bits are divided one by one. */
    uint32_t divider = clock_hz / baud;
    uint32_t rest = clock_hz % baud;
    for (int bit = 0; bit < FRACTION_BITS; bit++) {
        rest *= 2U;
        divider = divider * 2U + (rest >= baud ? 1U : 0U);
        rest -= rest >= baud ? baud : 0U;
    }
    divider += 2U * rest >= baud ? 1U : 0U;
    return divider >= DIVIDER_LEAST && divider <= DIVIDER_MOST ? divider : 0;
}

board_rate lpuart_rate(uint32_t clock_hz, uint32_t baud, uint32_t divider) {
    /* 256 * clock - divider * baud: at most half of baud either way, so modulo 2^32 is enough. */
    const int32_t over = (int32_t)((clock_hz << FRACTION_BITS) - divider * baud);
    const int32_t half = (int32_t)(divider / 2U);
    const int32_t more = (over + (over < 0 ? -half : half)) / (int32_t)divider;
    const uint32_t off = (uint32_t)(over < 0 ? -over : over);
    /* off / (256 * clock), in millionths. */
    return (board_rate){.baud = (uint32_t)((int32_t)baud + more),
                        .ppm = (off >> FRACTION_BITS) / (clock_hz / MHZ)};
}
