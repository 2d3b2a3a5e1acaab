/** Room for uploaded images: one region for each VM, first fit, in harness memory. */
#ifndef COCKPIT_ARENA_H
#define COCKPIT_ARENA_H

#include <stddef.h>
#include <stdint.h>

#include "generated/vm_isa.h"

enum { ARENA_BYTES = 20480 };

/** Gives every region back. */
void arena_init(void);

/**
 * Takes `size` bytes for VM `vm` in place of what it had; aligned to 4. NULL when no gap is that
 * long; the VM then has nothing. A size of 0 is a valid region of no bytes.
 */
uint8_t *arena_take(uint8_t vm, uint32_t size);

#endif
