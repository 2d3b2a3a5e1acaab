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
 * Longest wait for the converter. Slowest of all is VREFINT: 247.5 clocks of sampling and 12.5 of
 * conversion, at 4 MHz (HSI16 alone, divided by 4) 65 us; calibration takes 112. 15 times that. Its
 * voltage regulator needs 20 us (DS12288, ADC characteristics), VREFINT's buffer 12 meanwhile.
 */
enum { ADC_TIMEOUT_US = 1000, ADC_REGULATOR_US = 20 };

/** SMPR1: three bits for each of channels 0..9, all 4 (47.5 clocks): sources up to some kiloohms.
 */
#define ADC_SAMPLING_LOW 04444444444U
/** SMPR2: the same for channels 10..17; VREFINT's 18 has 6 (247.5 clocks, 5.8 us at 42.5 MHz): it
 * needs 4 us (DS12288, embedded internal voltage reference). */
#define ADC_SAMPLING_HIGH 0644444444U

static bool adc_wait(const reg32 *address, uint32_t mask, uint32_t value) {
    const uint64_t end = board_micros() + ADC_TIMEOUT_US;
    while ((*address & mask) != value) {
        if (board_micros() > end) {
            return false;
        }
    }
    return true;
}

/** Powers a unit up and calibrates it, in RM0440's order. */
static bool prepare_adc(adc_registers *adc) {
    /* Both units' own, and to be written with neither enabled. */
    if (ADC12_CCR == 0) {
        ADC12_CCR = ADC_CCR_CKMODE_DIV4 | ADC_CCR_VREFEN;
    }
    adc->cr = 0; /* leaves deep power-down */
    adc->cr = ADC_CR_ADVREGEN;
    const uint64_t powered = board_micros() + ADC_REGULATOR_US + 1U;
    while (board_micros() < powered) {
    }
    adc->cr = ADC_CR_ADVREGEN | ADC_CR_ADCAL;
    if (!adc_wait(&adc->cr, ADC_CR_ADCAL, 0)) {
        return false;
    }
    adc->smpr[0] = ADC_SAMPLING_LOW;
    adc->smpr[1] = ADC_SAMPLING_HIGH;
    adc->isr = ADC_ISR_ADRDY;
    return true;
}

/** Has a unit ready to convert. */
static bool start_adc(adc_registers *adc) {
    RCC_AHB2ENR |= RCC_AHB2ENR_ADC12;
    (void)RCC_AHB2ENR;
    /* A conversion that was given up, or a calibration. */
    if (!adc_wait(&adc->cr, ADC_CR_ADSTART | ADC_CR_ADCAL, 0) ||
        ((adc->cr & ADC_CR_ADEN) == 0 && !prepare_adc(adc))) {
        return false;
    }
    const uint64_t end = board_micros() + ADC_TIMEOUT_US;
    while ((adc->isr & ADC_ISR_ADRDY) == 0) {
        /* Within four of its clocks after the calibration the unit takes ADEN back (RM0440 21.4.9):
         * asked until it stays. */
        if ((adc->cr & ADC_CR_ADEN) == 0) {
            adc->cr = ADC_CR_ADVREGEN | ADC_CR_ADEN;
        }
        if (board_micros() > end) {
            return false;
        }
    }
    return true;
}

/** One conversion of a channel, by a unit that is ready. */
static bool convert(adc_registers *adc, uint32_t channel, uint16_t *value) {
    adc->sqr1 = channel << 6;
    adc->isr = ADC_ISR_EOC;
    adc->cr = ADC_CR_ADVREGEN | ADC_CR_ADEN | ADC_CR_ADSTART;
    if (!adc_wait(&adc->isr, ADC_ISR_EOC, ADC_ISR_EOC)) {
        adc->cr = ADC_CR_ADVREGEN | ADC_CR_ADEN | ADC_CR_ADSTP;
        return false;
    }
    *value = (uint16_t)adc->dr;
    return true;
}

/**
 * What a unit reads of a channel. A conversion more than 1 ms after the one before may be wrong
 * (errata sheet ES0430, ADC: result if conversion done late): the first of two doesn't count.
 */
static bool read_adc(uint8_t unit, uint8_t channel, uint16_t *value) {
    adc_registers *adc = ADC(unit);
    return chip_is_g474() && start_adc(adc) && convert(adc, channel, value) &&
           convert(adc, channel, value);
}

/* The emulated board's converter registers read 0 for ever. */
bool board_has_adc(void) {
    return chip_is_g474();
}

bool board_analog_read(uint8_t pin, uint16_t *value) {
    const board_pin_t *at = &BOARD_PINS[pin];
    /* RM0440 9.3.12: a converter's pin is in analog mode. A driven one stays driven. */
    const bool input = gpio_mode(at->port, at->bit) == GPIO_MODE_INPUT;
    if (input) {
        gpio_set_mode(at->port, at->bit, GPIO_MODE_ANALOG);
    }
    const bool read = read_adc(at->adc.unit, at->adc.channel, value);
    if (input) {
        gpio_set_mode(at->port, at->bit, GPIO_MODE_INPUT);
    }
    return read;
}

uint32_t analog_vdda_mv(void) {
    uint16_t now;
    if (!read_adc(ADC_VREFINT_UNIT, ADC_VREFINT_CHANNEL, &now) || now == 0) {
        return 0;
    }
    /* RM0440 21.4.33; 3000 * 65535 fits 32 bits. */
    return VREFINT_CAL_MV * (FACTORY_CALIBRATION >> VREFINT_CAL_SHIFT) / now;
}
