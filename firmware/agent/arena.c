#include "arena.h"

#include "harness.h"
#include "spans.h"

static uint8_t arena[ARENA_BYTES] HARNESS_DATA __attribute__((aligned(4)));
static span regions[ARENA_REGIONS];

void arena_init(void) {
    for (uint32_t i = 0; i < ARENA_REGIONS; i++) {
        regions[i].size = 0;
    }
}

uint8_t *arena_take(uint32_t region, uint32_t size) {
    span found;
    regions[region].size = 0;
    /* Judged before the size is rounded up to 4, which could overflow. */
    if (size > ARENA_BYTES ||
        !spans_find(regions, ARENA_REGIONS, ARENA_BYTES, (size + 3U) & ~3U, &found)) {
        return NULL;
    }
    regions[region] = found;
    return arena + found.start;
}
