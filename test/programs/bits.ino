// expect: a 5f 55
// expect: -91 -1
// expect: 80 -2147483648 -4 -1
// expect: 8 bits set
// expect: 0 1
// expect: 2 fffffff0
// expect: 12 7 6 b
// expect: 29b1

// Counts the ones of a word.
int ones(int word) {
  int count = 0;
  while (word != 0) {
    word &= word - 1;
    count++;
  }
  return count;
}

// CRC-16/CCITT-FALSE over the digits 1 to 9: its check value is 29b1.
int crc() {
  uint16_t sum = 0xFFFF;
  for (char c = '1'; c <= '9'; c++) {
    sum ^= c << 8;
    for (int i = 0; i < 8; i++) {
      if (sum & 0x8000) sum = (sum << 1) ^ 0x1021;
      else sum <<= 1;
    }
  }
  return sum;
}

int main() {
  int a = 0x5A;
  int b = 0x0F;
  printf("%x %x %x\n", a & b, a | b, a ^ b);
  printf("%d %d\n", ~a, ~0);

  int five = 5;
  int one = 1;
  int minus = -16;
  printf("%d %d %d %d\n", five << 4, one << 31, minus >> 2, minus >> 31);
  printf("%d bits set\n", ones(0xF0F0));

  // == binds tighter than &.
  printf("%d %d\n", five & 1 == 0, (five & 2) == 0);

  unsigned int high = 0x80000001u;
  printf("%u %x\n", high << 1, ~0x0Fu);

  // & before ^ before |.
  int c = 6;
  printf("%d %d %d %x\n", c << 1, c | 1 ^ 0, c & 7 ^ 0, 1 | 2 ^ 8);
  printf("%x\n", crc());
}
