#include "chunks.h"

#include <stddef.h>

/** The `index`th chunk, counted from the oldest. */
static chunk *at(const chunk_ring *ring, uint32_t index) {
    return &ring->slots[(ring->oldest + index) % CHUNKS_PER_VM];
}

/** Whether step number a comes after b; numbers wrap, and the ring spans far less than 2^31 steps.
 */
static bool after(uint32_t a, uint32_t b) {
    return a != b && a - b < UINT32_C(0x80000000);
}

static uint32_t end_of(const chunk *it) {
    return it->first + it->count;
}

void chunks_clear(chunk_ring *ring, chunk *slots, uint32_t next) {
    *ring = (chunk_ring){.slots = slots, .next = next};
}

void chunks_continue_at(chunk_ring *ring, uint32_t next) {
    if (next != ring->next) {
        chunks_close(ring);
    }
    ring->next = next;
}

bool chunks_ready(chunk_ring *ring) {
    if (ring->kept == CHUNKS_PER_VM) {
        return false;
    }
    if (!ring->open || at(ring, ring->kept)->length + WIRE_RECORD_MAX <= WIRE_CHUNK_BYTES ||
        ring->kept + 1 < CHUNKS_PER_VM) {
        return true;
    }
    chunks_close(ring);
    return false;
}

void chunks_put(chunk_ring *ring, const wire_effect *effect, uint32_t us) {
    if (ring->open) {
        chunk *it = at(ring, ring->kept);
        const size_t added = wire_put_record(
            it->bytes + it->length, WIRE_CHUNK_BYTES - (size_t)it->length, &ring->records, effect);
        if (added != 0) {
            it->length = (uint16_t)(it->length + added);
            it->count++;
            ring->next++;
            return;
        }
        chunks_close(ring);
    }
    chunk *it = at(ring, ring->kept);
    ring->records = (wire_record_state){0};
    it->first = ring->next++;
    it->us = us;
    it->count = 1;
    it->length = (uint16_t)wire_put_record(it->bytes, WIRE_CHUNK_BYTES, &ring->records, effect);
    ring->open = true;
}

void chunks_close(chunk_ring *ring) {
    if (ring->open) {
        ring->open = false;
        ring->kept++;
    }
}

const chunk *chunks_open(const chunk_ring *ring) {
    return ring->open ? at(ring, ring->kept) : NULL;
}

const chunk *chunks_unsent(const chunk_ring *ring) {
    return ring->sent < ring->kept ? at(ring, ring->sent) : NULL;
}

void chunks_mark_sent(chunk_ring *ring) {
    ring->sent++;
    if (ring->ever_sent < ring->sent) {
        ring->ever_sent = ring->sent;
    }
}

/** The first step in the chunks after the first `count` kept ones. */
static uint32_t first_after(const chunk_ring *ring, uint8_t count) {
    if (count < ring->kept || ring->open) {
        return at(ring, count)->first;
    }
    return ring->next;
}

uint32_t chunks_sent_below(const chunk_ring *ring) {
    return first_after(ring, ring->sent);
}

bool chunks_acknowledge(chunk_ring *ring, uint32_t next) {
    if (after(next, first_after(ring, ring->ever_sent))) {
        return false;
    }
    bool freed = false;
    while (ring->ever_sent > 0 && !after(end_of(at(ring, 0)), next)) {
        ring->oldest = (uint8_t)((ring->oldest + 1U) % CHUNKS_PER_VM);
        ring->kept--;
        ring->ever_sent--;
        /* 0 when it was about to be sent again. */
        ring->sent = ring->sent > 0 ? (uint8_t)(ring->sent - 1U) : 0;
        freed = true;
    }
    if (!freed) {
        uint8_t index = 0;
        while (index < ring->sent && !after(end_of(at(ring, index)), next)) {
            index++;
        }
        ring->sent = index;
    }
    return true;
}
