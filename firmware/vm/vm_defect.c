#include "vm_defect.h"

#include "vm_engine.h"
#include "vm_memory.h"

const char *cvm_defect_name(void) {
#if CVM_DEFECT_SUB_SWAPPED
    return "SUB_SWAPPED";
#elif CVM_DEFECT_LT_SIGNED_LE
    return "LT_SIGNED_LE";
#elif CVM_DEFECT_HANG_IN_DELAY
    return "HANG_IN_DELAY";
#elif CVM_DEFECT_CRASH_IN_PRINTF
    return "CRASH_IN_PRINTF";
#elif CVM_DEFECT_STRAY_WRITE
    return "STRAY_WRITE";
#elif CVM_DEFECT_HARD_FAULT_IN_MOD
    return "HARD_FAULT_IN_MOD";
#elif CVM_DEFECT_STACK_OVERFLOW_IN_MOD
    return "STACK_OVERFLOW_IN_MOD";
#else
    return "none";
#endif
}

#if CVM_DEFECT_HANG_IN_DELAY
void cvm_defect_hang(void) {
    static volatile uint32_t spins;
    for (;;) {
        spins++;
    }
}
#endif

#if CVM_DEFECT_CRASH_IN_PRINTF || CVM_DEFECT_HARD_FAULT_IN_MOD
static void write_where_no_memory_is(void) {
    /* No memory there on an ARMv7-M (DDI 0403E B3.1: vendor system space) nor in a Linux process.
     */
    volatile uint32_t *nowhere = (volatile uint32_t *)(uintptr_t)0xFFFFFFF0U;
    *nowhere = 0xDEADBEEFU;
    __builtin_trap();
}
#endif

#if CVM_DEFECT_CRASH_IN_PRINTF
void cvm_defect_crash(void) {
    write_where_no_memory_is();
}
#endif

#if CVM_DEFECT_HARD_FAULT_IN_MOD
void cvm_defect_hard_fault(void) {
#ifdef __arm__
    /* With PRIMASK set a bus fault can't be taken as such and becomes a HardFault (DDI 0403E
     * B1.5.4). */
    __asm__ volatile("cpsid i" ::: "memory");
#endif
    write_where_no_memory_is();
}
#endif

#if CVM_DEFECT_STACK_OVERFLOW_IN_MOD
static uint32_t go_deeper(const volatile uint32_t *above, uint32_t depth) {
    volatile uint32_t here[16];
    here[0] = *above + depth;
    if (depth == 0) {
        return here[0];
    }
    return go_deeper(here, depth - 1U) + here[0];
}

void cvm_defect_stack_overflow(void) {
    static volatile uint32_t sum;
    sum = go_deeper(&sum, UINT32_MAX);
}
#endif

#if CVM_DEFECT_STRAY_WRITE
void cvm_defect_stray_write(cvm_engine *engine) {
    /* The engine's own operations, not the handler's: those may be a recorder's. */
    VMMemoryContext *memory = engine->memory->context;
    if (memory != NULL) {
        memory->globals[CVM_GLOBAL_COUNT - 1] ^= 1;
    }
}
#endif
