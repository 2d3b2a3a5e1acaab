/*
 * The run loop, for vm_engine.c only, and what vm_digest.c has in common with it.
 */
#ifndef CVM_LOOP_H
#define CVM_LOOP_H

#include "vm_dispatcher.h"

/* Whether the loop looks at the guard words only where it looks for fence and budget. */
#if defined(CVM_CHECK_GUARDS) && defined(CVM_DISPATCH_SWITCH)
#define CVM_GUARDS_NEED_CARE true
#else
#define CVM_GUARDS_NEED_CARE false
#endif

/*
 * Executes at least one instruction, from registers.next on, until one is to be judged that doesn't
 * just go on: the end of the budget or of the stretch (cvm_window), a jump out of the window, a
 * pause, HALT or a fault. The verdict on the last one; registers.next is then the instruction after
 * it.
 */
HandlerResult cvm_loop(cvm_engine *engine);

/* Another loop that does the same. */
typedef HandlerResult (*cvm_loop_function)(cvm_engine *engine);

#ifdef CVM_TRACE
/* cvm_run with another loop. */
cvm_run_result cvm_run_in(cvm_engine *engine, uint32_t max_steps, uint32_t max_rounds,
                          cvm_loop_function loop);
#endif

/* Where fence or budget end a program that goes straight on. */
static CVM_INLINE const uint8_t *cvm_stop_of(const cvm_engine *engine) {
    const intptr_t slack = engine->window.slack;
    return engine->window.fence + (slack < 0 ? slack : 0);
}

/* Carries out a verdict after which the loop goes on. False, and nothing done, for any other. */
static CVM_INLINE bool cvm_goes_on(cvm_engine *engine, cvm_registers *registers,
                                   HandlerResult result) {
    if (CVM_LIKELY(result.bits == CVM_ACTION_BITS(CVM_ACTION_CONTINUE))) {
        return true;
    }
    if (result.bits >> 16 != CVM_NEAR_BITS >> 16) {
        return false;
    }
    intptr_t slack = engine->window.slack - (intptr_t)registers->next;
    registers->next = cvm_instruction(engine, result.jump_address);
    slack += (intptr_t)registers->next;
    if (!CVM_LIKELY(slack >= 0)) {
        registers->care = CVM_CARE;
        CVM_FORGET(registers->care); /* or it is chosen without a branch, which costs more */
    }
    engine->window.slack = slack;
    return true;
}

#endif
