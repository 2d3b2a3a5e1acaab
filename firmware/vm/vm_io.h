/*
 * The engine's only way to pins, time and text. The board, the native agent and the tests each
 * bring their own.
 */
#ifndef CVM_IO_H
#define CVM_IO_H

#include "vm_types.h"

/*
 * Each function returns CVM_ERR_NONE, CVM_ERR_HARDWARE_FAULT (9: this pin can't do that) or
 * CVM_ERR_INVALID_ARGUMENT (12: no such pin or button), and has done nothing when it is not NONE. A
 * read gives its value through `out`, which it sets only when it returns NONE. Pins and button ids
 * arrive unchecked, as the program gave them: a negative one is no such pin; ids go up to 255. None
 * of the functions may change the engine, except that any may call cvm_pause() on it. While they
 * run, engine->steps is the number of instructions executed before the present one, as the virtual
 * clock of docs/vm.md needs it.
 */
struct IOController {
    /* mode: enum cvm_pin_mode, already checked */
    uint8_t (*pin_mode)(void *context, int32_t pin, uint8_t mode);
    /* level: 0 or 1; 9 when the pin is not an output */
    uint8_t (*digital_write)(void *context, int32_t pin, uint8_t level);
    /* out: 0 or 1; a pin without a mode becomes an input */
    uint8_t (*digital_read)(void *context, int32_t pin, uint8_t *out);
    /* value: 0..255 */
    uint8_t (*analog_write)(void *context, int32_t pin, uint8_t value);
    /* out: 0..4095 */
    uint8_t (*analog_read)(void *context, int32_t pin, uint16_t *out);
    /* out: 1 when the debounced button is pressed, else 0 */
    uint8_t (*button)(void *context, int32_t id, uint8_t *out);
    /*
     * Waits `ms` milliseconds, 0..2,147,483,647. It may also return at once: then whoever runs the
     * engine must not step it again until the time is over. cvm_pause() ends cvm_run for that.
     */
    uint8_t (*delay)(void *context, uint32_t ms);
    /* out: milliseconds since start, modulo 2^32 */
    uint8_t (*millis)(void *context, uint32_t *out);
    /* out: microseconds since start, modulo 2^32 */
    uint8_t (*micros)(void *context, uint32_t *out);
    /* bytes: 0..255 of them, not terminated, valid only during the call */
    uint8_t (*print)(void *context, const uint8_t *bytes, uint8_t length);
    void *context; /* borrowed; handed to each of the functions */
};

#endif
