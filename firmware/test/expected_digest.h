/*
 * docs/lockstep.md read once more: the digest over effect records, sharing nothing with
 * vm_digest.c, so that neither can confirm its own mistake.
 */
#ifndef EXPECTED_DIGEST_H
#define EXPECTED_DIGEST_H

#include "vm_digest.h"
#include "vm_trace.h"

static inline uint32_t expected_fold(uint32_t hash, uint32_t word) {
    const uint64_t product = (uint64_t)word * 0xCC9E2D51U % 0x100000000U;
    uint64_t mixed = hash ^ product;
    for (int i = 0; i < 13; i++) {
        mixed = 2 * mixed % 0x100000000U + (mixed >= 0x80000000U ? 1 : 0);
    }
    return (uint32_t)((mixed * 5 + 0xE6546B64U) % 0x100000000U);
}

/* The entry of a step with this effect. */
static inline cvm_digest_entry expected_entry(uint32_t hash, const cvm_effect_record *effect) {
    int64_t value = effect->value;
    uint32_t words[3] = {
        effect->pc + 0x10000U * effect->opcode + 0x1000000U * effect->sp,
        0x1000000U * effect->kind + (effect->kind == 5 ? 0 : effect->address),
    };
    if (effect->kind == 4) {
        uint32_t text = expected_fold(0x6A09E667, effect->text_length);
        for (int i = 0; i < effect->text_length; i++) {
            text = expected_fold(text, effect->text[i]);
        }
        value = text < 0x80000000U ? (int64_t)text : (int64_t)text - 0x100000000;
    }
    words[2] = (uint32_t)value;
    hash = expected_fold(hash, words[0]);
    hash = effect->kind == 0 ? hash : expected_fold(hash, words[1]);
    hash = expected_fold(hash, words[2]);
    return (cvm_digest_entry){.hash = hash, .value = (int32_t)value};
}

static inline uint32_t expected_state(const cvm_engine *engine, const VMMemoryContext *memory) {
    uint32_t hash = expected_fold(0x6A09E667, engine->pc);
    hash = expected_fold(hash, engine->sp);
    hash = expected_fold(hash, engine->depth);
    hash = expected_fold(hash, engine->error);
    for (int i = 0; i < 64; i++) {
        hash = expected_fold(hash, (uint32_t)memory->globals[i]);
    }
    for (int i = 0; i < 16; i++) {
        hash = expected_fold(hash, memory->array_active[i]);
    }
    for (int i = 0; i < 16 * 64; i++) {
        hash = expected_fold(hash, (uint32_t)memory->arrays[i / 64][i % 64]);
    }
    for (uint32_t i = 0; i < engine->sp; i++) {
        hash = expected_fold(hash, (uint32_t)engine->stack[i]);
    }
    for (uint32_t i = 0; i < engine->depth; i++) {
        hash = expected_fold(hash, engine->frames[i].return_pc);
        hash = expected_fold(hash, engine->frames[i].frame_base);
    }
    return hash;
}

#endif
