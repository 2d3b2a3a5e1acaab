/**
 * One answer of a host program that executes images: little-endian numbers and effects behind their
 * length, as src/fuzz/answer.ts reads them.
 */
#ifndef COCKPIT_FUZZ_ANSWER_H
#define COCKPIT_FUZZ_ANSWER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "vm_trace.h"

enum {
    /** Most effects in one answer. */
    ANSWER_STEPS = 8192,
    /** pc (u16), opcode, sp, kind, text length (u8 each), address (u16), value (i32). */
    ANSWER_EFFECT_BYTES = 12,
    /** Whatever else is in it: numbers, names, a VM's whole memory. */
    ANSWER_REST = 8192,
};

/** Forgets the last answer and begins one. */
void answer_begin(void);

void answer_u8(uint32_t value);
void answer_u16(uint32_t value);
void answer_u32(uint32_t value);
void answer_bytes(const void *bytes, size_t length);
/** The fields, and the text's bytes. */
void answer_effect(const cvm_effect_record *effect);

/** Bytes so far: where the next one goes. */
size_t answer_length(void);
/** Writes over four bytes that begin at `at`. */
void answer_patch_u32(size_t at, uint32_t value);

/** Sends it on standard output, its length first. False when that fails. */
bool answer_send(void);

/** Reads `count` numbers from standard input. False at its end. */
bool request_words(uint32_t *words, size_t count);

/** Reads `length` bytes from standard input into a block of its own, for free(); NULL at its end.
 */
uint8_t *request_bytes(uint32_t length);

#endif
