// expect: ARC    BB3D
// expect: MODBUS 4B37
// expect: XMODEM 31C3

// Check values: the CRC of the nine characters 1 to 9.
uint16_t reflected(uint16_t crc) {
  for (char c = '1'; c <= '9'; c++) {
    crc ^= c;
    for (int i = 0; i < 8; i++) {
      bool low = crc & 1;
      crc >>= 1;
      if (low) crc ^= 0xA001;
    }
  }
  return crc;
}

// Four bits at a time, with a table.
const uint16_t TABLE[] = {
  0x0000, 0x1021, 0x2042, 0x3063, 0x4084, 0x50A5, 0x60C6, 0x70E7,
  0x8108, 0x9129, 0xA14A, 0xB16B, 0xC18C, 0xD1AD, 0xE1CE, 0xF1EF
};

uint16_t nibble(uint16_t crc, int value) { return TABLE[crc >> 12 ^ value] ^ crc << 4; }

int main() {
  printf("ARC    %04X\n", reflected(0));
  printf("MODBUS %04X\n", reflected(0xFFFF));
  uint16_t crc = 0;
  for (char c = '1'; c <= '9'; c++) {
    crc = nibble(crc, c >> 4);
    crc = nibble(crc, c & 0xF);
  }
  printf("XMODEM %04X\n", crc);
}
