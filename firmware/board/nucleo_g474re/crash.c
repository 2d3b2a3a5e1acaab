#include "crash.h"

#include <stddef.h>

#include "stm32g474.h"

extern uint32_t stack_bottom[], stack_top[];

/** Not static, so that a debugger finds it by name. */
crash_record crash_last __attribute__((section(".noinit")));

/** Words that the core pushes on exception entry: r0-r3, r12, lr, pc, psr (DDI 0403 B1.5.6). */
enum { FRAME_LR = 5, FRAME_PC = 6, FRAME_PSR = 7, FRAME_WORDS = 8 };

static uint32_t crash_check(const crash_record *record) {
    return record->magic ^ record->exception ^ record->pc ^ record->lr ^ record->psr ^ record->sp ^
           record->cfsr ^ record->hfsr ^ record->mmfar ^ record->bfar;
}

/** Second half of crash_handler(): `frame` is the stack pointer at its entry. */
__attribute__((used, noreturn)) static void crash_stop(const uint32_t *frame) {
    crash_record *record = &crash_last;
    const bool readable = frame >= stack_bottom && frame + FRAME_WORDS <= stack_top;
    record->magic = CRASH_MAGIC;
    record->exception = SCB_ICSR & SCB_ICSR_VECTACTIVE;
    record->pc = readable ? frame[FRAME_PC] : 0;
    record->lr = readable ? frame[FRAME_LR] : 0;
    record->psr = readable ? frame[FRAME_PSR] : 0;
    record->sp = (uint32_t)(uintptr_t)frame;
    record->cfsr = SCB_CFSR;
    record->hfsr = SCB_HFSR;
    record->mmfar = SCB_MMFAR;
    record->bfar = SCB_BFAR;
    record->check = crash_check(record);
    for (;;) {
    }
}

__attribute__((naked)) void crash_handler(void) {
    /* After a stack overflow the stack is gone: 64 bytes above its bottom or less, start it anew.
     */
    __asm volatile("mrs r0, msp\n\t"
                   "ldr r1, =stack_bottom + 64\n\t"
                   "cmp r0, r1\n\t"
                   "bhs 1f\n\t"
                   "ldr r1, =stack_top\n\t"
                   "msr msp, r1\n"
                   "1:\n\t"
                   "b crash_stop\n\t"
                   ".ltorg");
}

bool crash_take(crash_record *out) {
    *out = crash_last;
    crash_last.magic = 0;
    return out->magic == CRASH_MAGIC && out->check == crash_check(out);
}
