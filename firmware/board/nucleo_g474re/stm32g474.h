/**
 * The registers of the STM32G474RE that this firmware uses, and no others.
 *
 * Sources: RM0440 (STM32G4 reference manual) and the Armv7-M Architecture Reference Manual
 * (DDI 0403). Every access is a whole 32-bit word: RM0440 allows it everywhere used here, and the
 * emulated board allows nothing else.
 */
#ifndef STM32G474_H
#define STM32G474_H

#include <stdint.h>

typedef volatile uint32_t reg32;

/** Where the register of an address is. Tests on a host, which has none, put it elsewhere. */
#ifndef REG_AT
#define REG_AT(address) ((uintptr_t)(address))
#endif

#define REG32(address) (*(reg32 *)REG_AT(address))

/* ---- core: DDI 0403, B3.2 system control block, B3.3 SysTick, B3.4 NVIC ---- */

#define SYST_CSR REG32(0xE000E010U)
#define SYST_RVR REG32(0xE000E014U)
#define SYST_CVR REG32(0xE000E018U)
enum { SYST_CSR_ENABLE = 1U << 0, SYST_CSR_TICKINT = 1U << 1, SYST_CSR_CLKSOURCE = 1U << 2 };

/** Set-enable register of interrupts 32n..32n+31. */
#define NVIC_ISER(n) REG32(0xE000E100U + 4U * (n))

#define SCB_ICSR REG32(0xE000ED04U)
#define SCB_VTOR REG32(0xE000ED08U)
#define SCB_AIRCR REG32(0xE000ED0CU)
#define SCB_SHCSR REG32(0xE000ED24U)
#define SCB_CFSR REG32(0xE000ED28U)
#define SCB_HFSR REG32(0xE000ED2CU)
#define SCB_MMFAR REG32(0xE000ED34U)
#define SCB_BFAR REG32(0xE000ED38U)
#define SCB_CPACR REG32(0xE000ED88U)
#define SCB_ICSR_PENDSTSET (1U << 26)
#define SCB_ICSR_VECTACTIVE 0x1FFU
/** Write key and SYSRESETREQ. */
#define SCB_AIRCR_RESET 0x05FA0004U
/** Separate memory, bus and usage faults. */
#define SCB_SHCSR_FAULTS (7U << 16)
/** Full access to CP10 and CP11, the FPU. */
#define SCB_CPACR_FPU (0xFU << 20)

/* ---- device identity: RM0440, debug support and device electronic signature ---- */

#define DBGMCU_IDCODE REG32(0xE0042000U)
#define DBGMCU_DEV_ID_MASK 0xFFFU
/** Category 3 devices: STM32G471/473/474/483/484. */
#define DBGMCU_DEV_ID_G47X 0x469U
/** What stands still while the debugger holds the core. */
#define DBGMCU_APB1FZR1 REG32(0xE0042008U)
#define DBGMCU_APB1FZR1_IWDG (1U << 12)
/** 96-bit unique device number, three words. */
#define UID_BASE 0x1FFF7590U
/** TS_CAL1 in the lower half; in the upper VREFINT_CAL (DS12288, embedded internal voltage
 * reference): what ADC1 read of VREFINT in the factory with VDDA at VREFINT_CAL_MV and 30 degrees
 * Celsius. */
#define FACTORY_CALIBRATION REG32(0x1FFF75A8U)
#define VREFINT_CAL_SHIFT 16U
#define VREFINT_CAL_MV 3000U

/* ---- power: RM0440 6.4 ---- */

#define PWR_CR3 REG32(0x40007008U)
#define PWR_SR2 REG32(0x40007014U)
#define PWR_CR5 REG32(0x40007080U)
/** Takes the USB-C dead battery pull-downs off PB4 and PB6; they are on after reset. */
#define PWR_CR3_UCPD_DBDIS (1U << 14)
/** Range 1 voltage is changing. */
#define PWR_SR2_VOSF (1U << 10)
/** 0 = range 1 boost mode, needed above 150 MHz. */
#define PWR_CR5_R1MODE (1U << 8)

/* ---- flash interface: RM0440 3.7 ---- */

#define FLASH_ACR REG32(0x40022000U)
#define FLASH_ACR_LATENCY_MASK 0xFU
#define FLASH_ACR_PRFTEN (1U << 8)
#define FLASH_ACR_ICEN (1U << 9)
#define FLASH_ACR_DCEN (1U << 10)

/* ---- reset and clock control: RM0440 7.4 ---- */

#define RCC_CR REG32(0x40021000U)
#define RCC_CFGR REG32(0x40021008U)
#define RCC_PLLCFGR REG32(0x4002100CU)
#define RCC_AHB2ENR REG32(0x4002104CU)
#define RCC_APB1ENR1 REG32(0x40021058U)
#define RCC_APB1ENR2 REG32(0x4002105CU)
#define RCC_APB2ENR REG32(0x40021060U)
#define RCC_CCIPR REG32(0x40021088U)
/** Reset flags in the highest seven bits; RMVF clears them. */
#define RCC_CSR REG32(0x40021094U)
#define RCC_CSR_RMVF (1U << 23)
#define RCC_CR_HSION (1U << 8)
#define RCC_CR_HSIRDY (1U << 10)
#define RCC_CR_PLLON (1U << 24)
#define RCC_CR_PLLRDY (1U << 25)
#define RCC_CFGR_SW_MASK 3U
#define RCC_CFGR_SWS_SHIFT 2U
#define RCC_CFGR_HPRE_MASK (0xFU << 4)
#define RCC_CFGR_HPRE_DIV2 (8U << 4)
/** PPRE1 and PPRE2. */
#define RCC_CFGR_PPRE_MASK (0x3FU << 8)
#define RCC_AHB2ENR_GPIO(port) (1U << (port))
#define RCC_AHB2ENR_ADC12 (1U << 13)
#define RCC_AHB2ENR_DAC1 (1U << 16)
#define RCC_APB1ENR1_PWR (1U << 28)
#define RCC_APB1ENR2_LPUART1 (1U << 0)
#define RCC_CCIPR_LPUART1SEL_MASK (3U << 10)

/* ---- GPIO: RM0440 9.4 ---- */

typedef struct {
    reg32 moder;
    reg32 otyper;
    reg32 ospeedr;
    reg32 pupdr;
    reg32 idr;
    reg32 odr;
    reg32 bsrr;
    reg32 lckr;
    /** Alternate functions: [0] pins 0..7, [1] pins 8..15, four bits each. */
    reg32 afr[2];
} gpio_registers;

/** Port 0 is GPIOA. */
#define GPIO(port) ((gpio_registers *)REG_AT(0x48000000U + 0x400U * (uint32_t)(port)))

enum { GPIO_MODE_INPUT = 0, GPIO_MODE_OUTPUT = 1, GPIO_MODE_ALTERNATE = 2, GPIO_MODE_ANALOG = 3 };
enum { GPIO_PULL_NONE = 0, GPIO_PULL_UP = 1, GPIO_PULL_DOWN = 2 };

/* ---- timers as PWM: RM0440, registers of TIM1/8, TIM2..5 and TIM15..17 ---- */

typedef struct {
    reg32 cr1;
    reg32 cr2;
    reg32 smcr;
    reg32 dier;
    reg32 sr;
    reg32 egr;
    /** [0] channels 1 and 2, [1] channels 3 and 4. */
    reg32 ccmr[2];
    reg32 ccer;
    reg32 cnt;
    reg32 psc;
    reg32 arr;
    reg32 rcr;
    /** Channels 1..4. */
    reg32 ccr[4];
    reg32 bdtr;
} timer_registers;

_Static_assert(sizeof(timer_registers) == 0x48, "BDTR is at 0x44");

#define TIMER(base) ((timer_registers *)REG_AT(base))
#define TIM_CR1_CEN (1U << 0)
#define TIM_EGR_UG (1U << 0)
/** OCxM = 6 (PWM mode 1) with preload, for an odd channel; an even one is 8 bits higher. */
#define TIM_CCMR_PWM (6U << 4 | 1U << 3)
#define TIM_BDTR_MOE (1U << 15)

/* ---- DAC1: RM0440, DAC registers ---- */

#define DAC1_CR REG32(0x50000800U)
/** 12-bit right-aligned data of channel 1 or 2. */
#define DAC1_DHR12R(channel) REG32(0x50000808U + 12U * ((channel)-1U))
#define DAC1_MCR REG32(0x5000083CU)
/** EN of channel 1 or 2. */
#define DAC_CR_EN(channel) (1U << (16U * ((channel)-1U)))
/** HFSEL = 2: bus clock above 160 MHz. */
#define DAC_MCR_HFSEL_160 (2U << 14)

/* ---- ADC1 and ADC2: RM0440, ADC registers ---- */

typedef struct {
    reg32 isr;
    reg32 ier;
    reg32 cr;
    reg32 cfgr;
    reg32 cfgr2;
    reg32 smpr[2];
    reg32 reserved1[5];
    reg32 sqr1;
    reg32 reserved2[3];
    reg32 dr;
} adc_registers;

_Static_assert(sizeof(adc_registers) == 0x44, "DR is at 0x40");

/** Unit 1 or 2. */
#define ADC(unit) ((adc_registers *)REG_AT(0x50000000U + 0x100U * ((uint32_t)(unit)-1U)))
#define ADC12_CCR REG32(0x50000308U)
#define ADC_ISR_ADRDY (1U << 0)
#define ADC_ISR_EOC (1U << 2)
#define ADC_CR_ADEN (1U << 0)
#define ADC_CR_ADSTART (1U << 2)
#define ADC_CR_ADSTP (1U << 4)
#define ADC_CR_ADVREGEN (1U << 28)
#define ADC_CR_ADCAL (1U << 31)
/** Clock = bus clock / 4: 42.5 MHz, below the 60 MHz of the datasheet. */
#define ADC_CCR_CKMODE_DIV4 (3U << 16)
/** Leads VREFINT to ADC1's channel 18 (RM0440 21.4.33). */
#define ADC_CCR_VREFEN (1U << 22)
enum { ADC_VREFINT_UNIT = 1, ADC_VREFINT_CHANNEL = 18 };

/* ---- independent watchdog: RM0440, IWDG registers ---- */

#define IWDG_KR REG32(0x40003000U)
#define IWDG_PR REG32(0x40003004U)
#define IWDG_RLR REG32(0x40003008U)
#define IWDG_SR REG32(0x4000300CU)
#define IWDG_KR_START 0xCCCCU
#define IWDG_KR_UNLOCK 0x5555U
#define IWDG_KR_FEED 0xAAAAU
/** PVU and RVU: a new PR or RLR isn't taken over yet. */
#define IWDG_SR_UPDATING 3U

/* ---- LPUART1: RM0440, LPUART registers ---- */

#define LPUART1_CR1 REG32(0x40008000U)
#define LPUART1_BRR REG32(0x4000800CU)
#define LPUART1_ISR REG32(0x4000801CU)
#define LPUART1_ICR REG32(0x40008020U)
#define LPUART1_RDR REG32(0x40008024U)
#define LPUART1_TDR REG32(0x40008028U)
#define LPUART_CR1_UE (1U << 0)
#define LPUART_CR1_RE (1U << 2)
#define LPUART_CR1_TE (1U << 3)
#define LPUART_CR1_RXNEIE (1U << 5)
#define LPUART_CR1_TXEIE (1U << 7)
#define LPUART_CR1_FIFOEN (1U << 29)
/** PE, FE, NE, ORE; ICR clears them at the same positions. */
#define LPUART_ISR_ERRORS 0xFU
/** With FIFOEN: the receive FIFO isn't empty (RXFNE), and TXE that the transmit FIFO isn't full
 * (TXFNF). */
#define LPUART_ISR_RXNE (1U << 5)
#define LPUART_ISR_TC (1U << 6)
#define LPUART_ISR_TXE (1U << 7)

/** Interrupt of LPUART1, and how many there are (RM0440, vector table). */
enum { IRQ_LPUART1 = 91, IRQ_COUNT = 102 };

#endif
