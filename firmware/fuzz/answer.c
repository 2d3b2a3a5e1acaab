#include "answer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint8_t buffer[ANSWER_REST + ANSWER_STEPS * (ANSWER_EFFECT_BYTES + CVM_PRINT_LENGTH)];
static size_t used;

void answer_begin(void) {
    used = 0;
    answer_u32(0);
}

void answer_u8(uint32_t value) {
    buffer[used++] = (uint8_t)value;
}

void answer_u16(uint32_t value) {
    answer_u8(value);
    answer_u8(value >> 8);
}

void answer_u32(uint32_t value) {
    answer_u16(value);
    answer_u16(value >> 16);
}

void answer_bytes(const void *bytes, size_t length) {
    memcpy(buffer + used, bytes, length);
    used += length;
}

void answer_effect(const cvm_effect_record *effect) {
    answer_u16(effect->pc);
    answer_u8(effect->opcode);
    answer_u8(effect->sp);
    answer_u8(effect->kind);
    answer_u8(effect->text_length);
    answer_u16(effect->address);
    answer_u32((uint32_t)effect->value);
    answer_bytes(effect->text, effect->text_length);
}

size_t answer_length(void) {
    return used;
}

void answer_patch_u32(size_t at, uint32_t value) {
    const size_t end = used;
    used = at;
    answer_u32(value);
    used = end;
}

bool answer_send(void) {
    answer_patch_u32(0, (uint32_t)used - 4U);
    return fwrite(buffer, used, 1, stdout) == 1 && fflush(stdout) == 0;
}

bool request_words(uint32_t *words, size_t count) {
    for (size_t i = 0; i < count; i++) {
        uint8_t bytes[4];
        if (fread(bytes, sizeof bytes, 1, stdin) != 1) {
            return false;
        }
        words[i] = (uint32_t)bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 |
                   (uint32_t)bytes[3] << 24;
    }
    return true;
}

uint8_t *request_bytes(uint32_t length) {
    uint8_t *bytes = malloc(length > 0 ? length : 1);
    if (bytes != NULL && length > 0 && fread(bytes, length, 1, stdin) != 1) {
        free(bytes);
        return NULL;
    }
    return bytes;
}
