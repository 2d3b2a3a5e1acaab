#include "vm_engine.h"

#include <string.h>

#include "vm_dispatcher.h"
#include "vm_loop.h"
#include "vm_stack.h"

void cvm_engine_init(cvm_engine *engine, const VMMemoryOps *memory, const IOController *io) {
    memset(engine, 0, sizeof *engine);
    engine->memory = memory;
    engine->io = io;
    cvm_engine_unload(engine);
}

void cvm_engine_load(cvm_engine *engine, const cvm_image *image) {
    engine->code = image->code;
    engine->strings = image->strings;
    engine->instruction_count = image->instruction_count;
    engine->string_count = image->string_count;
    engine->entry = image->entry;
    engine->loop = image->loop;
    cvm_engine_reset(engine);
}

void cvm_engine_unload(cvm_engine *engine) {
    engine->code = NULL;
    engine->strings = NULL;
    engine->instruction_count = 0;
    engine->string_count = 0;
    engine->entry = 0;
    engine->loop = CVM_NO_LOOP;
    cvm_engine_reset(engine);
}

void cvm_engine_reset(cvm_engine *engine) {
    engine->sp = 0;
    engine->frame_base = 0;
    engine->depth = 0;
    engine->pc = engine->entry;
    engine->steps = 0;
    engine->rounds = 0;
    engine->error = CVM_ERR_NONE;
    engine->pause = 0;
    engine->state = engine->code == NULL ? CVM_STATE_EMPTY : CVM_STATE_READY;
    memset(engine->stack, 0, sizeof engine->stack);
    memset(engine->frames, 0, sizeof engine->frames);
    engine->guard_low = CVM_GUARD;
    engine->guard_middle = CVM_GUARD;
    engine->guard_high = CVM_GUARD;
}

/*
 * Before instructions are executed: the registers from the state that is visible between steps, and
 * a window that ends at instruction `fence`. At most `budget` steps follow.
 */
static void open_registers(cvm_engine *engine, uint32_t fence, uint32_t budget) {
    const uint8_t *next = cvm_instruction(engine, engine->pc);
    engine->registers.top = &engine->stack[engine->sp];
    cvm_set_base(&engine->registers, &engine->stack[engine->frame_base]);
    engine->registers.last = &engine->stack[CVM_STACK_DEPTH - 1];
    engine->registers.next = next;
    engine->window.direct = NULL;
    engine->registers.care = 0;
    engine->window.fence = cvm_instruction(engine, fence);
    engine->window.slack = (intptr_t)((int64_t)engine->pc + budget - fence) * CVM_INSTRUCTION_SIZE;
    engine->window.steps_end = (uint32_t)engine->steps + budget;
}

/* Afterwards: the other way round. */
static void close_registers(cvm_engine *engine, uint32_t left) {
    engine->sp = (uint32_t)(engine->registers.top - engine->stack);
    engine->frame_base = cvm_frame_base(engine, &engine->registers);
    cvm_count_steps(engine, left);
    engine->registers = (cvm_registers){0};
    engine->window = (cvm_window){0};
}

/*
 * Carries out the verdict on the last instruction executed, and closes the registers. The only
 * place that moves pc. False when the verdict is an error: then that instruction was no step.
 */
static bool conclude(cvm_engine *engine, HandlerResult result) {
    const cvm_registers *registers = &engine->registers;
    const uint16_t after = cvm_next_pc(engine, registers);
    uint32_t left = cvm_budget_left(engine, registers);
    switch (result.action) {
    case CVM_ACTION_CONTINUE:
        engine->pc = after;
        break;
    case CVM_ACTION_JUMP:
        engine->pc = result.jump_address;
        break;
    case CVM_ACTION_HALT:
        engine->pc = (uint16_t)(after - 1U);
        if (engine->pc < engine->instruction_count) {
            engine->state = CVM_STATE_HALTED;
        } else {
            /* What follows the program, and isn't executed. */
            left++;
        }
        break;
    default:
        engine->pc = (uint16_t)(after - 1U);
        (void)cvm_stop_with(engine, result.error);
        left++;
        break;
    }
    close_registers(engine, left);
    return result.action != CVM_ACTION_ERROR;
}

/* What comes before every instruction that isn't known to go straight on from another. False, and
 * faulted, when it can't be executed. */
static bool begin(cvm_engine *engine) {
    if (!cvm_guards_are_good(engine)) {
        (void)cvm_stop_with(engine, CVM_ERR_STACK_CORRUPTION);
        return false;
    }
    if (engine->pc >= engine->instruction_count) {
        (void)cvm_stop_with(engine, CVM_ERR_INVALID_JUMP);
        return false;
    }
    if (engine->pc == engine->loop) {
        engine->rounds++;
    }
    return true;
}

#ifdef CVM_TRACE
cvm_step_result cvm_step_ready(cvm_engine *engine, const VMMemoryOps *memory,
                               const IOController *io) {
    if (!begin(engine)) {
        return CVM_STEP_FAULTED;
    }
    const uint32_t word = cvm_fetch(cvm_instruction(engine, engine->pc));
    if (engine->trace != NULL) {
        cvm_trace_begin(engine->trace, engine->pc, word);
    }
    open_registers(engine, engine->pc + 1U, 1);
    engine->registers.next += CVM_INSTRUCTION_SIZE;
    const bool done = conclude(engine, cvm_dispatch(engine, word, cvm_dispatch_table, memory, io));
    if (engine->trace != NULL) {
        cvm_trace_end(engine->trace, engine);
    }
    return done ? CVM_STEP_DONE : CVM_STEP_FAULTED;
}
#endif

static bool is_last_round(const cvm_engine *engine, uint32_t max_rounds) {
    return max_rounds != 0 && engine->rounds >= max_rounds && cvm_at_round(engine);
}

/*
 * A window from pc on, for a budget of 1..LONGEST_RUN steps: a stretch of instructions that can be
 * executed without a look at rounds or at the program's end, because it has no `loop` instruction
 * but, perhaps, the one at pc.
 */
static void open_window(cvm_engine *engine, uint32_t budget) {
    const uint32_t end = engine->instruction_count;
    const uint32_t loop = engine->loop < end ? engine->loop : end;
    uint32_t first = 0;
    uint32_t fence = loop;
    if (engine->pc >= loop) {
        /* When pc is `loop`, its round has been counted, and a jump back to it must be seen. */
        first = loop + 1U;
        fence = end;
    }
    open_registers(engine, fence, budget);
    engine->window.direct = cvm_memory_direct(engine->memory);
    if (fence != end || engine->window.slack < 0 || CVM_GUARDS_NEED_CARE) {
        engine->registers.care = CVM_CARE;
    }
    engine->window.near = first | ((uint64_t)(fence - first) << 32);
    /* Both are volatile: a pause from before isn't forgotten, one from now on empties `near`. */
    if (engine->pause != 0) {
        engine->window.near = 0;
    }
}

/* The most steps for which cvm_window.slack, in bytes, can't overflow on a 32-bit machine. */
enum { LONGEST_RUN = 0x10000000 };

/* Executes at least one instruction, unless it faults, and at most `most` of them; the number. */
static CVM_INLINE uint32_t run_some(cvm_engine *engine, uint32_t most, cvm_loop_function loop) {
#ifdef CVM_TRACE
    if (engine->trace != NULL) {
        return cvm_step_ready(engine, engine->memory, engine->io) == CVM_STEP_DONE ? 1 : 0;
    }
#endif
    const uint64_t before = engine->steps;
    if (begin(engine)) {
        open_window(engine, most < LONGEST_RUN ? most : LONGEST_RUN);
        (void)conclude(engine, loop(engine));
    }
    return (uint32_t)(engine->steps - before);
}

cvm_step_result cvm_step(cvm_engine *engine) {
    if (engine->state != CVM_STATE_READY) {
        return cvm_step_stopped(engine);
    }
    return run_some(engine, 1, cvm_loop) == 1 ? CVM_STEP_DONE : CVM_STEP_FAULTED;
}

static CVM_INLINE cvm_run_result run_in(cvm_engine *engine, uint32_t max_steps, uint32_t max_rounds,
                                        cvm_loop_function loop) {
    uint32_t left = max_steps;
    while (engine->state == CVM_STATE_READY) {
        if (engine->pause != 0) {
            engine->pause = 0;
            return CVM_RUN_PAUSED;
        }
        if (left == 0) {
            return CVM_RUN_STEPS;
        }
        if (is_last_round(engine, max_rounds)) {
            return CVM_RUN_LOOPS;
        }
        left -= run_some(engine, left, loop);
    }
    if (engine->state == CVM_STATE_EMPTY && left > 0) {
        (void)cvm_step_stopped(engine);
    }
    return engine->state == CVM_STATE_HALTED ? CVM_RUN_HALTED : CVM_RUN_FAULT;
}

cvm_run_result cvm_run(cvm_engine *engine, uint32_t max_steps, uint32_t max_rounds) {
    return run_in(engine, max_steps, max_rounds, cvm_loop);
}

#ifdef CVM_TRACE
cvm_run_result cvm_run_in(cvm_engine *engine, uint32_t max_steps, uint32_t max_rounds,
                          cvm_loop_function loop) {
    return run_in(engine, max_steps, max_rounds, loop);
}
#endif

void cvm_pause(cvm_engine *engine) {
    engine->pause = 1;
    engine->window.near = 0;
}

uint32_t cvm_instruction_at(const cvm_engine *engine, uint16_t index) {
    return cvm_fetch(cvm_instruction(engine, index));
}

static uint32_t string_offset(const cvm_engine *engine, uint32_t index) {
    const uint8_t *entry = &engine->strings[2U * index];
    return (uint32_t)entry[0] | ((uint32_t)entry[1] << 8);
}

bool cvm_string_at(const cvm_engine *engine, uint16_t id, const uint8_t **bytes, uint8_t *length) {
    if (id >= engine->string_count) {
        return false;
    }
    const uint32_t start = string_offset(engine, id);
    const uint32_t table_size = 2U * (engine->string_count + 1U);
    *bytes = &engine->strings[table_size + start];
    *length = (uint8_t)(string_offset(engine, id + 1U) - start);
    return true;
}
