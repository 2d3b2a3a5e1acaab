// expect: CRC-8        f4
// expect: CRC-8/MAXIM  a1
// expect: with its CRC 0

// Check values: the CRC of the nine characters 1 to 9.
byte crc8(byte crc, byte data) {
  crc ^= data;
  for (int bit = 0; bit < 8; bit++) {
    if (crc & 0x80) crc = crc << 1 ^ 0x07;
    else crc <<= 1;
  }
  return crc;
}

// Lowest bit first, as 1-Wire sensors do.
byte maxim(byte crc, byte data) {
  for (byte i = 8; i; i--) {
    byte mix = (crc ^ data) & 1;
    crc >>= 1;
    if (mix) crc ^= 0x8C;
    data >>= 1;
  }
  return crc;
}

int main() {
  byte a = 0, b = 0;
  for (char c = '1'; c <= '9'; c++) {
    a = crc8(a, c);
    b = maxim(b, c);
  }
  printf("CRC-8        %02x\n", a);
  printf("CRC-8/MAXIM  %02x\n", b);
  // A text followed by its CRC has the CRC 0.
  printf("with its CRC %d\n", crc8(a, a));
  return 0;
}
