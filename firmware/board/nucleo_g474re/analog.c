#include "analog.h"

#include <stddef.h>

#include "board.h"
#include "board_pins.h"
#include "chip.h"
#include "clock.h"
#include "gpio.h"
#include "stm32g474.h"

/** PWM counts 0..254, so that 0 is always low and 255 always high. */
enum { PWM_STEPS = 255, PWM_HZ = 1000 };

/** Where a timer is and what switches its clock on (RM0440 2.2.2 and 7.4). */
typedef struct {
    uint8_t number;
    /** In RCC_APB2ENR, else in RCC_APB1ENR1. */
    bool apb2;
    uint8_t enable_bit;
    uint32_t base;
} timer;

static const timer TIMERS[] = {
    {1, true, 11, 0x40012C00U},  {2, false, 0, 0x40000000U},  {3, false, 1, 0x40000400U},
    {4, false, 2, 0x40000800U},  {8, true, 13, 0x40013400U},  {15, true, 16, 0x40014000U},
    {16, true, 17, 0x40014400U}, {17, true, 18, 0x40014800U},
};

/** Bit for each pin that PWM or DAC drives now. */
static uint32_t active;

_Static_assert(BOARD_PIN_COUNT <= 32, "one bit for each pin");

static const timer *find_timer(uint8_t number) {
    for (size_t i = 0; i < sizeof TIMERS / sizeof TIMERS[0]; i++) {
        if (TIMERS[i].number == number) {
            return &TIMERS[i];
        }
    }
    return NULL;
}

/** Starts a timer unless it runs: 1 kHz, whatever the core clock is. */
static void start_timer(const timer *it) {
    timer_registers *registers = TIMER(it->base);
    reg32 *enable = it->apb2 ? &RCC_APB2ENR : &RCC_APB1ENR1;
    *enable |= 1U << it->enable_bit;
    (void)*enable; /* RM0440 7.2.17 */
    if ((registers->cr1 & TIM_CR1_CEN) != 0) {
        return;
    }
    registers->psc = clock_hz() / (PWM_STEPS * PWM_HZ) - 1U;
    registers->arr = PWM_STEPS - 1U;
    /* Main output enable; the timers without a break function have nothing at this address. */
    if (it->apb2) {
        registers->bdtr |= TIM_BDTR_MOE;
    }
    registers->egr = TIM_EGR_UG;
    registers->cr1 |= TIM_CR1_CEN;
}

static bool write_pwm(const board_pin_t *at, uint8_t value) {
    const timer *it = find_timer(at->pwm.timer);
    if (it == NULL) {
        return false;
    }
    start_timer(it);
    timer_registers *registers = TIMER(it->base);
    const uint32_t index = at->pwm.channel - 1U;
    const uint32_t shift = 8U * (index % 2U);
    reg32 *mode = &registers->ccmr[index / 2U];
    registers->ccr[index] = value;
    *mode = (*mode & ~(0xFFU << shift)) | TIM_CCMR_PWM << shift;
    registers->ccer |= 1U << (4U * index);
    gpio_set_alternate(at->port, at->bit, at->pwm.af);
    return true;
}

static bool write_dac(const board_pin_t *at, uint8_t value) {
    RCC_AHB2ENR |= RCC_AHB2ENR_DAC1;
    (void)RCC_AHB2ENR;
    DAC1_MCR |= DAC_MCR_HFSEL_160;
    /* 0..255 to 0..4095. */
    DAC1_DHR12R(at->dac.channel) = (uint32_t)value << 4 | value >> 4;
    DAC1_CR |= DAC_CR_EN(at->dac.channel);
    gpio_set_mode(at->port, at->bit, GPIO_MODE_ANALOG);
    return true;
}

bool board_analog_write(uint8_t pin, uint8_t value) {
    const board_pin_t *at = &BOARD_PINS[pin];
    const bool pwm = (at->capabilities & BOARD_CAP_PWM) != 0;
    if (pwm ? !write_pwm(at, value) : !write_dac(at, value)) {
        return false;
    }
    active |= 1U << pin;
    return true;
}

bool analog_release(uint8_t pin) {
    const board_pin_t *at = &BOARD_PINS[pin];
    if ((active & 1U << pin) == 0) {
        return false;
    }
    active &= ~(1U << pin);
    if ((at->capabilities & BOARD_CAP_PWM) != 0) {
        TIMER(find_timer(at->pwm.timer)->base)->ccer &= ~(1U << (4U * (at->pwm.channel - 1U)));
    } else {
        DAC1_CR &= ~DAC_CR_EN(at->dac.channel);
    }
    return true;
}

/**
 * Longest wait for the converter: calibration takes 112 of its clocks, a conversion 60, at 42.5 MHz
 * below 3 us each. Its voltage regulator needs 20 us (DS12288, ADC characteristics).
 */
enum { ADC_TIMEOUT_US = 1000, ADC_REGULATOR_US = 20 };

/** SMPR: three bits for each of ten channels, all 4 (47.5 clocks): sources up to some kiloohms. */
#define ADC_SAMPLING 04444444444U

static bool adc_wait(const reg32 *address, uint32_t mask, uint32_t value) {
    const uint64_t end = board_micros() + ADC_TIMEOUT_US;
    while ((*address & mask) != value) {
        if (board_micros() > end) {
            return false;
        }
    }
    return true;
}

/** Powers a unit up and calibrates it: regulator, calibration, enabling, in RM0440's order. */
static bool start_adc(adc_registers *adc) {
    RCC_AHB2ENR |= RCC_AHB2ENR_ADC12;
    (void)RCC_AHB2ENR;
    if ((adc->cr & ADC_CR_ADEN) != 0) {
        return true;
    }
    ADC12_CCR |= ADC_CCR_CKMODE_DIV4;
    adc->cr = 0; /* leaves deep power-down */
    adc->cr = ADC_CR_ADVREGEN;
    const uint64_t powered = board_micros() + ADC_REGULATOR_US + 1U;
    while (board_micros() < powered) {
    }
    adc->cr = ADC_CR_ADVREGEN | ADC_CR_ADCAL;
    if (!adc_wait(&adc->cr, ADC_CR_ADCAL, 0)) {
        return false;
    }
    adc->smpr[0] = ADC_SAMPLING;
    adc->smpr[1] = ADC_SAMPLING;
    adc->isr = ADC_ISR_ADRDY;
    adc->cr = ADC_CR_ADVREGEN | ADC_CR_ADEN;
    return adc_wait(&adc->isr, ADC_ISR_ADRDY, ADC_ISR_ADRDY);
}

/* The emulated board's converter registers read 0 for ever. */
bool board_has_adc(void) {
    return chip_is_g474();
}

bool board_analog_read(uint8_t pin, uint16_t *value) {
    const board_pin_t *at = &BOARD_PINS[pin];
    adc_registers *adc = ADC(at->adc.unit);
    if (!board_has_adc() || !start_adc(adc)) {
        return false;
    }
    adc->sqr1 = (uint32_t)at->adc.channel << 6;
    adc->isr = ADC_ISR_EOC;
    adc->cr = ADC_CR_ADVREGEN | ADC_CR_ADEN | ADC_CR_ADSTART;
    if (!adc_wait(&adc->isr, ADC_ISR_EOC, ADC_ISR_EOC)) {
        return false;
    }
    *value = (uint16_t)adc->dr;
    return true;
}
