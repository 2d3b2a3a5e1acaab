#include "divide.h"

/** On paper, with digits of 16 bits: what is divided each time fits 32. */
uint64_t divide(uint64_t value, uint16_t divisor) {
    uint64_t quotient = 0;
    uint32_t rest = 0;
    for (int shift = 48; shift >= 0; shift -= 16) {
        const uint32_t part = rest << 16 | (uint32_t)(value >> shift & 0xFFFFU);
        quotient = quotient << 16 | part / divisor;
        rest = part % divisor;
    }
    return quotient;
}
