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

#if CVM_DEFECT_CRASH_IN_PRINTF
void cvm_defect_crash(void) {
    /* No memory there on an ARMv7-M (DDI 0403E B3.1: vendor system space) nor in a Linux process.
     */
    volatile uint32_t *nowhere = (volatile uint32_t *)(uintptr_t)0xFFFFFFF0U;
    *nowhere = 0xDEADBEEFU;
    __builtin_trap();
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
