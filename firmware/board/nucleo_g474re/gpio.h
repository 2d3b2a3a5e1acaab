/** Port pins by port and bit; read-modify-write, from the agent's loop only. */
#ifndef NUCLEO_GPIO_H
#define NUCLEO_GPIO_H

#include <stdint.h>

/** Switches a port's clock on; port 0 is GPIOA. */
void gpio_enable_port(uint32_t port);

/** `mode` is a GPIO_MODE value. */
void gpio_set_mode(uint32_t port, uint32_t bit, uint32_t mode);

/** Returns a GPIO_MODE value. */
uint32_t gpio_mode(uint32_t port, uint32_t bit);

/** `pull` is a GPIO_PULL value. */
void gpio_set_pull(uint32_t port, uint32_t bit, uint32_t pull);

/** Selects alternate function `af` (0..15) and the mode that uses it. */
void gpio_set_alternate(uint32_t port, uint32_t bit, uint32_t af);

/** Switches the ports of all board pins on, frees them of what reset leaves on some, and gives
 * every button its pull. */
void gpio_start(void);

#endif
