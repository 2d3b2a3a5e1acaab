// CRC-32 (reflected, 0xEDB88320) of 64 words of a linear congruential generator, 10 times one after the other, bit by bit.
// Prints 1935466157.
int a[64];

int main() {
  int x = 1;
  for (int i = 0; i < 64; i++) {
    x = x * 1103515245 + 12345;
    a[i] = (x >> 16) & 0x7FFF;
  }
  int crc = -1;
  for (int round = 0; round < 10; round++) {
    for (int i = 0; i < 64; i++) {
      crc ^= a[i];
      for (int bit = 0; bit < 32; bit++) {
        int low = crc & 1;
        crc = (crc >> 1) & 0x7FFFFFFF;
        if (low) crc ^= 0xEDB88320;
      }
    }
  }
  printf("%u\n", ~crc);
}
