#include "arena.h"

#include <stdbool.h>

#include "harness.h"

typedef struct {
    uint32_t start;
    /** Rounded up to 4; 0 = none. */
    uint32_t size;
} arena_region;

static uint8_t arena[ARENA_BYTES] HARNESS_DATA __attribute__((aligned(4)));
static arena_region regions[CVM_POOL_SIZE];

void arena_init(void) {
    for (uint32_t i = 0; i < CVM_POOL_SIZE; i++) {
        regions[i].size = 0;
    }
}

/** The region that overlaps `size` bytes at `start`, or NULL. */
static const arena_region *overlap(uint32_t start, uint32_t size) {
    for (uint32_t i = 0; i < CVM_POOL_SIZE; i++) {
        const arena_region *region = &regions[i];
        if (region->size != 0 && start < region->start + region->size &&
            region->start < start + size) {
            return region;
        }
    }
    return NULL;
}

uint8_t *arena_take(uint8_t vm, uint32_t size) {
    regions[vm].size = 0;
    if (size > ARENA_BYTES) {
        return NULL;
    }
    const uint32_t rounded = (size + 3U) & ~3U;
    uint32_t start = 0;
    /* Each round moves past one region, so it ends after at most CVM_POOL_SIZE of them. */
    while (start + rounded <= ARENA_BYTES) {
        const arena_region *taken = overlap(start, rounded);
        if (taken == NULL) {
            regions[vm].start = start;
            regions[vm].size = rounded;
            return arena + start;
        }
        start = taken->start + taken->size;
    }
    return NULL;
}
