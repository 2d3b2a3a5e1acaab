#include "crash.h"

#include <stddef.h>

#include "session.h"
#include "stm32g474.h"

extern uint32_t stack_bottom[], stack_top[];

/** Not static, so that a debugger finds it by name. */
crash_record crash_last __attribute__((section(".noinit")));

/** Words that the core pushes on exception entry: r0-r3, r12, lr, pc, psr (DDI 0403 B1.5.6). */
enum { FRAME_LR = 5, FRAME_PC = 6, FRAME_PSR = 7, FRAME_WORDS = 8 };

static uint32_t crash_check(const crash_record *record) {
    const uint32_t *words = (const uint32_t *)record;
    uint32_t sum = 0;
    for (size_t i = 0; i < offsetof(crash_record, check) / sizeof words[0]; i++) {
        sum ^= words[i];
    }
    return sum;
}

/** Adds what the VMs were doing, and completes the record. */
static void seal(crash_record *record) {
    record->seen.vm = session_executing(&record->seen.steps);
    record->magic = CRASH_MAGIC;
    record->check = crash_check(record);
}

/** Second half of crash_handler(): `frame` is the stack pointer at its entry. */
__attribute__((used, noreturn)) static void crash_stop(const uint32_t *frame) {
    board_crash *seen = &crash_last.seen;
    const bool readable = frame >= stack_bottom && frame + FRAME_WORDS <= stack_top;
    seen->exception = SCB_ICSR & SCB_ICSR_VECTACTIVE;
    seen->pc = readable ? frame[FRAME_PC] : 0;
    seen->lr = readable ? frame[FRAME_LR] : 0;
    seen->psr = readable ? frame[FRAME_PSR] : 0;
    seen->sp = (uint32_t)(uintptr_t)frame;
    seen->cfsr = SCB_CFSR;
    seen->hfsr = SCB_HFSR;
    seen->mmfar = SCB_MMFAR;
    seen->bfar = SCB_BFAR;
    seal(&crash_last);
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

static bool is_good(const crash_record *record) {
    return record->magic == CRASH_MAGIC && record->check == crash_check(record);
}

bool crash_is_noted(void) {
    return is_good(&crash_last);
}

void crash_note_watchdog(void) {
    crash_last.seen = (board_crash){.exception = BOARD_CRASH_WATCHDOG};
    seal(&crash_last);
}

const board_crash *crash_take(void) {
    static crash_record taken;
    taken = crash_last;
    crash_last.magic = 0;
    return is_good(&taken) ? &taken.seen : NULL;
}
