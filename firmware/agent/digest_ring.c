#include "digest_ring.h"

#ifdef CVM_TRACE

#include <string.h>

#include "harness.h"
#include "spans.h"

enum { MAGIC = 0x474E4952 };

/** An epoch in its slot. */
typedef struct {
    /** Number of its first step. */
    uint32_t first;
    uint32_t steps;
    /** The stream hash before it. */
    uint32_t hash;
} ring_epoch;

/** The header as docs/wire.md has it, and after it where the slots are. */
typedef struct {
    uint32_t magic;
    uint32_t vm;
    uint32_t size;
    uint32_t epoch;
    ring_epoch open;
    ring_epoch before;
    uint32_t image_crc32;
    uint32_t check;
    /** Bytes from digest_slots to the first slot. */
    uint32_t place;
} ring_header;

enum {
    ENTRY_BYTES = sizeof(cvm_digest_entry),
    HEADER_BYTES = offsetof(ring_header, place),
    CHECKED_WORDS = offsetof(ring_header, check) / sizeof(uint32_t),
};
_Static_assert(HEADER_BYTES == 48, "docs/wire.md gives the header's layout");
_Static_assert(ENTRY_BYTES == 8, "docs/wire.md gives the entry's layout");

/* Not static, so that a debugger finds them by name. */
extern ring_header digest_rings[CVM_POOL_SIZE];
extern cvm_digest_entry digest_slots[DIGEST_RING_BYTES / ENTRY_BYTES];
ring_header digest_rings[CVM_POOL_SIZE] HARNESS_RETAINED;
cvm_digest_entry digest_slots[DIGEST_RING_BYTES / ENTRY_BYTES] HARNESS_RING;

/** What each VM holds. */
static span held[CVM_POOL_SIZE];

static uint32_t check_of(const ring_header *header) {
    uint32_t words[CHECKED_WORDS];
    uint32_t hash = CVM_DIGEST_FIRST;
    memcpy(words, header, sizeof words);
    for (uint32_t i = 0; i < CHECKED_WORDS; i++) {
        hash = cvm_fold(hash, words[i]);
    }
    return hash;
}

static uint32_t slots_bytes(uint32_t size) {
    return 2U * size * ENTRY_BYTES;
}

static bool is_valid(const ring_header *header, uint32_t vm) {
    return header->magic == MAGIC && header->vm == vm && header->check == check_of(header) &&
           header->size >= 1 && header->size <= DIGEST_EPOCH_MAX &&
           header->place % ENTRY_BYTES == 0 &&
           header->place <= DIGEST_RING_BYTES - slots_bytes(header->size);
}

static span span_of(const ring_header *header) {
    return (span){.start = header->place, .size = slots_bytes(header->size)};
}

static void clear_header(uint32_t vm) {
    memset(&digest_rings[vm], 0, sizeof digest_rings[vm]);
}

void digest_ring_init(void) {
    for (uint32_t vm = 0; vm < CVM_POOL_SIZE; vm++) {
        held[vm].size = 0;
        if (!is_valid(&digest_rings[vm], vm)) {
            clear_header(vm);
        }
    }
}

static void make_ring(uint8_t vm, const span *place, uint32_t size, uint32_t image_crc32) {
    for (uint32_t other = 0; other < CVM_POOL_SIZE; other++) {
        const span its = span_of(&digest_rings[other]);
        if (other == vm || spans_touch(&its, place)) {
            clear_header(other);
        }
    }
    memset(digest_slots + place->start / ENTRY_BYTES, 0, place->size);
    /* Valid, and with its magic number, from the first epoch on. */
    digest_rings[vm].vm = vm;
    digest_rings[vm].size = size;
    digest_rings[vm].image_crc32 = image_crc32;
    digest_rings[vm].place = place->start;
}

digest_ring_result digest_ring_take(uint8_t vm, uint32_t size, uint32_t image_crc32) {
    const ring_header *header = &digest_rings[vm];
    if (header->magic == MAGIC && header->size == size) {
        held[vm] = span_of(header);
        return DIGEST_RING_KEPT;
    }
    span place;
    held[vm].size = 0;
    if (!spans_find(held, CVM_POOL_SIZE, DIGEST_RING_BYTES, slots_bytes(size), &place)) {
        return DIGEST_RING_NO_ROOM;
    }
    held[vm] = place;
    make_ring(vm, &place, size, image_crc32);
    return DIGEST_RING_NEW;
}

void digest_ring_release(uint8_t vm) {
    held[vm].size = 0;
}

void digest_ring_clear(uint8_t vm) {
    held[vm].size = 0;
    clear_header(vm);
}

cvm_digest_entry *digest_ring_open(uint8_t vm, uint32_t epoch, uint32_t first, uint32_t hash) {
    ring_header *header = &digest_rings[vm];
    /* 0 steps when there was none. */
    header->before = header->open;
    header->open = (ring_epoch){.first = first, .steps = 0, .hash = hash};
    header->epoch = epoch;
    header->magic = MAGIC;
    header->check = check_of(header);
    return digest_slots + header->place / ENTRY_BYTES + epoch % 2U * header->size;
}

void digest_ring_note(uint8_t vm, uint32_t steps) {
    digest_rings[vm].open.steps = steps;
    digest_rings[vm].check = check_of(&digest_rings[vm]);
}

bool digest_ring_copy(uint8_t vm, uint32_t offset, uint32_t length, uint8_t *out) {
    const ring_header *header = &digest_rings[vm];
    const bool valid = is_valid(header, vm);
    const uint32_t size = HEADER_BYTES + (valid ? slots_bytes(header->size) : 0);
    if (offset > size || length > size - offset) {
        return false;
    }
    for (uint32_t i = 0; i < length; i++) {
        const uint32_t at = offset + i;
        if (at >= HEADER_BYTES) {
            out[i] = ((const uint8_t *)digest_slots)[header->place + at - HEADER_BYTES];
        } else {
            out[i] = valid ? ((const uint8_t *)header)[at] : 0;
        }
    }
    return true;
}

#endif
