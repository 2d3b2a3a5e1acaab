/* From reset to main(). */
#include <stdint.h>

#include "counter.h"
#include "semihosting.h"

/* Set by the linker script; only their addresses mean anything. */
extern uint32_t stack_top[];
extern uint32_t data_start[], data_end[];
extern const uint32_t data_load[];
/* Hot code for CCM SRAM; nothing where it is executed from flash. */
extern uint32_t hot_start[], hot_copy_end[];
extern const uint32_t hot_load[];
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

static void copy(uint32_t *to, const uint32_t *end, const uint32_t *from) {
    /* volatile: must not become a call of memcpy, which may use the FPU or be among what is copied.
     */
    for (volatile uint32_t *at = to; at < end; at++) {
        *at = *from++;
    }
}

void reset_handler(void) {
    CPACR |= 0xFU << 20; /* the FPU: the compiler may use its registers */
    __asm volatile("dsb\n\tisb" ::: "memory");
    copy(data_start, data_end, data_load);
    copy(hot_start, hot_copy_end, hot_load);
    __asm volatile("dsb\n\tisb" ::: "memory");
    /* volatile for the same reason. */
    for (volatile uint32_t *at = bss_start; at < bss_end; at++) {
        *at = 0;
    }
    semihosting_exit((uint32_t)main());
}
