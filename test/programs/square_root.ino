// expect: 0 1 1 1 2 2 2 2 2 3
// expect: 1000000: 1000 1000
// expect: 2147483647: 46340 46340
// expect: distance 3 4 -> 5, -5 12 -> 13

// Newton's method in integers.
int newton(int n) {
  if (n < 2) return n;
  int guess = n / 2 + 1;
  if (guess > 46340) guess = 46340;
  int better = (guess + n / guess) / 2;
  while (better < guess) {
    guess = better;
    better = (guess + n / guess) / 2;
  }
  return guess;
}

// Bit by bit, without a division.
int bitwise(int n) {
  int root = 0;
  for (int bit = 1 << 15; bit; bit >>= 1) {
    int tried = root | bit;
    if (tried <= 46340 && tried * tried <= n) root = tried;
  }
  return root;
}

void compare(int n) { printf("%d: %d %d\n", n, newton(n), bitwise(n)); }

int distance(int x, int y) { return newton(x * x + y * y); }

void setup() {
  for (int n = 0; n < 10; n++) printf("%d%s", newton(n), n < 9 ? " " : "\n");
  compare(1000000);
  compare(2147483647);
  printf("distance 3 4 -> %d, -5 12 -> %d\n", distance(3, 4), distance(-5, 12));
}

void loop() {
}
