/**
 * From reset to main(): vector table, FPU, memory. Nothing here may use data or the FPU before
 * reset_handler() has set them up.
 */
#include <stdint.h>

#include "board.h"
#include "chip.h"
#include "crash.h"
#include "handlers.h"
#include "irq.h"
#include "reset_cause.h"
#include "stm32g474.h"

/* Set by the linker script; only their addresses mean anything. */
extern uint32_t stack_bottom[], stack_top[];
extern uint32_t data_start[], data_end[];
extern const uint32_t data_load[];
/* Hot code for CCM SRAM; nothing where it is executed from flash. */
extern uint32_t hot_start[], hot_end[];
extern const uint32_t hot_load[];
extern uint32_t bss_start[], bss_end[];
extern uint32_t harness_start[], harness_end[];

int main(void);

/** The initial stack pointer, then handlers: exceptions 1..15, interrupts 0..101. */
typedef union {
    uint32_t *stack;
    void (*handler)(void);
} vector;

#define FAULT                                                                                      \
    { .handler = crash_handler }

/* The emulated board raises LPUART1 on interrupt 70. On the chip 70 is HRTIM timer C, which nothing
   here enables, so its vector is free to lead to the same handler. */
#define IRQ_LPUART1_EMULATED 70

__attribute__((section(".vectors"), used, aligned(512))) static const vector vectors[] = {
    {.stack = stack_top},
    {.handler = reset_handler},
    [2 ... 14] = FAULT,
    [15] = {.handler = systick_handler},
    [16 ... 16 + IRQ_LPUART1_EMULATED - 1] = FAULT,
    [16 + IRQ_LPUART1_EMULATED] = {.handler = lpuart1_handler},
    [16 + IRQ_LPUART1_EMULATED + 1 ... 16 + IRQ_LPUART1 - 1] = FAULT,
    [16 + IRQ_LPUART1] = {.handler = lpuart1_handler},
    [16 + IRQ_LPUART1 + 1 ... 16 + IRQ_COUNT - 1] = FAULT,
};

static void fill(uint32_t *from, const uint32_t *to, uint32_t value) {
    /* volatile: the compiler must not turn this into a call of memset before memory is set up. */
    for (volatile uint32_t *at = from; at < to; at++) {
        *at = value;
    }
}

static void copy(uint32_t *to, const uint32_t *end, const uint32_t *from) {
    /* volatile: nor a call of memcpy, which may be among what is copied. */
    for (volatile uint32_t *at = to; at < end; at++) {
        *at = *from++;
    }
}

static void enable_interrupt(uint32_t irq) {
    NVIC_ISER(irq / 32U) = 1U << (irq % 32U);
}

void reset_handler(void) {
    SCB_VTOR = (uint32_t)(uintptr_t)vectors;
    SCB_CPACR |= SCB_CPACR_FPU;
    __asm volatile("dsb\n\tisb" ::: "memory");
    SCB_SHCSR |= SCB_SHCSR_FAULTS;

    /* The unused part of the stack is painted; stack_unused() measures what is still painted. */
    uint32_t *here;
    __asm volatile("mov %0, sp" : "=r"(here));
    fill(stack_bottom, here, STACK_PAINT);
    /* Before its memory is cleared: what a run did that the watchdog ended. A crash of that run,
     * which the watchdog ended too, has left more. The flags of the emulated board mean nothing. */
    if (chip_is_g474() && (reset_causes_of(RCC_CSR) & BOARD_RESET_WATCHDOG) != 0 &&
        !crash_is_noted()) {
        crash_note_watchdog();
    }
    copy(data_start, data_end, data_load);
    copy(hot_start, hot_end, hot_load);
    /* Instructions written as data are fetched after this (DDI 0403E A3.8.3). */
    __asm volatile("dsb\n\tisb" ::: "memory");
    fill(bss_start, bss_end, 0);
    fill(harness_start, harness_end, 0);

    enable_interrupt(IRQ_LPUART1);
    enable_interrupt(IRQ_LPUART1_EMULATED);
    main();
    for (;;) {
    }
}

uint32_t stack_bytes(void) {
    return (uint32_t)((uintptr_t)stack_top - (uintptr_t)stack_bottom);
}

uint32_t stack_unused(void) {
    const uint32_t *at = stack_bottom;
    while (at < stack_top && *at == STACK_PAINT) {
        at++;
    }
    return (uint32_t)((uintptr_t)at - (uintptr_t)stack_bottom);
}
