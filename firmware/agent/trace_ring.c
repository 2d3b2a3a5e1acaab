#include "trace_ring.h"

#ifdef CVM_TRACE

#include <string.h>

#include "board.h"
#include "harness.h"

_Static_assert(sizeof(ExecutionTrace) == 12, "docs/wire.md gives the entry's layout");

static cvm_trace traces[CVM_POOL_SIZE];
static ExecutionTrace rings[CVM_POOL_SIZE][TRACE_RING_ENTRIES] HARNESS_DATA;

static uint32_t now_us(void *context) {
    (void)context;
    return (uint32_t)board_micros();
}

void trace_ring_attach(uint8_t vm, cvm_engine *engine) {
    if (engine->trace == &traces[vm]) {
        return;
    }
    memset(rings[vm], 0, sizeof rings[vm]);
    cvm_trace_attach(engine, &traces[vm], rings[vm], TRACE_RING_ENTRIES, now_us, NULL);
}

bool trace_ring_copy(uint8_t vm, uint32_t offset, uint32_t length, uint8_t *out) {
    /* One for all: it lives only during the copy, and is too large for the stack. */
    static uint8_t region[TRACE_RING_BYTES];
    if (offset > sizeof region || length > sizeof region - offset) {
        return false;
    }
    const uint32_t header[2] = {traces[vm].count, TRACE_RING_ENTRIES};
    memset(region, 0, sizeof region);
    memcpy(region, header, sizeof header);
    for (uint32_t age = 0; age < TRACE_RING_ENTRIES; age++) {
        const ExecutionTrace *entry =
            traces[vm].ring == NULL ? NULL : cvm_trace_entry(&traces[vm], age);
        if (entry != NULL) {
            const uint32_t place = TRACE_RING_ENTRIES - 1U - age;
            memcpy(region + sizeof header + place * sizeof *entry, entry, sizeof *entry);
        }
    }
    memcpy(out, region + offset, length);
    return true;
}

#endif
