// expect: 13 20 3
// expect: 2 1 -2 -1
// expect: 10 -7 7
// expect: -2147483648 2147483647
// expect: 1410065408 0
// expect: 12 36 35 8 3
// expect: 26

int a = 7;
int b = 3;
int big = 2147483647;

void setup() {
  printf("%d %d %d\n", a + b * 2, (a + b) * 2, a - b - 1);
  // Division goes toward zero and the remainder has the sign of the dividend.
  printf("%d %d %d %d\n", a / b, a % b, -a / b, -a % b);
  printf("%d %d %d\n", a - -b, -a, +a);

  // int wraps at 32 bits.
  printf("%d %d\n", big + 1, -big - 2);
  int thousands = 100000;
  int half = 65536;
  printf("%d %d\n", thousands * thousands, half * half);

  int c = a;
  int first = c += 5;
  int second = c *= b;
  int third = c -= 1;
  int fourth = c /= 4;
  c %= 5;
  printf("%d %d %d %d %d\n", first, second, third, fourth, c);

  printf("%d\n", 2 + 3 * 4 - 12 / 2 % 4 + (1 + 1) * 7);
}

void loop() {
}
