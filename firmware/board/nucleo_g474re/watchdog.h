/** The independent watchdog as the agent's; the emulated board has none. */
#ifndef NUCLEO_WATCHDOG_H
#define NUCLEO_WATCHDOG_H

#include <stdint.h>

/** The time it was started with, milliseconds; 0 while it wasn't. */
uint32_t watchdog_ms(void);

#endif
