#include "script.h"

#ifdef CVM_TRACE

#include <string.h>

#include "vm_types.h"

enum {
    /** Of an entry that stands for every port that no other one names. */
    OTHER_PORTS = 0xFFFF,
    HEAD_BYTES = 4,
    SEED_BYTES = 8,
};

/** How an entry goes on; the numbers are those of docs/wire.md. */
enum { KIND_LAST, KIND_REPEAT, KIND_SEED };

/** An entry as it lies in the script. */
typedef struct {
    uint32_t port;
    uint32_t kind;
    uint32_t count;
    const uint8_t *values;
    /** Bytes of all of it. */
    uint32_t size;
} entry;

static uint32_t u16_at(const uint8_t *from) {
    return (uint32_t)from[0] | (uint32_t)from[1] << 8;
}

/** False when the script ends before the entry at `at` does. */
static bool entry_at(const script *it, uint32_t at, entry *out) {
    const uint32_t left = it->length - at;
    const uint8_t *from = it->bytes + at;
    if (left < HEAD_BYTES) {
        return false;
    }
    *out = (entry){
        .port = u16_at(from), .kind = from[2], .count = from[3], .values = from + HEAD_BYTES};
    out->size = HEAD_BYTES + (out->kind == KIND_SEED ? SEED_BYTES : 2 * out->count);
    return out->size <= left;
}

/** The highest value of a port; 0 when it is none that can be scripted. */
static uint32_t most_of(uint32_t port) {
    switch (port & ~0xFFU) {
    case CVM_PORT_DIGITAL:
    case CVM_PORT_BUTTON:
        return 1;
    case CVM_PORT_ANALOG:
        return CVM_ANALOG_READ_MAX;
    default:
        return 0;
    }
}

static bool is_good_seed(const entry *it) {
    const uint32_t from = u16_at(it->values + 4);
    const uint32_t to = u16_at(it->values + 6);
    if (it->port == OTHER_PORTS) {
        return it->count == 0 && from == 0 && to == 0;
    }
    return it->count == 0 && from <= to && to <= most_of(it->port) && most_of(it->port) != 0;
}

static bool is_good(const entry *it) {
    if (it->kind == KIND_SEED) {
        return is_good_seed(it);
    }
    if (it->kind > KIND_SEED || it->count == 0 || most_of(it->port) == 0) {
        return false;
    }
    for (uint32_t i = 0; i < it->count; i++) {
        if (u16_at(it->values + 2 * i) > most_of(it->port)) {
            return false;
        }
    }
    return true;
}

/** The entry for exactly this port, before `end`. */
static bool find(const script *it, uint32_t port, uint32_t end, entry *out) {
    for (uint32_t at = 0; at < end && entry_at(it, at, out); at += out->size) {
        if (out->port == port) {
            return true;
        }
    }
    return false;
}

/** Bytes of the complete entries. False when one of them isn't one, or is for a port that has one.
 */
static bool complete(const script *it, uint32_t *size) {
    entry one;
    entry same;
    *size = 0;
    while (entry_at(it, *size, &one)) {
        if (!is_good(&one) || find(it, one.port, *size, &same)) {
            return false;
        }
        *size += one.size;
    }
    return true;
}

bool script_put(script *it, uint32_t offset, const uint8_t *bytes, size_t length) {
    uint32_t size;
    if (offset > it->length || length > SCRIPT_BYTES - offset) {
        return false;
    }
    memcpy(it->bytes + offset, bytes, length);
    it->length = offset + (uint32_t)length;
    if (!complete(it, &size)) {
        it->length = offset;
        return false;
    }
    script_rewind(it);
    return true;
}

bool script_is_whole(const script *it) {
    uint32_t size;
    return complete(it, &size) && size == it->length;
}

void script_rewind(script *it) {
    memset(it->reads, 0, sizeof it->reads);
}

/** A number that looks random; docs/wire.md. */
static uint32_t mix(uint32_t seed, uint32_t port, uint32_t count) {
    uint32_t h = seed + (port + 1U) * 0x9E3779B9U + count * 0x85EBCA6BU;
    h = (h ^ h >> 16) * 0x85EBCA6BU;
    h = (h ^ h >> 13) * 0xC2B2AE35U;
    return h ^ h >> 16;
}

static uint32_t value_of(const entry *it, uint32_t port, uint32_t count) {
    switch (it->kind) {
    case KIND_LAST:
        return u16_at(it->values + 2 * (count < it->count ? count : it->count - 1));
    case KIND_REPEAT:
        return u16_at(it->values + 2 * (count % it->count));
    default: {
        const uint32_t seed = u16_at(it->values) | u16_at(it->values + 2) << 16;
        const bool any = it->port == OTHER_PORTS;
        const uint32_t from = any ? 0 : u16_at(it->values + 4);
        const uint32_t to = any ? most_of(port) : u16_at(it->values + 6);
        return from + mix(seed, port, count) % (to - from + 1U);
    }
    }
}

/** The place of a port among those that are counted. */
static uint32_t counter_of(uint32_t port) {
    const uint32_t id = port & 0xFFU;
    switch (port & ~0xFFU) {
    case CVM_PORT_ANALOG:
        return BOARD_PIN_COUNT + id;
    case CVM_PORT_BUTTON:
        return 2 * BOARD_PIN_COUNT + id;
    default:
        return id;
    }
}

bool script_read(script *it, uint32_t port, uint32_t *value) {
    entry one;
    if (!find(it, port, it->length, &one) && !find(it, OTHER_PORTS, it->length, &one)) {
        return false;
    }
    *value = value_of(&one, port, it->reads[counter_of(port)]++);
    return true;
}

#else

/* ISO C has no empty translation unit. */
typedef int script_is_left_out;

#endif
