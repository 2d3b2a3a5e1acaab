/** Included before all else in each driver under test: where its registers are, and what takes the
 * place of irq.h, which is of the chip's instructions. */
#ifndef FAKE_CHIP_H
#define FAKE_CHIP_H

#include <stdint.h>

/** The memory of fake_registers.c that stands for a chip's address. */
uintptr_t fake_at(uint32_t address);

#define REG_AT(address) fake_at(address)

#define NUCLEO_IRQ_H
/** How often interrupts were masked, and by how many restores less. */
extern uint32_t fake_irq_masks, fake_irq_masked;

static inline uint32_t irq_mask(void) {
    fake_irq_masks++;
    return fake_irq_masked++;
}

static inline void irq_restore(uint32_t before) {
    fake_irq_masked = before;
}

#endif
