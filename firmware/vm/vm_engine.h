/*
 * The engine: one program's state, and the one dispatcher that executes it.
 */
#ifndef CVM_ENGINE_H
#define CVM_ENGINE_H

#include "vm_image.h"
#include "vm_io.h"
#include "vm_memory.h"
#include "vm_types.h"

#ifdef CVM_TRACE
struct cvm_trace;
#endif

/* What an engine is doing. */
enum cvm_state {
    CVM_STATE_READY = 0,   /* the next step executes an instruction */
    CVM_STATE_HALTED = 1,  /* HALT was executed; pc is on it */
    CVM_STATE_FAULTED = 2, /* `error` says why; pc is on the instruction that failed */
    CVM_STATE_EMPTY = 3,   /* no program; the next step is fault PROGRAM_NOT_LOADED */
};

/* One call. */
typedef struct cvm_frame {
    uint16_t return_pc;  /* index of the instruction after the CALL; may be the
                            program's length */
    uint16_t frame_base; /* of the called function: index of its first argument in
                            the operand stack, 0..128 */
} cvm_frame;

/* Written beside the stacks; a different value means that something wrote past them. */
enum { CVM_GUARD = 0x5AC3A53C };

/*
 * What the handlers work on, in the form that costs least. Valid only while instructions are
 * executed; all 0 between steps, when sp, frame_base and pc say the same. vm_stack.h has the
 * operations.
 */
typedef struct cvm_registers {
    int32_t *top;        /* where the next value goes: &stack[sp] */
    int32_t *base;       /* &stack[frame_base]; never above top */
    int32_t *last;       /* the highest place of the stack */
    const uint8_t *next; /* the instruction after the one that is executed */
    uint32_t care;       /* CVM_CARE: look for fence and budget before each instruction; or 0 */
} cvm_registers;

/* More than opcode and flags can be, as one number. */
enum { CVM_CARE = 0x10000 };

/*
 * How far instructions may be executed without a look around, likewise. Steps are counted in
 * addresses: a program that goes straight on has used up its budget when `next` is fence + slack. A
 * jump moves that along, and so changes slack. As long as slack isn't negative and the fence is the
 * program's end, going straight on needs no look at either: what follows the program reads as HALT
 * (vm_image.h).
 */
typedef struct cvm_window {
    /* The instructions to which a jump needs no look around: the first one in the lower half, how
     * many in the upper; read at once. cvm_pause makes it 0. */
    volatile uint64_t near;
    const uint8_t *fence;    /* look around before this instruction */
    intptr_t slack;          /* bytes; negative when the budget ends before the fence */
    VMMemoryContext *direct; /* what the memory operations are known to reach; or NULL */
    uint32_t steps_end;      /* what `steps` is when the budget is used up, modulo 2^32 */
} cvm_window;

/*
 * One VM's execution state. Anyone may read it between steps; only vm_engine.c
 * and the handlers write it, and only vm_engine.c writes pc. While the io
 * controller is called, `steps` is the number of instructions completed before
 * the present one; sp, frame_base, pc and rounds are of use only between steps.
 */
struct cvm_engine {
    uint64_t steps; /* instructions executed since load or reset */
    cvm_window window;
    cvm_registers registers;
    uint32_t sp;            /* values on the whole operand stack, 0..128 */
    uint32_t frame_base;    /* of the function that runs: 0..sp; values below belong
                               to its callers */
    const uint8_t *code;    /* the image's; NULL when empty */
    const uint8_t *strings; /* the image's string section; NULL when empty */
    uint16_t pc;            /* index of the next instruction, 0..instruction_count */
    uint16_t instruction_count;
    uint16_t loop;  /* see cvm_image.loop */
    uint16_t entry; /* see cvm_image.entry */
    uint16_t string_count;
    uint8_t depth;             /* call frames in use, 0..24 */
    uint8_t state;             /* enum cvm_state */
    uint8_t error;             /* enum cvm_error */
    volatile uint8_t pause;    /* set by cvm_pause, taken back by cvm_run */
    uint32_t rounds;           /* loop() rounds begun since load or reset, modulo 2^32 */
    const VMMemoryOps *memory; /* borrowed */
    const IOController *io;    /* borrowed */
#ifdef CVM_TRACE
    struct cvm_trace *trace; /* borrowed; NULL: not traced */
#endif
    uint32_t guard_low;
    int32_t stack[CVM_STACK_DEPTH];
    uint32_t guard_middle;
    cvm_frame frames[CVM_CALL_DEPTH];
    uint32_t guard_high;
};

/* What one step did. */
typedef enum cvm_step_result {
    CVM_STEP_DONE = 0,    /* an instruction was executed, HALT included; state says
                             whether there is a next one */
    CVM_STEP_FAULTED = 1, /* this step failed and changed nothing; error is set */
    CVM_STEP_IDLE = 2,    /* nothing: the engine was halted or faulted already */
} cvm_step_result;

/* Why cvm_run came back. */
typedef enum cvm_run_result {
    CVM_RUN_STEPS = 0,  /* max_steps instructions were executed */
    CVM_RUN_LOOPS = 1,  /* the next instruction would begin round max_rounds + 1 */
    CVM_RUN_HALTED = 2, /* halted, now or before */
    CVM_RUN_FAULT = 3,  /* faulted, now or before; see error */
    CVM_RUN_PAUSED = 4, /* cvm_pause was called */
} cvm_run_result;

/* Makes an empty engine. memory and io are borrowed for its life and must not be NULL. */
void cvm_engine_init(cvm_engine *engine, const VMMemoryOps *memory, const IOController *io);

/* Takes a program, whose image is borrowed until the next load or init, and resets. Doesn't clear
 * what `memory` points to. */
void cvm_engine_load(cvm_engine *engine, const cvm_image *image);

/* Forgets the program, as if just initialised. */
void cvm_engine_unload(cvm_engine *engine);

/* Clears stacks, error and counters and goes to the entry; an empty engine stays empty. Doesn't
 * clear what `memory` points to. */
void cvm_engine_reset(cvm_engine *engine);

/* Executes at most one instruction. Counts a round when it is the one at `loop`. */
cvm_step_result cvm_step(cvm_engine *engine);

/*
 * Executes instructions until one of the reasons of cvm_run_result. max_steps counts from now; 0
 * executes none. max_rounds counts rounds since load or reset; 0 = no limit. A faulting instruction
 * is not counted as executed.
 */
cvm_run_result cvm_run(cvm_engine *engine, uint32_t max_steps, uint32_t max_rounds);

/*
 * Makes cvm_run return, or return at once when it is called next. Called by the
 * io controller: after the instruction that is being executed. Safe from an
 * interrupt: then at the next jump, call or return that is taken, or at the end
 * of the program's straight line.
 */
void cvm_pause(cvm_engine *engine);

/* Whether the next step would begin a loop() round. */
static inline bool cvm_at_round(const cvm_engine *engine) {
    return engine->pc == engine->loop && engine->pc < engine->instruction_count &&
           engine->state == CVM_STATE_READY;
}

/* The instruction at `index`, which must be < instruction_count, as its four bytes read as a
 * little-endian u32. */
uint32_t cvm_instruction_at(const cvm_engine *engine, uint16_t index);

/* String `id` of the program: its bytes through *bytes and its length; false when there is no such
 * string. */
bool cvm_string_at(const cvm_engine *engine, uint16_t id, const uint8_t **bytes, uint8_t *length);

#endif
