/** Time for drivers under test: it goes on with each look at it and each access of a register. */
#ifndef FAKE_TIME_H
#define FAKE_TIME_H

#include <stdint.h>

/** Nanoseconds since the test began. */
uint64_t fake_time_ns(void);

/** Lets time pass. */
void fake_time_pass(uint64_t us);

#endif
