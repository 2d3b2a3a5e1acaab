/**
 * What is left of a crash: a record in memory that start-up doesn't touch, so that the next start
 * can report it.
 */
#ifndef NUCLEO_CRASH_H
#define NUCLEO_CRASH_H

#include <stdbool.h>
#include <stdint.h>

/** Core state when an unexpected exception was taken; registers as in DDI 0403 B1.5.6 and B3.2. */
typedef struct {
    /** CRASH_MAGIC when the record holds something. */
    uint32_t magic;
    /** Exception number: 2 NMI, 3 HardFault, 4 MemManage, 5 BusFault, 6 UsageFault, 16+n interrupt
     * n. */
    uint32_t exception;
    /** Interrupted code; 0 when the stack itself was unusable. */
    uint32_t pc;
    uint32_t lr;
    uint32_t psr;
    uint32_t sp;
    uint32_t cfsr;
    uint32_t hfsr;
    uint32_t mmfar;
    uint32_t bfar;
    /** XOR of all words above; memory is random after power-up. */
    uint32_t check;
} crash_record;

enum { CRASH_MAGIC = 0x43524153 };

/**
 * Handler of every exception that nobody expects: writes the record and stops the core in place, so
 * that a debugger finds the stack as it was. Only a reset leads out; the host's time-outs notice.
 */
void crash_handler(void);

/** Fetches and clears the record of the run before this one. False when it didn't crash. */
bool crash_take(crash_record *out);

#endif
