// expect: 15 10 30 4 1
// expect: 8 -1 4 6 7
// expect: 4 254 250 125
// expect: 1 0 1
// expect: -128 127 -2
// expect: 65535 32768 0
// expect: 30 20 20 2
// expect: 7 12 12

int cells[3] = {10, 20, 30};

int main() {
  int a = 10;
  int sum = a += 5;
  int difference = a -= 5;
  int product = a *= 3;
  int quotient = a /= 7;
  int rest = a %= 2 + 1;
  printf("%d %d %d %d %d\n", sum, difference, product, quotient, rest);

  int b = 1;
  b <<= 3;
  int shifted = b;
  int minus = -8;
  minus >>= 3;
  int c = 0b1100;
  c &= 0b0110;
  int masked = c;
  c |= 2;
  int joined = c;
  c ^= 1;
  printf("%d %d %d %d %d\n", shifted, minus, masked, joined, c);

  // Narrow ones are computed as int and then cut.
  byte d = 250;
  d += 10;
  byte first = d;
  d -= 6;
  byte second = d;
  d &= ~5;
  byte third = d;
  d /= 2;
  printf("%d %d %d %d\n", first, second, third, d);

  bool flag = false;
  flag |= 4;
  int yes = flag;
  flag &= 2;
  int no = flag;
  flag ^= true;
  printf("%d %d %d\n", yes, no, flag);

  int8_t e = 127;
  e += 1;
  int8_t low = e;
  e -= 1;
  int8_t high = e;
  e <<= 1;
  printf("%d %d %d\n", low, high, e);

  uint16_t f = 0;
  f -= 1;
  uint16_t top = f;
  f &= 0x8000;
  uint16_t middle = f;
  f <<= 1;
  printf("%d %d %d\n", top, middle, f);

  // The right side is one operand, and an assignment a value.
  cells[0] *= 1 + 2;
  cells[2] = cells[1] -= 30 - 30;
  printf("%d %d %d %d\n", cells[0], cells[1], cells[2], cells[1] / (cells[0] / 3));
  int x = 7, y, z;
  z = y = x + 5;
  printf("%d %d %d\n", x, y, z);
}
