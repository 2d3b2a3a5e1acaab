#include "semihosting.h"

/* Arm IHI 0100 (Semihosting for AArch32 and AArch64) 3.1: on an M-profile BKPT
 * 0xAB, operation in r0, argument in r1. */
enum { SYS_WRITE0 = 0x04, SYS_EXIT_EXTENDED = 0x20, ADP_STOPPED_APPLICATION_EXIT = 0x20026 };

static void call(uint32_t operation, uintptr_t argument) {
    register uint32_t r0 __asm("r0") = operation;
    register uintptr_t r1 __asm("r1") = argument;
    __asm volatile("bkpt 0xAB" : "+r"(r0) : "r"(r1) : "memory");
}

void semihosting_write(const char *text) {
    call(SYS_WRITE0, (uintptr_t)text);
}

_Noreturn void semihosting_exit(uint32_t code) {
    const uint32_t block[2] = {ADP_STOPPED_APPLICATION_EXIT, code};
    call(SYS_EXIT_EXTENDED, (uintptr_t)block);
    for (;;) {
    }
}
