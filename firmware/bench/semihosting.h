/* Output to whoever debugs the processor: QEMU with -semihosting, or OpenOCD.
 */
#ifndef BENCH_SEMIHOSTING_H
#define BENCH_SEMIHOSTING_H

#include <stdint.h>

/* Writes a text that ends in a 0 byte. */
void semihosting_write(const char *text);

/* Ends the emulator with this exit code; a real processor stops here. */
_Noreturn void semihosting_exit(uint32_t code);

#endif
