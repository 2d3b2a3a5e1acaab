/** Masking interrupts for a few instructions. */
#ifndef NUCLEO_IRQ_H
#define NUCLEO_IRQ_H

#include <stdint.h>

/** Masks interrupts. Returns what irq_restore() needs. */
static inline uint32_t irq_mask(void) {
    uint32_t primask;
    __asm volatile("mrs %0, primask\n\tcpsid i" : "=r"(primask)::"memory");
    return primask;
}

/** Undoes the matching irq_mask(). */
static inline void irq_restore(uint32_t primask) {
    __asm volatile("msr primask, %0" ::"r"(primask) : "memory");
}

#endif
