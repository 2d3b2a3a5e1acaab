/* From reset to main(). */
#include <stdint.h>

#include "counter.h"
#include "semihosting.h"

/* Set by the linker script; only their addresses mean anything. */
extern uint32_t stack_top[];
extern uint32_t data_start[], data_end[];
extern const uint32_t data_load[];
extern uint32_t bss_start[], bss_end[];

int main(void);
void reset_handler(void);

#define CPACR (*(volatile uint32_t *)0xE000ED88U) /* DDI 0403E B3.2.20 */

static void fault_handler(void) {
    semihosting_write("error processor fault\n");
    semihosting_exit(3);
}

typedef union {
    uint32_t *stack;
    void (*handler)(void);
} vector;

__attribute__((section(".vectors"), used)) static const vector vectors[16] = {
    {.stack = stack_top},       {.handler = reset_handler},          {.handler = fault_handler},
    {.handler = fault_handler}, {.handler = fault_handler},          {.handler = fault_handler},
    {.handler = fault_handler}, [15] = {.handler = systick_handler},
};

void reset_handler(void) {
    CPACR |= 0xFU << 20; /* the FPU: the compiler may use its registers */
    __asm volatile("dsb\n\tisb" ::: "memory");
    /* volatile: must not become calls of memcpy and memset, which may use the FPU
     * or data. */
    for (uint32_t i = 0; data_start + i < data_end; i++) {
        ((volatile uint32_t *)data_start)[i] = data_load[i];
    }
    for (volatile uint32_t *at = bss_start; at < bss_end; at++) {
        *at = 0;
    }
    semihosting_exit((uint32_t)main());
}
