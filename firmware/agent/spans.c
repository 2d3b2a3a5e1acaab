#include "spans.h"

#include <stddef.h>

bool spans_touch(const span *a, const span *b) {
    return a->size != 0 && b->size != 0 && a->start < b->start + b->size &&
           b->start < a->start + a->size;
}

static const span *touched(const span *taken, uint32_t count, const span *it) {
    for (uint32_t i = 0; i < count; i++) {
        if (spans_touch(&taken[i], it)) {
            return &taken[i];
        }
    }
    return NULL;
}

bool spans_find(const span *taken, uint32_t count, uint32_t capacity, uint32_t size, span *out) {
    *out = (span){.start = 0, .size = size};
    /* Each round moves past one span, so it ends after at most `count` of them. */
    while (size <= capacity && out->start <= capacity - size) {
        const span *in_the_way = touched(taken, count, out);
        if (in_the_way == NULL) {
            return true;
        }
        out->start = in_the_way->start + in_the_way->size;
    }
    return false;
}
