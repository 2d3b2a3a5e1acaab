// expect: gcd(1071, 462) = 21
// expect: lcm(21, 6) = 42
// expect: 240 * -9 + 46 * 47 = 2
// expect: 3 * 4 = 1 mod 11
// expect: 17 * 2753 = 1 mod 3120
// expect: gcd(17, 5) = 1, gcd(0, 9) = 9

int gcd(int a, int b) { return b == 0 ? a : gcd(b, a % b); }

int lcm(int a, int b) { return a / gcd(a, b) * b; }

// The other results of extended().
int x;
int y;

// gcd(a, b), with x and y such that a * x + b * y is it.
int extended(int a, int b) {
  int x0 = 1, y0 = 0;
  x = 0;
  y = 1;
  while (b != 0) {
    int quotient = a / b;
    int rest = a - quotient * b;
    a = b;
    b = rest;
    int kept = x;
    x = x0 - quotient * x;
    x0 = kept;
    kept = y;
    y = y0 - quotient * y;
    y0 = kept;
  }
  x = x0;
  y = y0;
  return a;
}

int inverse(int a, int modulus) {
  extended(a, modulus);
  return x < 0 ? x + modulus : x;
}

void main() {
  printf("gcd(1071, 462) = %d\n", gcd(1071, 462));
  printf("lcm(21, 6) = %d\n", lcm(21, 6));
  int common = extended(240, 46);
  printf("240 * %d + 46 * %d = %d\n", x, y, common);
  printf("3 * %d = 1 mod 11\n", inverse(3, 11));
  printf("17 * %d = 1 mod 3120\n", inverse(17, 3120));
  printf("gcd(17, 5) = %d, gcd(0, 9) = %d\n", gcd(17, 5), gcd(0, 9));
}
