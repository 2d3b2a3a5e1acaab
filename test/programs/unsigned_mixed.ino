// expect: 1 0 1 0
// expect: 4294967294 1 65534
// expect: 4000000000 -294967296
// expect: 3 0 1
// expect: 4294967286 10
// expect: 14 14 2
// expect: 0 1

unsigned long large = 4000000000u;
int minus = -2;
uint16_t half = 65535;
byte small = 200;

int main() {
  // With an unsigned number, an int becomes unsigned; narrow unsigned types become int.
  printf("%d %d %d %d\n", minus > 1u, minus > 1, (unsigned)minus == 4294967294u, minus > half);
  printf("%u %u %u\n", minus + 0u, minus + 3u, (uint16_t)(half - 1));
  printf("%u %d\n", large, large);
  printf("%u %d %d\n", large * 2 - 3705032701u, large == 0 - 1u, large > 2147483647);
  unsigned down = 0;
  down -= 10;
  printf("%u %u\n", down, -down);
  // Constants are divided, whatever their type.
  printf("%u %u %u\n", 100u / 7, (int)(small >> 4) + 2, 4294967295u % 3 + 2);
  bool less = small - 201 < 0u, signedLess = small - 201 < 0;
  printf("%d %d\n", less, signedLess);
}
