/**
 * What is left of a crash: a record in memory that start-up doesn't touch, so that the next start
 * can report it.
 */
#ifndef NUCLEO_CRASH_H
#define NUCLEO_CRASH_H

#include <stdbool.h>
#include <stdint.h>

#include "board.h"

/** What board_health_read() tells of a crash, on its way through a reset. */
typedef struct {
    /** CRASH_MAGIC when the record holds something. */
    uint32_t magic;
    board_crash seen;
    /** XOR of all words above; memory is random after power-up. */
    uint32_t check;
} crash_record;

enum { CRASH_MAGIC = 0x43524153 };

/**
 * Handler of every exception that nobody expects: writes the record and stops the core in place, so
 * that a debugger finds the stack as it was. Only a reset leads out; the host's time-outs notice.
 */
void crash_handler(void);

/** Whether there is a record that nobody has taken. */
bool crash_is_noted(void);

/**
 * Notes that the watchdog ended the run before, and what that was doing. Called by start-up while
 * the memory of that run is still as it was.
 */
void crash_note_watchdog(void);

/** Fetches and clears the record of the run before this one; NULL when it didn't crash. Static. */
const board_crash *crash_take(void);

#endif
