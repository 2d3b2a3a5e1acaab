#include "image_builder.h"

#include <string.h>

#include "generated/vm_isa.h"

void set16(image *self, size_t at, uint32_t value) {
    self->bytes[at] = (uint8_t)value;
    self->bytes[at + 1] = (uint8_t)(value >> 8);
}

void set32(image *self, size_t at, uint32_t value) {
    set16(self, at, value);
    set16(self, at + 2, value >> 16);
}

uint32_t slow_crc(uint32_t crc, const uint8_t *bytes, size_t size) {
    crc = ~crc;
    for (size_t i = 0; i < size; i++) {
        crc ^= bytes[i];
        for (int bit = 0; bit < 8; bit++) {
            crc = (crc & 1) != 0 ? (crc >> 1) ^ 0xEDB88320U : crc >> 1;
        }
    }
    return ~crc;
}

void seal(image *self) {
    set32(self, 8, slow_crc(slow_crc(0, self->bytes, 8), &self->bytes[12], self->size - 12));
}

image good_image(void) {
    image self = {.size = SIZE};
    memcpy(self.bytes, "CVBC", 4);
    self.bytes[4] = 1;
    self.bytes[5] = 1;
    set16(&self, 6, 52);
    set32(&self, 12, SIZE);
    set32(&self, 16, CVM_ISA_HASH);
    set16(&self, 20, 1); /* entry */
    set16(&self, 22, 2); /* loop */
    set16(&self, 24, 3);
    set16(&self, 26, 3);
    set32(&self, 28, CODE);
    set32(&self, 32, 12);
    set32(&self, 36, STRINGS);
    set32(&self, 40, STRING_BYTES);
    set32(&self, 44, DEBUG);
    set32(&self, 48, 4);
    for (uint8_t i = 0; i < 12; i++) {
        self.bytes[CODE + i] = (uint8_t)(0x10 + i);
    }
    set16(&self, STRINGS, 0);
    set16(&self, STRINGS + 2, 2);
    set16(&self, STRINGS + 4, 2);
    set16(&self, STRINGS + 6, 5);
    memcpy(&self.bytes[STRINGS + 8], "abxyz", 5);
    memcpy(&self.bytes[DEBUG], "{}  ", 4);
    seal(&self);
    return self;
}
