/** Division of clock readings, in a tenth of the flash that the compiler's own library takes. */
#ifndef COCKPIT_DIVIDE_H
#define COCKPIT_DIVIDE_H

#include <stdint.h>

/** value / divisor, for divisors above 0. */
uint64_t divide(uint64_t value, uint16_t divisor);

#endif
