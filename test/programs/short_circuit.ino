// expect: 0 calls 1
// expect: 1 calls 2
// expect: 1 calls 1
// expect: 0 calls 2
// expect: 1 0 1
// expect: taken, calls 2
// expect: skipped, calls 1
// expect: 1 1 0 1

int calls = 0;

// Counts how often it is asked, and gives back what it was given.
int ask(int value) {
  calls++;
  return value;
}

void report(bool value) {
  printf("%d calls %d\n", value, calls);
  calls = 0;
}

int main() {
  report(ask(0) && ask(1));
  report(ask(5) && ask(7));
  report(ask(3) || ask(0));
  report(ask(0) || ask(0));

  // && binds tighter than ||, and ! tighter than both.
  int zero = 0;
  int one = 1;
  printf("%d %d %d\n", one || one && zero, !one || zero, !(one && zero));

  calls = 0;
  if (ask(0) || ask(1) && 1) printf("taken, calls %d\n", calls);
  calls = 0;
  if (ask(0) && ask(1) || zero) printf("taken\n");
  else printf("skipped, calls %d\n", calls);

  // The result is 0 or 1, whatever the operands are.
  printf("%d %d %d %d\n", 4 && ask(-9), ask(0) || 8, !ask(6), !!ask(6));
  return 0;
}
