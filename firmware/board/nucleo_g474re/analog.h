/** PWM, DAC and ADC of the board's pins. */
#ifndef NUCLEO_ANALOG_H
#define NUCLEO_ANALOG_H

#include <stdbool.h>
#include <stdint.h>

/** Ends an analog output on a pin. True when there was one; the caller then sets the pin's mode. */
bool analog_release(uint8_t pin);

/** VDDA in millivolts, from VREFINT and what the factory noted of it; 0 when it can't be told. */
uint32_t analog_vdda_mv(void);

#endif
