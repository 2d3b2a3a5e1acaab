/* CRC-32 as zlib's crc32(): reflected polynomial 0xEDB88320, initial value and final XOR
 * 0xFFFFFFFF. */
#ifndef CVM_CRC32_H
#define CVM_CRC32_H

#include <stddef.h>
#include <stdint.h>

/* Continues `crc` (0 to begin) over `size` bytes. cvm_crc32(cvm_crc32(0, a), b) is the CRC of a
 * followed by b. */
uint32_t cvm_crc32(uint32_t crc, const uint8_t *bytes, size_t size);

#endif
