#include "vm_recorder.h"

#ifdef CVM_TRACE

#include <string.h>

#include "vm_digest.h"

cvm_recorder cvm_recording;

void cvm_recording_begin(const VMMemoryOps *memory, const IOController *io, uint8_t *text) {
    cvm_recording = (cvm_recorder){.memory = memory, .io = io, .text = text};
}

static void note(cvm_recorder *self, uint8_t kind, uint32_t address, int32_t value) {
    self->where = CVM_WHERE(kind, address);
    self->value = value;
}

static uint8_t note_unless(uint8_t error, cvm_recorder *self, uint8_t kind, uint32_t address,
                           int32_t value) {
    if (error == CVM_ERR_NONE) {
        note(self, kind, address, value);
    }
    return error;
}

static bool load_global(void *context, uint16_t id, int32_t *out) {
    const cvm_recorder *self = context;
    return self->memory->load_global(self->memory->context, id, out);
}

static bool store_global(void *context, uint16_t id, int32_t value) {
    cvm_recorder *self = context;
    if (!self->memory->store_global(self->memory->context, id, value)) {
        return false;
    }
    note(self, CVM_EFFECT_STORE, CVM_STORE_GLOBAL + (uint32_t)id, value);
    return true;
}

static bool create_array(void *context, uint16_t id, uint32_t size) {
    cvm_recorder *self = context;
    if (!self->memory->create_array(self->memory->context, id, size)) {
        return false;
    }
    note(self, CVM_EFFECT_STORE, CVM_STORE_CREATE + (uint32_t)id, cvm_signed(size));
    return true;
}

static bool load_array(void *context, uint16_t id, uint32_t index, int32_t *out) {
    const cvm_recorder *self = context;
    return self->memory->load_array(self->memory->context, id, index, out);
}

static bool store_array(void *context, uint16_t id, uint32_t index, int32_t value) {
    cvm_recorder *self = context;
    if (!self->memory->store_array(self->memory->context, id, index, value)) {
        return false;
    }
    const uint32_t element = (uint32_t)id * CVM_ARRAY_LENGTH + index;
    note(self, CVM_EFFECT_STORE, CVM_STORE_ARRAY + element, value);
    return true;
}

static uint8_t pin_mode(void *context, int32_t pin, uint8_t mode) {
    cvm_recorder *self = context;
    return note_unless(self->io->pin_mode(self->io->context, pin, mode), self, CVM_EFFECT_OUTPUT,
                       CVM_PORT_PIN_MODE + (uint32_t)pin, mode);
}

static uint8_t digital_write(void *context, int32_t pin, uint8_t level) {
    cvm_recorder *self = context;
    return note_unless(self->io->digital_write(self->io->context, pin, level), self,
                       CVM_EFFECT_OUTPUT, CVM_PORT_DIGITAL + (uint32_t)pin, level);
}

static uint8_t digital_read(void *context, int32_t pin, uint8_t *out) {
    cvm_recorder *self = context;
    const uint8_t error = self->io->digital_read(self->io->context, pin, out);
    return note_unless(error, self, CVM_EFFECT_INPUT, CVM_PORT_DIGITAL + (uint32_t)pin, *out);
}

static uint8_t analog_write(void *context, int32_t pin, uint8_t value) {
    cvm_recorder *self = context;
    return note_unless(self->io->analog_write(self->io->context, pin, value), self,
                       CVM_EFFECT_OUTPUT, CVM_PORT_ANALOG + (uint32_t)pin, value);
}

static uint8_t analog_read(void *context, int32_t pin, uint16_t *out) {
    cvm_recorder *self = context;
    const uint8_t error = self->io->analog_read(self->io->context, pin, out);
    return note_unless(error, self, CVM_EFFECT_INPUT, CVM_PORT_ANALOG + (uint32_t)pin, *out);
}

static uint8_t button(void *context, int32_t id, uint8_t *out) {
    cvm_recorder *self = context;
    const uint8_t error = self->io->button(self->io->context, id, out);
    return note_unless(error, self, CVM_EFFECT_INPUT, CVM_PORT_BUTTON + (uint32_t)id, *out);
}

static uint8_t delay(void *context, uint32_t ms) {
    cvm_recorder *self = context;
    return note_unless(self->io->delay(self->io->context, ms), self, CVM_EFFECT_OUTPUT,
                       CVM_PORT_DELAY, cvm_signed(ms));
}

static uint8_t millis(void *context, uint32_t *out) {
    cvm_recorder *self = context;
    const uint8_t error = self->io->millis(self->io->context, out);
    return note_unless(error, self, CVM_EFFECT_INPUT, CVM_PORT_MILLIS, cvm_signed(*out));
}

static uint8_t micros(void *context, uint32_t *out) {
    cvm_recorder *self = context;
    const uint8_t error = self->io->micros(self->io->context, out);
    return note_unless(error, self, CVM_EFFECT_INPUT, CVM_PORT_MICROS, cvm_signed(*out));
}

static uint8_t print(void *context, const uint8_t *bytes, uint8_t length) {
    cvm_recorder *self = context;
    const uint8_t error = self->io->print(self->io->context, bytes, length);
    if (error != CVM_ERR_NONE) {
        return error;
    }
    if (self->text == NULL) {
        note(self, CVM_EFFECT_PRINT, CVM_PORT_PRINT, cvm_signed(cvm_text_hash(bytes, length)));
        return CVM_ERR_NONE;
    }
    note(self, CVM_EFFECT_PRINT, CVM_PORT_PRINT, 0);
    self->text_length = length;
    memcpy(self->text, bytes, length);
    return CVM_ERR_NONE;
}

const VMMemoryOps cvm_recording_memory = {.load_global = load_global,
                                          .store_global = store_global,
                                          .create_array = create_array,
                                          .load_array = load_array,
                                          .store_array = store_array,
                                          .context = &cvm_recording};

const IOController cvm_recording_io = {.pin_mode = pin_mode,
                                       .digital_write = digital_write,
                                       .digital_read = digital_read,
                                       .analog_write = analog_write,
                                       .analog_read = analog_read,
                                       .button = button,
                                       .delay = delay,
                                       .millis = millis,
                                       .micros = micros,
                                       .print = print,
                                       .context = &cvm_recording};

#else

/* ISO C has no empty translation unit. */
typedef int cvm_recorder_is_left_out;

#endif
