#include "vm_digest.h"

#ifdef CVM_TRACE

#include "vm_loop.h"
#include "vm_recorder.h"
#include "vm_stack.h"

uint32_t cvm_text_hash(const uint8_t *bytes, uint8_t length) {
    uint32_t hash = cvm_fold(CVM_DIGEST_FIRST, length);
    for (uint32_t i = 0; i < length; i++) {
        hash = cvm_fold(hash, bytes[i]);
    }
    return hash;
}

/* ---- the loop ---- */

/* The run under way. One for all: only one instruction is executed at a time. */
static cvm_digest *under_way;

/* Beside the verdict of an instruction: cvm_recording says what it did. */
enum { NOTED_ACTION = 0x80 };

#define PARAMETERS                                                                                 \
    (cvm_engine * engine, CVM_UNUSED uint8_t flags, CVM_UNUSED uint16_t immediate,                 \
     CVM_UNUSED const VMMemoryOps *memory, CVM_UNUSED const IOController *io)

/* Carries out the instruction just fetched, whose effect isn't just a new top of the stack, with
 * everything recorded. */
static HandlerResult recorded PARAMETERS {
    const uint8_t opcode = engine->registers.next[-CVM_INSTRUCTION_SIZE];
    HandlerResult result = cvm_dispatch_table[opcode](engine, flags, immediate,
                                                      &cvm_recording_memory, &cvm_recording_io);
    if (result.bits < CVM_ACTION_BITS(CVM_ACTION_HALT)) {
        result.bits |= CVM_ACTION_BITS(NOTED_ACTION);
    }
    return result;
}

static CVM_INLINE HandlerResult stored(uint32_t address, int32_t value) {
    cvm_recording.where = CVM_WHERE(CVM_EFFECT_STORE, address);
    cvm_recording.value = value;
    return (HandlerResult){.bits = CVM_ACTION_BITS(NOTED_ACTION)};
}

/*
 * The frequent stores, at less cost than that of a recorder: what they wrote is read again. The
 * values that they took from the stack are still there, above its top.
 */
static HandlerResult store_local PARAMETERS {
    const HandlerResult result = cvm_op_store_local(engine, flags, immediate, memory, io);
    if (result.bits != CVM_ACTION_BITS(CVM_ACTION_CONTINUE)) {
        return result;
    }
    const int32_t *place = engine->registers.base + immediate;
    return stored(CVM_STORE_LOCAL + (uint32_t)(place - engine->stack), *place);
}

static HandlerResult store_global PARAMETERS {
    const VMMemoryContext *direct = engine->window.direct;
    if (direct == NULL) {
        return recorded(engine, flags, immediate, memory, io);
    }
    const HandlerResult result = cvm_op_store_global(engine, flags, immediate, memory, io);
    if (result.bits != CVM_ACTION_BITS(CVM_ACTION_CONTINUE)) {
        return result;
    }
    return stored(CVM_STORE_GLOBAL + (uint32_t)immediate, direct->globals[immediate]);
}

static HandlerResult store_array PARAMETERS {
    const VMMemoryContext *direct = engine->window.direct;
    if (direct == NULL) {
        return recorded(engine, flags, immediate, memory, io);
    }
    const HandlerResult result = cvm_op_store_array(engine, flags, immediate, memory, io);
    if (result.bits != CVM_ACTION_BITS(CVM_ACTION_CONTINUE)) {
        return result;
    }
    const uint32_t index = (uint32_t)engine->registers.top[0];
    return stored(CVM_STORE_ARRAY + (uint32_t)immediate * CVM_ARRAY_LENGTH + index,
                  direct->arrays[immediate][index]);
}

static HandlerResult unknown PARAMETERS {
    (void)engine;
    return cvm_fault(CVM_ERR_INVALID_OPCODE);
}

#define IS_IO(code) (((code)&0xF0) == CVM_OP_DIGITAL_WRITE)

#define SLOT(code, NAME, name)                                                                     \
    [code] = IS_IO(code) || (code) == CVM_OP_CREATE_ARRAY ? recorded                               \
             : (code) == CVM_OP_STORE_LOCAL               ? store_local                            \
             : (code) == CVM_OP_STORE_GLOBAL              ? store_global                           \
             : (code) == CVM_OP_STORE_ARRAY               ? store_array                            \
                                                          : cvm_op_##name,
#define FREE_SLOT(code) [code] = unknown,
static const cvm_handler digest_table[CVM_DISPATCH_SIZE] = {CVM_OPCODES(SLOT)
                                                                CVM_FREE_OPCODES(FREE_SLOT)};
#undef SLOT
#undef FREE_SLOT

/*
 * The first word of a step's effect is pc | opcode << 16 | sp << 24. The address of the stack's
 * top, shifted by 22, is sp << 24 and a constant; pc goes with that constant, as `bias`: one
 * subtraction gives both.
 */
static CVM_INLINE uint32_t bias_of(const cvm_engine *engine, uint32_t pc) {
    return ((uint32_t)(uintptr_t)engine->stack << 22) - pc;
}

/* pc and sp of the first word. */
static CVM_INLINE uint32_t place_of(const int32_t *top, uint32_t bias) {
    _Static_assert(sizeof *top == 4, "a value's address << 22 is its index << 24 and a constant");
    return ((uint32_t)(uintptr_t)top << 22) - bias;
}

/* The first word of an instruction whose place_of() is `place`. A bit-field, because the processor
 * inserts one in one instruction (BFI). */
static CVM_INLINE uint32_t first_word(uint32_t place, uint32_t word) {
    union {
        uint32_t bits;
        struct {
            uint32_t pc : 16;
            uint32_t opcode : 8;
            uint32_t sp : 8;
        } fields;
    } first = {.bits = place};
    first.fields.opcode = word & 0xFFU;
    return first.bits;
}

/* Whether the stack is empty. */
static CVM_INLINE bool is_empty(uint32_t place) {
    return place < 0x1000000U;
}

/* The value of an effect that is a new top of the stack. */
static CVM_INLINE int32_t value_of(const int32_t *top, uint32_t place) {
    return is_empty(place) ? 0 : top[-1];
}

/* Folds the last word of a step's effect, and enters the step. */
static CVM_INLINE uint32_t enter(cvm_digest_entry *entry, uint32_t hash, int32_t value) {
    hash = cvm_fold(hash, (uint32_t)value);
    entry->hash = hash;
    entry->value = value;
    return hash;
}

/* Hands over what a step read, whose entry is `entry`. Pauses the engine when no further one is to
 * be made. */
static CVM_APART void give_input(cvm_engine *engine, cvm_digest_entry *entry) {
    cvm_digest *digest = under_way;
    digest->entry = entry;
    if (digest->input != NULL &&
        !digest->input(digest->context, cvm_recording.where & 0xFFFFU, cvm_recording.value)) {
        cvm_pause(engine);
    }
}

/* The table's run loop (vm_loop.c), and after each instruction what docs/lockstep.md says. */
static CVM_APART HandlerResult run(cvm_engine *engine, cvm_digest *digest) {
    cvm_registers *registers = &engine->registers;
    const VMMemoryOps *memory = engine->memory;
    const IOController *io = engine->io;
    const uint8_t *next = registers->next;
    const uint8_t *stop = registers->care != 0 ? cvm_stop_of(engine) : NULL;
    cvm_digest_entry *entry = digest->entry;
    uint32_t hash = digest->hash;
    uint32_t bias = bias_of(engine, cvm_next_pc(engine, registers));
    HandlerResult result = cvm_continue();
    for (;;) {
        if (next == stop) {
            result = cvm_continue();
            break;
        }
        const uint32_t word = cvm_fetch(next);
        next += CVM_INSTRUCTION_SIZE;
        registers->next = next;
        if (!cvm_guards_are_good(engine)) {
            result = cvm_fault(CVM_ERR_STACK_CORRUPTION);
            break;
        }
        result = digest_table[word & 0xFFU](engine, (uint8_t)(word >> 8), (uint16_t)(word >> 16),
                                            memory, io);
        const int32_t *top = registers->top;
        const uint32_t place = place_of(top, bias);
        bias--;
        if (CVM_LIKELY(result.bits == CVM_ACTION_BITS(CVM_ACTION_CONTINUE)) &&
            CVM_LIKELY(!is_empty(place))) {
            uint32_t addend = CVM_DIGEST_ADDEND;
            CVM_FORGET(addend); /* or the compiler adds it in three parts the first time */
            const int32_t value = top[-1];
            hash = cvm_fold_adding(addend, hash, first_word(place, word));
            hash = cvm_fold_adding(addend, hash, (uint32_t)value);
            entry->hash = hash;
            entry->value = value;
            entry++;
            CVM_FORGET(entry); /* or the compiler counts in two variables */
            continue;
        }
        if (result.bits >= CVM_ACTION_BITS(NOTED_ACTION)) {
            const uint32_t where = cvm_recording.where;
            if (where >> 24 == CVM_EFFECT_INPUT) {
                give_input(engine, entry);
            }
            hash = enter(entry, cvm_fold(cvm_fold(hash, first_word(place, word)), where),
                         cvm_recording.value);
            entry++;
            if (engine->pause == 0) {
                continue;
            }
            result = cvm_jump(cvm_next_pc(engine, registers));
            break;
        }
        if (result.bits >= CVM_ACTION_BITS(CVM_ACTION_HALT)) {
            break;
        }
        hash = enter(entry, cvm_fold(hash, first_word(place, word)), value_of(top, place));
        entry++;
        if (!cvm_goes_on(engine, registers, result)) {
            break;
        }
        if (result.bits != CVM_ACTION_BITS(CVM_ACTION_CONTINUE)) {
            next = registers->next;
            stop = registers->care != 0 ? cvm_stop_of(engine) : NULL;
            bias = bias_of(engine, result.jump_address);
        }
    }
    digest->entry = entry;
    digest->hash = hash;
    return result;
}

static HandlerResult digest_loop(cvm_engine *engine) {
    return run(engine, under_way);
}

/* The step by which an engine stopped. */
static void enter_last(const cvm_engine *engine, cvm_digest *digest) {
    const bool fetched = engine->pc < engine->instruction_count;
    const uint32_t word = fetched ? cvm_instruction_at(engine, engine->pc) : 0;
    const uint32_t place = engine->pc | engine->sp << 24;
    uint32_t hash = cvm_fold(digest->hash, first_word(place, word));
    int32_t value = value_of(&engine->stack[engine->sp], place);
    if (engine->state == CVM_STATE_FAULTED) {
        hash = cvm_fold(hash, CVM_WHERE(CVM_EFFECT_ERROR, 0));
        value = engine->error;
    }
    digest->hash = enter(digest->entry, hash, value);
    digest->entry++;
}

cvm_run_result cvm_run_digest(cvm_engine *engine, cvm_digest *digest, uint32_t max_steps,
                              uint32_t max_rounds) {
    const uint8_t state = engine->state;
    struct cvm_trace *trace = engine->trace;
    engine->trace = NULL;
    under_way = digest;
    cvm_recording_begin(engine->memory, engine->io, NULL);
    const cvm_run_result result = cvm_run_in(engine, max_steps, max_rounds, digest_loop);
    engine->trace = trace;
    if (engine->state != state) {
        enter_last(engine, digest);
    }
    return result;
}

/* ---- the state ---- */

static uint32_t fold_words(uint32_t hash, const int32_t *words, uint32_t count) {
    for (uint32_t i = 0; i < count; i++) {
        hash = cvm_fold(hash, (uint32_t)words[i]);
    }
    return hash;
}

/* Of long arrays: `count` is a multiple of 4. */
static uint32_t fold_many(uint32_t hash, const int32_t *words, uint32_t count) {
    for (const int32_t *end = words + count; words < end; words += 4) {
        hash = cvm_fold(hash, (uint32_t)words[0]);
        hash = cvm_fold(hash, (uint32_t)words[1]);
        hash = cvm_fold(hash, (uint32_t)words[2]);
        hash = cvm_fold(hash, (uint32_t)words[3]);
    }
    return hash;
}

uint32_t cvm_state_hash(const cvm_engine *engine, const VMMemoryContext *memory) {
    _Static_assert(CVM_GLOBAL_COUNT % 4 == 0 && CVM_ARRAY_LENGTH % 4 == 0, "for fold_many");
    uint32_t hash = cvm_fold(CVM_DIGEST_FIRST, engine->pc);
    hash = cvm_fold(hash, engine->sp);
    hash = cvm_fold(hash, engine->depth);
    hash = cvm_fold(hash, engine->error);
    hash = fold_many(hash, memory->globals, CVM_GLOBAL_COUNT);
    for (uint32_t id = 0; id < CVM_ARRAY_COUNT; id++) {
        hash = cvm_fold(hash, memory->array_active[id]);
    }
    hash = fold_many(hash, memory->arrays[0], CVM_ARRAY_COUNT * CVM_ARRAY_LENGTH);
    hash = fold_words(hash, engine->stack, engine->sp);
    for (uint32_t i = 0; i < engine->depth; i++) {
        hash = cvm_fold(hash, engine->frames[i].return_pc);
        hash = cvm_fold(hash, engine->frames[i].frame_base);
    }
    return hash;
}

#else

/* ISO C has no empty translation unit. */
typedef int cvm_digest_is_left_out;

#endif
