#include "lpuart.h"

#include <stdbool.h>
#include <stddef.h>

#include "board.h"
#include "clock.h"
#include "gpio.h"
#include "handlers.h"
#include "irq.h"
#include "lpuart_rate.h"
#include "stm32g474.h"

/** Ring sizes, powers of two. RX: two lines, and the host sends one and waits for its reply. TX:
   four lines. */
enum { RX_SIZE = 1024, TX_SIZE = 2048 };

/** Bytes handed over in one interrupt. Silicon takes as many as its FIFO of eight has room for; the
   emulated UART takes any number at once, and a line of them in one interrupt costs a fraction. */
enum { TX_PER_INTERRUPT = 64 };

/**
 * FIFOs and interrupts, not DMA. At 2,000,000 baud a byte takes 5 us, 850 cycles, of which the
 * handler needs about a tenth, and the receiver's FIFO bridges 40 us without it. DMA would save
 * that tenth where the VMs wait for the line anyway, and couldn't be tried on the emulated board,
 * which has none; it stores FIFOEN and goes on byte by byte, which is the same to this code.
 */
enum { ENABLED = LPUART_CR1_TE | LPUART_CR1_RE | LPUART_CR1_RXNEIE | LPUART_CR1_UE };

/** Indices count on and wrap modulo 2^32; each has one writer: the handler or the agent. */
static uint8_t rx_ring[RX_SIZE];
static volatile uint32_t rx_in, rx_out;
static uint8_t tx_ring[TX_SIZE];
static volatile uint32_t tx_in, tx_out;
static volatile uint32_t rx_lost;

/** PA2 and PA3, alternate function 12 (STM32G474 datasheet DS12288, alternate function table). */
enum { CONSOLE_PORT = 0, CONSOLE_TX_BIT = 2, CONSOLE_RX_BIT = 3, CONSOLE_AF = 12 };

void lpuart_start(void) {
    gpio_enable_port(CONSOLE_PORT);
    gpio_set_alternate(CONSOLE_PORT, CONSOLE_TX_BIT, CONSOLE_AF);
    gpio_set_alternate(CONSOLE_PORT, CONSOLE_RX_BIT, CONSOLE_AF);
    /* The line idles high; with nothing connected it must not read as a break. */
    gpio_set_pull(CONSOLE_PORT, CONSOLE_RX_BIT, GPIO_PULL_UP);

    RCC_CCIPR &= ~RCC_CCIPR_LPUART1SEL_MASK; /* PCLK1 */
    RCC_APB1ENR2 |= RCC_APB1ENR2_LPUART1;
    (void)RCC_APB1ENR2;
    board_rate_set(BOARD_RATE_START);
}

uint32_t board_rate_max(void) {
    return lpuart_rate_max(clock_hz());
}

bool board_rate_plan(uint32_t baud, board_rate *out) {
    const uint32_t divider = lpuart_divider(clock_hz(), baud);
    if (divider != 0) {
        *out = lpuart_rate(clock_hz(), baud, divider);
    }
    return divider != 0;
}

void board_rate_set(uint32_t baud) {
    const uint32_t mask = irq_mask();
    const uint32_t sending = LPUART1_CR1 & LPUART_CR1_TXEIE;
    /* BRR and FIFOEN may be written only while UE is 0 (RM0440, LPUART_BRR and LPUART_CR1). */
    LPUART1_CR1 = 0;
    LPUART1_BRR = lpuart_divider(clock_hz(), baud);
    LPUART1_CR1 = LPUART_CR1_FIFOEN;
    LPUART1_CR1 = LPUART_CR1_FIFOEN | ENABLED | sending;
    rx_out = rx_in;
    irq_restore(mask);
}

uint32_t lpuart_lost(void) {
    return rx_lost;
}

void lpuart1_handler(void) {
    uint32_t status = LPUART1_ISR;
    if ((status & LPUART_ISR_ERRORS) != 0) {
        /* Only these bits: the emulated board clears whatever is written, TXE too. */
        LPUART1_ICR = LPUART_ISR_ERRORS;
        rx_lost = rx_lost + 1;
    }
    while ((status & LPUART_ISR_RXNE) != 0) {
        const uint8_t byte = (uint8_t)LPUART1_RDR;
        if (rx_in - rx_out < RX_SIZE) {
            rx_ring[rx_in % RX_SIZE] = byte;
            rx_in = rx_in + 1;
        } else {
            rx_lost = rx_lost + 1;
        }
        status = LPUART1_ISR;
    }
    if ((LPUART1_CR1 & LPUART_CR1_TXEIE) == 0) {
        return;
    }
    uint32_t out = tx_out;
    const uint32_t end = out + TX_PER_INTERRUPT;
    while ((LPUART1_ISR & LPUART_ISR_TXE) != 0 && out != end) {
        if (out == tx_in) {
            LPUART1_CR1 &= ~LPUART_CR1_TXEIE;
            break;
        }
        LPUART1_TDR = tx_ring[out % TX_SIZE];
        out++;
    }
    tx_out = out;
}

size_t board_tx_space(void) {
    return TX_SIZE - (tx_in - tx_out);
}

void board_tx_write(const char *bytes, size_t length) {
    for (size_t i = 0; i < length; i++) {
        tx_ring[(tx_in + i) % TX_SIZE] = (uint8_t)bytes[i];
    }
    const uint32_t mask = irq_mask();
    tx_in = tx_in + (uint32_t)length;
    LPUART1_CR1 |= LPUART_CR1_TXEIE;
    irq_restore(mask);
}

bool board_tx_drained(void) {
    return tx_in == tx_out && (LPUART1_ISR & LPUART_ISR_TC) != 0;
}

bool board_rx_read(uint8_t *byte) {
    if (rx_in == rx_out) {
        return false;
    }
    *byte = rx_ring[rx_out % RX_SIZE];
    rx_out = rx_out + 1;
    return true;
}

void board_idle(int64_t us) {
    /* The next tick is at most 1 ms away; sooner than that, sleeping could oversleep. */
    if (us != BOARD_IDLE_FOREVER && us < 1000) {
        return;
    }
    /* Masked, a byte that arrives after the test still ends WFI (DDI 0403 B1.5.19). */
    const uint32_t mask = irq_mask();
    if (rx_in == rx_out) {
        __asm volatile("dsb\n\twfi" ::: "memory");
    }
    irq_restore(mask);
}
