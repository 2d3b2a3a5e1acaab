/** Parts of one piece of memory; by first fit. */
#ifndef COCKPIT_SPANS_H
#define COCKPIT_SPANS_H

#include <stdbool.h>
#include <stdint.h>

#include "generated/vm_isa.h"

typedef struct {
    uint32_t start;
    /** 0 = none. */
    uint32_t size;
} span;

/** Whether two spans have a place in common. */
bool spans_touch(const span *a, const span *b);

/**
 * Finds the first `size` places below `capacity` that none of the `count` spans `taken` touches;
 * size 0 is found, too. False when no gap is that long.
 */
bool spans_find(const span *taken, uint32_t count, uint32_t capacity, uint32_t size, span *out);

#endif
