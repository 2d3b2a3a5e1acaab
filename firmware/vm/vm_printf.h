/*
 * The text of a PRINTF. Formats: %d %i %u %x %X %c %s %% with flags '-' and '0' and a width of one
 * or two digits.
 */
#ifndef CVM_PRINTF_H
#define CVM_PRINTF_H

#include "vm_types.h"

/*
 * Formats string `string_id` of the program with `count` (0..8) values into out[CVM_PRINT_LENGTH];
 * *length is what it took. False, with unspecified bytes in out, for an unknown string, a bad
 * format, arguments missing or left over, or a text of more than 255 bytes.
 */
bool cvm_format(const cvm_engine *engine, uint16_t string_id, const int32_t *arguments,
                uint8_t count, uint8_t *out, uint8_t *length);

#endif
