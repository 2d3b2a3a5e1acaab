// expect: 1 2 4 5 7 8
// expect: stopped at 25
// expect: 27 takes 111 steps
// expect: 54321
// expect: once
// expect: 3 2 1 0
// expect: 9 rounds, outer 3

int main() {
  int n = 0;
  while (true) {
    n++;
    if (n > 8) break;
    if (n % 3 == 0) continue;
    printf("%s%d", n > 1 ? " " : "", n);
  }
  printf("\n");

  int square = 1;
  int root = 1;
  while (square < 20) {
    root++;
    square = root * root;
  }
  printf("stopped at %d\n", square);

  int steps = 0;
  int value = 27;
  do {
    value = value % 2 == 0 ? value / 2 : 3 * value + 1;
    steps++;
  } while (value != 1);
  printf("27 takes %d steps\n", steps);

  int digits = 12345;
  int reversed = 0;
  do {
    reversed = reversed * 10 + digits % 10;
    digits /= 10;
  } while (digits);
  printf("%d\n", reversed);

  do printf("once\n"); while (false);

  int down = 4;
  while (down-- > 0) printf("%d%s", down, down == 0 ? "\n" : " ");

  int rounds = 0;
  int outer = 0;
  for (; outer < 3; outer++) {
    for (int inner = 0;; inner++) {
      if (inner == 3) break;
      rounds++;
    }
  }
  printf("%d rounds, outer %d\n", rounds, outer);
}
