/* Pins, buttons, time and text, only through the io controller. */
#include "vm_binary.h"
#include "vm_defect.h"
#include "vm_io.h"
#include "vm_printf.h"

/* Ends an instruction that called the io controller: when that called
 * cvm_pause(), by a jump to the next instruction, because the run loop looks
 * for a pause at jumps only. */
static CVM_INLINE HandlerResult continue_or_pause(const cvm_engine *engine,
                                                  const cvm_registers *registers) {
    return engine->pause == 0 ? cvm_continue() : cvm_jump(cvm_next_pc(engine, registers));
}

/* Ends an instruction that took `count` values and gives none: `error` is what the io controller
 * answered. */
static CVM_INLINE HandlerResult drop_unless(const cvm_engine *engine, cvm_registers *registers,
                                            cvm_hand *hand, uint8_t error, uint32_t count) {
    if (error != CVM_ERR_NONE) {
        return cvm_fault(error);
    }
    cvm_drop(registers, hand, count);
    return continue_or_pause(engine, registers);
}

/* Ends an instruction that took one value and gives one. */
static CVM_INLINE HandlerResult replace_unless(const cvm_engine *engine, cvm_registers *registers,
                                               cvm_hand *hand, uint8_t error, int32_t value) {
    if (error != CVM_ERR_NONE) {
        return cvm_fault(error);
    }
    cvm_replace(registers, hand, 1, value);
    return continue_or_pause(engine, registers);
}

CVM_HANDLER(digital_write) {
    CVM_CHECK_OPERANDS(2);
    const uint8_t level = cvm_peek(registers, hand, 0) != 0;
    cvm_settle_steps(engine, registers);
    return drop_unless(engine, registers, hand,
                       io->digital_write(io->context, cvm_peek(registers, hand, 1), level), 2);
}

CVM_HANDLER(digital_read) {
    CVM_CHECK_OPERANDS(1);
    uint8_t level = 0;
    cvm_settle_steps(engine, registers);
    const uint8_t answer = io->digital_read(io->context, cvm_peek(registers, hand, 0), &level);
    return replace_unless(engine, registers, hand, answer, level);
}

CVM_HANDLER(analog_write) {
    CVM_CHECK_OPERANDS(2);
    const int32_t value = cvm_peek(registers, hand, 0);
    if (value < 0 || value > CVM_ANALOG_WRITE_MAX) {
        return cvm_fault(CVM_ERR_INVALID_ARGUMENT);
    }
    cvm_settle_steps(engine, registers);
    const uint8_t answer =
        io->analog_write(io->context, cvm_peek(registers, hand, 1), (uint8_t)value);
    return drop_unless(engine, registers, hand, answer, 2);
}

CVM_HANDLER(analog_read) {
    CVM_CHECK_OPERANDS(1);
    uint16_t value = 0;
    cvm_settle_steps(engine, registers);
    const uint8_t answer = io->analog_read(io->context, cvm_peek(registers, hand, 0), &value);
    return replace_unless(engine, registers, hand, answer, value);
}

CVM_HANDLER(delay) {
    CVM_CHECK_OPERANDS(1);
    const int32_t milliseconds = cvm_peek(registers, hand, 0);
    if (milliseconds < 0) {
        return cvm_fault(CVM_ERR_INVALID_ARGUMENT);
    }
    if (CVM_DEFECT_HANG_IN_DELAY) {
        cvm_defect_hang();
    }
    cvm_settle_steps(engine, registers);
    return drop_unless(engine, registers, hand, io->delay(io->context, (uint32_t)milliseconds), 1);
}

CVM_HANDLER(button_pressed) {
    CVM_CHECK_OPERANDS(1);
    uint8_t pressed = 0;
    cvm_settle_steps(engine, registers);
    const uint8_t answer = io->button(io->context, cvm_peek(registers, hand, 0), &pressed);
    return replace_unless(engine, registers, hand, answer, pressed);
}

CVM_HANDLER(button_released) {
    CVM_CHECK_OPERANDS(1);
    uint8_t pressed = 0;
    cvm_settle_steps(engine, registers);
    const uint8_t answer = io->button(io->context, cvm_peek(registers, hand, 0), &pressed);
    return replace_unless(engine, registers, hand, answer, 1 - (int32_t)pressed);
}

CVM_HANDLER(pin_mode) {
    CVM_CHECK_OPERANDS(2);
    const int32_t mode = cvm_peek(registers, hand, 0);
    if (mode < CVM_PIN_INPUT || mode > CVM_PIN_INPUT_PULLDOWN) {
        return cvm_fault(CVM_ERR_INVALID_ARGUMENT);
    }
    cvm_settle_steps(engine, registers);
    const uint8_t answer = io->pin_mode(io->context, cvm_peek(registers, hand, 1), (uint8_t)mode);
    return drop_unless(engine, registers, hand, answer, 2);
}

/* Apart, so that the text is on the stack only while it is printed, whatever the run loop is. The
 * error, or NONE. */
static CVM_APART uint8_t print_text(const cvm_engine *engine, uint16_t string_id,
                                    const int32_t *arguments, uint8_t count,
                                    const IOController *io) {
    uint8_t text[CVM_PRINT_LENGTH];
    uint8_t length = 0;
    if (!cvm_format(engine, string_id, arguments, count, text, &length)) {
        return CVM_ERR_PRINTF_ERROR;
    }
    return io->print(io->context, text, length);
}

CVM_HANDLER(printf) {
    if (flags > CVM_PRINT_ARGUMENTS) {
        return cvm_fault(CVM_ERR_INVALID_OPCODE);
    }
    if (!cvm_has(registers, hand, flags)) {
        return cvm_fault(CVM_ERR_STACK_UNDERFLOW);
    }
    if (CVM_DEFECT_CRASH_IN_PRINTF) {
        cvm_defect_crash();
    }
    cvm_settle_steps(engine, registers);
    const int32_t *arguments = cvm_values(registers, hand, flags);
    const uint8_t answer = print_text(engine, immediate, arguments, flags, io);
    return drop_unless(engine, registers, hand, answer, flags);
}

/* MILLIS and MICROS: the room is judged first, so that a failing instruction reads no clock. */
static CVM_INLINE HandlerResult push_time(cvm_engine *engine, cvm_registers *registers,
                                          cvm_hand *hand, uint8_t flags, const IOController *io,
                                          uint8_t (*read)(void *context, uint32_t *out)) {
    if (flags != 0) {
        return cvm_fault(CVM_ERR_INVALID_OPCODE);
    }
    if (!cvm_has_room(registers, hand)) {
        return cvm_fault(CVM_ERR_STACK_OVERFLOW);
    }
    uint32_t now = 0;
    cvm_settle_steps(engine, registers);
    const uint8_t answer = read(io->context, &now);
    if (answer != CVM_ERR_NONE) {
        return cvm_fault(answer);
    }
    cvm_push(registers, hand, cvm_signed(now));
    return continue_or_pause(engine, registers);
}

CVM_HANDLER(millis) {
    return push_time(engine, registers, hand, flags, io, io->millis);
}

CVM_HANDLER(micros) {
    return push_time(engine, registers, hand, flags, io, io->micros);
}
