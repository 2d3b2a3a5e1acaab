// expect: CRC-32 cbf43926
// expect: empty  0

// Check value: the CRC of the nine characters 1 to 9. The machine shifts right with the sign, so the sign is cut off.
uint32_t half(uint32_t word) { return (int)word >> 1 & 0x7FFFFFFF; }

uint32_t crc32(char last) {
  uint32_t crc = 0xFFFFFFFF;
  for (char c = '1'; c <= last; c++) {
    crc ^= c;
    for (int i = 0; i < 8; i++) crc = crc & 1 ? half(crc) ^ 0xEDB88320 : half(crc);
  }
  return ~crc;
}

int main() {
  printf("CRC-32 %08x\n", crc32('9'));
  printf("empty  %x\n", crc32('0'));
}
