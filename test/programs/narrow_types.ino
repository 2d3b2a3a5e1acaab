// expect: 4 255 44
// expect: -128 127 -56
// expect: -32768 4464 65535
// expect: 1 1 0
// expect: 510 -256
// expect: 255 0
// expect: 104 -24 -1

byte counter = 250;
char letter = 127;
int16_t reading = 32767;
uint16_t word16 = (uint16_t)70000;
int wide = 300;

int main() {
  counter += 10;
  byte below = 0;
  below--;
  printf("%d %d %d\n", counter, below, (byte)wide);

  letter++;
  char up = -128;
  up -= 1;
  printf("%d %d %d\n", letter, up, (char)(wide - 100));

  reading++;
  uint16_t low = 0;
  low--;
  printf("%d %d %d\n", reading, word16, low);

  bool yes = wide;
  bool sure = 2;
  bool no = !wide;
  printf("%d %d %d\n", yes, sure, no);

  // Narrow operands are computed as int; only the result of an assignment is cut.
  byte full = 255;
  printf("%d %d\n", full + full, ~full);
  byte kept = full + 0;
  byte over = full + 1;
  printf("%d %d\n", kept, over);

  int8_t small = wide + 60;
  printf("%d %d %d\n", small, int8_t(small + 128), (int8_t)full);
  return 0;
}
