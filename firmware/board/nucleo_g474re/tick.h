/** Time from SysTick alone: the emulated board has no cycle counter. */
#ifndef NUCLEO_TICK_H
#define NUCLEO_TICK_H

/** Starts the 1 kHz tick from the core clock as it is now. */
void tick_start(void);

#endif
