/* Pins, buttons, time and text, only through the io controller. */
#include "vm_binary.h"
#include "vm_defect.h"
#include "vm_io.h"
#include "vm_printf.h"

/* Ends an instruction that took `count` values and gives none: `error` is what the io controller
 * answered. */
static inline HandlerResult drop_unless(cvm_engine *engine, uint8_t error, uint32_t count) {
    if (error != CVM_ERR_NONE) {
        return cvm_fault(error);
    }
    cvm_drop(engine, count);
    return cvm_continue();
}

/* Ends an instruction that took one value and gives one. */
static inline HandlerResult replace_unless(cvm_engine *engine, uint8_t error, int32_t value) {
    if (error != CVM_ERR_NONE) {
        return cvm_fault(error);
    }
    cvm_replace(engine, 1, value);
    return cvm_continue();
}

CVM_HANDLER(digital_write) {
    CVM_UNUSED(immediate), CVM_UNUSED(memory);
    const uint8_t error = cvm_check_operands(engine, flags, 2);
    if (error != CVM_ERR_NONE) {
        return cvm_fault(error);
    }
    const uint8_t level = cvm_peek(engine, 0) != 0;
    return drop_unless(engine, io->digital_write(io->context, cvm_peek(engine, 1), level), 2);
}

CVM_HANDLER(digital_read) {
    CVM_UNUSED(immediate), CVM_UNUSED(memory);
    const uint8_t error = cvm_check_operands(engine, flags, 1);
    if (error != CVM_ERR_NONE) {
        return cvm_fault(error);
    }
    uint8_t level = 0;
    const uint8_t answer = io->digital_read(io->context, cvm_peek(engine, 0), &level);
    return replace_unless(engine, answer, level);
}

CVM_HANDLER(analog_write) {
    CVM_UNUSED(immediate), CVM_UNUSED(memory);
    const uint8_t error = cvm_check_operands(engine, flags, 2);
    if (error != CVM_ERR_NONE) {
        return cvm_fault(error);
    }
    const int32_t value = cvm_peek(engine, 0);
    if (value < 0 || value > CVM_ANALOG_WRITE_MAX) {
        return cvm_fault(CVM_ERR_INVALID_ARGUMENT);
    }
    const uint8_t answer = io->analog_write(io->context, cvm_peek(engine, 1), (uint8_t)value);
    return drop_unless(engine, answer, 2);
}

CVM_HANDLER(analog_read) {
    CVM_UNUSED(immediate), CVM_UNUSED(memory);
    const uint8_t error = cvm_check_operands(engine, flags, 1);
    if (error != CVM_ERR_NONE) {
        return cvm_fault(error);
    }
    uint16_t value = 0;
    const uint8_t answer = io->analog_read(io->context, cvm_peek(engine, 0), &value);
    return replace_unless(engine, answer, value);
}

CVM_HANDLER(delay) {
    CVM_UNUSED(immediate), CVM_UNUSED(memory);
    const uint8_t error = cvm_check_operands(engine, flags, 1);
    if (error != CVM_ERR_NONE) {
        return cvm_fault(error);
    }
    const int32_t milliseconds = cvm_peek(engine, 0);
    if (milliseconds < 0) {
        return cvm_fault(CVM_ERR_INVALID_ARGUMENT);
    }
    if (CVM_DEFECT_HANG_IN_DELAY) {
        cvm_defect_hang();
    }
    return drop_unless(engine, io->delay(io->context, (uint32_t)milliseconds), 1);
}

CVM_HANDLER(button_pressed) {
    CVM_UNUSED(immediate), CVM_UNUSED(memory);
    const uint8_t error = cvm_check_operands(engine, flags, 1);
    if (error != CVM_ERR_NONE) {
        return cvm_fault(error);
    }
    uint8_t pressed = 0;
    const uint8_t answer = io->button(io->context, cvm_peek(engine, 0), &pressed);
    return replace_unless(engine, answer, pressed);
}

CVM_HANDLER(button_released) {
    CVM_UNUSED(immediate), CVM_UNUSED(memory);
    const uint8_t error = cvm_check_operands(engine, flags, 1);
    if (error != CVM_ERR_NONE) {
        return cvm_fault(error);
    }
    uint8_t pressed = 0;
    const uint8_t answer = io->button(io->context, cvm_peek(engine, 0), &pressed);
    return replace_unless(engine, answer, 1 - (int32_t)pressed);
}

CVM_HANDLER(pin_mode) {
    CVM_UNUSED(immediate), CVM_UNUSED(memory);
    const uint8_t error = cvm_check_operands(engine, flags, 2);
    if (error != CVM_ERR_NONE) {
        return cvm_fault(error);
    }
    const int32_t mode = cvm_peek(engine, 0);
    if (mode < CVM_PIN_INPUT || mode > CVM_PIN_INPUT_PULLDOWN) {
        return cvm_fault(CVM_ERR_INVALID_ARGUMENT);
    }
    const uint8_t answer = io->pin_mode(io->context, cvm_peek(engine, 1), (uint8_t)mode);
    return drop_unless(engine, answer, 2);
}

CVM_HANDLER(printf) {
    CVM_UNUSED(memory);
    if (flags > CVM_PRINT_ARGUMENTS) {
        return cvm_fault(CVM_ERR_INVALID_OPCODE);
    }
    const uint8_t count = flags;
    if (!cvm_has(engine, count)) {
        return cvm_fault(CVM_ERR_STACK_UNDERFLOW);
    }
    if (CVM_DEFECT_CRASH_IN_PRINTF) {
        cvm_defect_crash();
    }
    uint8_t text[CVM_PRINT_LENGTH];
    uint8_t length = 0;
    const int32_t *arguments = &engine->stack[engine->sp - count];
    if (!cvm_format(engine, immediate, arguments, count, text, &length)) {
        return cvm_fault(CVM_ERR_PRINTF_ERROR);
    }
    return drop_unless(engine, io->print(io->context, text, length), count);
}

/* MILLIS and MICROS: the room is judged first, so that a failing instruction reads no clock. */
static inline HandlerResult push_time(cvm_engine *engine, uint8_t flags, const IOController *io,
                                      uint8_t (*read)(void *context, uint32_t *out)) {
    if (flags != 0) {
        return cvm_fault(CVM_ERR_INVALID_OPCODE);
    }
    if (!cvm_has_room(engine)) {
        return cvm_fault(CVM_ERR_STACK_OVERFLOW);
    }
    uint32_t now = 0;
    const uint8_t answer = read(io->context, &now);
    if (answer != CVM_ERR_NONE) {
        return cvm_fault(answer);
    }
    cvm_push(engine, cvm_signed(now));
    return cvm_continue();
}

CVM_HANDLER(millis) {
    CVM_UNUSED(immediate), CVM_UNUSED(memory);
    return push_time(engine, flags, io, io->millis);
}

CVM_HANDLER(micros) {
    CVM_UNUSED(immediate), CVM_UNUSED(memory);
    return push_time(engine, flags, io, io->micros);
}
