#include "arena.h"

#include "harness.h"
#include "spans.h"

static uint8_t arena[ARENA_BYTES] HARNESS_DATA __attribute__((aligned(4)));
static span regions[CVM_POOL_SIZE];

void arena_init(void) {
    for (uint32_t i = 0; i < CVM_POOL_SIZE; i++) {
        regions[i].size = 0;
    }
}

uint8_t *arena_take(uint8_t vm, uint32_t size) {
    span found;
    regions[vm].size = 0;
    /* Judged before the size is rounded up to 4, which could overflow. */
    if (size > ARENA_BYTES || !spans_find(regions, ARENA_BYTES, (size + 3U) & ~3U, &found)) {
        return NULL;
    }
    regions[vm] = found;
    return arena + found.start;
}
