// expect: 01 -> 80
// expect: 12 -> 48
// expect: f0 -> 0f
// expect: e5 -> a7
// expect: 80000001 -> 80000001
// expect: 12345678 -> 1e6a2c48
// expect: 64 bytes, 4 are their own mirror

byte mirror(byte b) {
  b = (b & 0xF0) >> 4 | (b & 0x0F) << 4;
  b = (b & 0xCC) >> 2 | (b & 0x33) << 2;
  b = (b & 0xAA) >> 1 | (b & 0x55) << 1;
  return b;
}

unsigned int mirrorWord(unsigned int word) {
  unsigned int result = 0;
  for (int i = 0; i < 32; i++) {
    result = result << 1 | (word & 1);
    word = (int)word >> 1;
  }
  return result;
}

void show(byte b) { printf("%02x -> %02x\n", b, mirror(b)); }

int main() {
  show(0x01);
  show(0x12);
  show(0xF0);
  show(0xE5);
  printf("80000001 -> %08x\n", mirrorWord(0x80000001));
  printf("12345678 -> %08x\n", mirrorWord(0x12345678));
  int same = 0;
  for (int i = 0; i < 64; i += 1) {
    if (mirror(i) == i) same++;
  }
  printf("64 bytes, %d are their own mirror\n", same);
}
