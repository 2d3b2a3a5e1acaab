#include <string.h>

#include "generated/vm_isa.h"
#include "wire.h"

size_t wire_put_varint(uint8_t *out, uint32_t value) {
    size_t length = 0;
    while (value >= 0x80U) {
        out[length++] = (uint8_t)(value | 0x80U);
        value >>= 7;
    }
    out[length++] = (uint8_t)value;
    return length;
}

uint32_t wire_zigzag(int32_t value) {
    const uint32_t bits = (uint32_t)value;
    return value < 0 ? ~(bits << 1) : bits << 1;
}

/** Bits of the header byte above the kind. */
enum {
    HEADER_PC_FOLLOWS = 0x08,
    HEADER_SP_SHIFT = 4,
    SP_CHANGE_BIAS = 8,
    SP_CHANGE_MIN = -7,
    SP_CHANGE_MAX = 7,
};

size_t wire_put_record(uint8_t *out, size_t capacity, wire_record_state *state,
                       const wire_effect *effect) {
    uint8_t fixed[2 + 2 + 3 * WIRE_VARINT_MAX + 1];
    size_t length = 2;
    const int change = (int)effect->sp - (int)state->sp;
    const bool sp_follows = !state->started || change < SP_CHANGE_MIN || change > SP_CHANGE_MAX;
    const bool pc_follows = !state->started || effect->pc != state->pc + 1U;
    const bool has_address = effect->kind == CVM_EFFECT_STORE || effect->kind == CVM_EFFECT_INPUT ||
                             effect->kind == CVM_EFFECT_OUTPUT || effect->kind == CVM_EFFECT_PRINT;
    const bool has_text = effect->kind == CVM_EFFECT_PRINT;
    const int nibble = sp_follows ? 0 : change + SP_CHANGE_BIAS;

    fixed[0] =
        (uint8_t)(effect->kind | (pc_follows ? HEADER_PC_FOLLOWS : 0) | nibble << HEADER_SP_SHIFT);
    fixed[1] = effect->opcode;
    if (pc_follows) {
        fixed[length++] = (uint8_t)effect->pc;
        fixed[length++] = (uint8_t)(effect->pc >> 8);
    }
    if (sp_follows) {
        length += wire_put_varint(fixed + length, effect->sp);
    }
    if (has_address) {
        length += wire_put_varint(fixed + length, effect->address);
    }
    if (has_text) {
        fixed[length++] = effect->text_length;
    } else {
        length += wire_put_varint(fixed + length, wire_zigzag(effect->value));
    }
    const size_t text_length = has_text ? effect->text_length : 0;
    if (capacity < length + text_length) {
        return 0;
    }
    memcpy(out, fixed, length);
    if (text_length != 0) {
        memcpy(out + length, effect->text, text_length);
    }
    state->started = true;
    state->pc = effect->pc;
    state->sp = effect->sp;
    return length + text_length;
}

size_t wire_put_input(uint8_t *out, size_t capacity, uint32_t steps, uint32_t address,
                      int32_t value) {
    uint8_t record[WIRE_INPUT_MAX];
    size_t length = wire_put_varint(record, steps);
    length += wire_put_varint(record + length, address);
    length += wire_put_varint(record + length, wire_zigzag(value));
    if (capacity < length) {
        return 0;
    }
    memcpy(out, record, length);
    return length;
}

static size_t put_u32(uint8_t *out, uint32_t word) {
    for (size_t i = 0; i < sizeof word; i++) {
        out[i] = (uint8_t)(word >> (8 * i));
    }
    return sizeof word;
}

size_t wire_put_check(uint8_t *out, const wire_check *check) {
    size_t length = 0;
    if (check->full) {
        out[length++] = (uint8_t)check->epoch;
    } else {
        length += put_u32(out, check->epoch);
        length += put_u32(out + length, check->next_step);
    }
    length += put_u32(out + length, check->stream_hash);
    length += put_u32(out + length, check->state_hash);
    if (!check->full) {
        out[length++] = (uint8_t)check->inputs;
        out[length++] = (uint8_t)(check->inputs >> 8);
    }
    return length;
}
