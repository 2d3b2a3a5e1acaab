/** Room for uploaded images and scripts: each VM's, first fit, in harness memory. */
#ifndef COCKPIT_ARENA_H
#define COCKPIT_ARENA_H

#include <stddef.h>
#include <stdint.h>

#include "generated/vm_isa.h"

enum {
    ARENA_BYTES = 20480,
    /** Region of VM n's script: this + n; of its image: n. */
    ARENA_SCRIPTS = CVM_POOL_SIZE,
#ifdef CVM_TRACE
    ARENA_REGIONS = 2 * CVM_POOL_SIZE,
#else
    ARENA_REGIONS = CVM_POOL_SIZE,
#endif
};

/** Gives every region back. */
void arena_init(void);

/**
 * Takes `size` bytes for region `region` in place of what it had; aligned to 4. NULL when no gap is
 * that long; it then has nothing. A size of 0 is a valid region of no bytes.
 */
uint8_t *arena_take(uint32_t region, uint32_t size);

#endif
