/*
 * A small program for the emulated Nucleo: LD2 (PA5) changes every 10 ms, D7 (PA8) follows the
 * button (PC13), and LPUART1 returns what it receives. Register addresses: RM0440 2.2; the reset
 * clock of QEMU's machine is 4 MHz.
 */
#include <stdint.h>

#define REGISTER(address) (*(volatile uint32_t *)(address))
#define RCC_AHB2ENR REGISTER(0x4002104CU)
#define RCC_APB1ENR2 REGISTER(0x4002105CU)
#define GPIOA_MODER REGISTER(0x48000000U)
#define GPIOA_BSRR REGISTER(0x48000018U)
#define GPIOA_AFRL REGISTER(0x48000020U)
#define GPIOC_MODER REGISTER(0x48000800U)
#define GPIOC_PUPDR REGISTER(0x4800080CU)
#define GPIOC_IDR REGISTER(0x48000810U)
#define LPUART1_CR1 REGISTER(0x40008000U)
#define LPUART1_BRR REGISTER(0x4000800CU)
#define LPUART1_ISR REGISTER(0x4000801CU)
#define LPUART1_RDR REGISTER(0x40008024U)
#define LPUART1_TDR REGISTER(0x40008028U)
#define SYST_CSR REGISTER(0xE000E010U)
#define SYST_RVR REGISTER(0xE000E014U)

#define RXNE (1U << 5)
#define TXE (1U << 7)
#define LED 5U
#define MIRROR 8U
#define BUTTON 13U

void reset_handler(void);
void main_loop(void);

volatile uint32_t milliseconds;
volatile uint32_t led_changes;

static void stop(void) {
    for (;;) {
    }
}

static void systick(void) {
    milliseconds++;
}

/* 16 system exceptions and the 102 interrupts of the G474. */
__attribute__((section(".vectors"), used)) static void (*const vectors[118])(void) = {
    (void (*)(void))0x20018000U, reset_handler, stop, stop, [15] = systick,
};

/* Bytes in more than one page, so that erase, program and verify have something to do. */
__attribute__((used)) const uint8_t filler[5000] = {1, 2, 3, 4, 5};

__attribute__((noinline)) void change_led(uint32_t level) {
    led_changes++;
    GPIOA_BSRR = level != 0U ? 1U << LED : 1U << (LED + 16U);
}

__attribute__((noinline)) void main_loop(void) {
    uint32_t last = 0;
    uint32_t level = 0;
    for (;;) {
        if ((LPUART1_ISR & RXNE) != 0U) {
            uint32_t byte = LPUART1_RDR;
            while ((LPUART1_ISR & TXE) == 0U) {
            }
            LPUART1_TDR = byte & 0xFFU;
        }
        GPIOA_BSRR = (GPIOC_IDR >> BUTTON & 1U) != 0U ? 1U << MIRROR : 1U << (MIRROR + 16U);
        if (milliseconds - last >= 10U) {
            last = milliseconds;
            level ^= 1U;
            change_led(level);
        }
    }
}

void reset_handler(void) {
    milliseconds = 0;
    led_changes = 0;
    RCC_AHB2ENR |= 5U;
    RCC_APB1ENR2 |= 1U;
    /* PA2 and PA3 alternate function 12, PA5 and PA8 outputs. */
    GPIOA_MODER = (GPIOA_MODER & ~0x00030CF0U) | 0x000104A0U;
    GPIOA_AFRL = (GPIOA_AFRL & ~0x0000FF00U) | 0x0000CC00U;
    GPIOC_MODER &= ~(3U << (2U * BUTTON));
    GPIOC_PUPDR = (GPIOC_PUPDR & ~(3U << (2U * BUTTON))) | 2U << (2U * BUTTON);
    LPUART1_BRR = 256U * 40U;
    LPUART1_CR1 = 0xDU;
    SYST_RVR = 3999U;
    SYST_CSR = 7U;
    main_loop();
}
