/** Parts of the native board: a pseudo terminal for the serial line, and pins that are only
 * numbers. */
#ifndef NATIVE_HOST_H
#define NATIVE_HOST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { HOST_PATH_MAX = 64 };

/** CLOCK_MONOTONIC in microseconds. */
uint64_t host_monotonic_us(void);

/** Opens the pseudo terminal, raw; its slave's path goes into `path`. False with errno set. */
bool serial_open(char path[HOST_PATH_MAX]);

/** File descriptor to wait on for received bytes. */
int serial_fd(void);

/** True when bytes wait to be sent. */
bool serial_wants_to_send(void);

/** Moves bytes between the terminal and the queues as far as it goes without waiting. */
void serial_service(void);

/** Forgets all queued bytes. */
void serial_clear(void);

/** Every pin unconfigured; what drives them from outside stays. */
void pins_reset(void);

/**
 * One line of standard input: `drive PIN 0|1`, `release PIN`, `analog PIN 0..4095`. False when it
 * is none.
 */
bool pins_command(const char *line);

#endif
