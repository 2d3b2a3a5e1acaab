/* An io controller that notes every call and answers as told. */
#ifndef MOCK_IO_H
#define MOCK_IO_H

#include "vm_io.h"

enum mock_io_op {
    MOCK_PIN_MODE = 1,
    MOCK_DIGITAL_WRITE,
    MOCK_DIGITAL_READ,
    MOCK_ANALOG_WRITE,
    MOCK_ANALOG_READ,
    MOCK_BUTTON,
    MOCK_DELAY,
    MOCK_MILLIS,
    MOCK_MICROS,
    MOCK_PRINT,
};

typedef struct mock_io {
    /* what to answer */
    uint8_t answer;
    uint32_t input;
    cvm_engine *pauses; /* an engine to pause in delay; NULL = none */
    /* the last call; op 0 = none */
    int calls;
    enum mock_io_op op;
    int32_t pin;    /* or the button's id */
    uint32_t value; /* mode, level, value or milliseconds */
    uint8_t length;
    uint8_t text[256];
} mock_io;

/* A controller that is `mock`; it answers CVM_ERR_NONE and reads 0. */
IOController mock_io_controller(mock_io *mock);

#endif
