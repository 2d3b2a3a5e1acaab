// expect: 7 21 24 1
// expect: order 1 2, 2 calls
// expect: 6 24
// expect: 0 1 4 9
// expect: -3 253 unchanged

#include <Arduino.h>

int next();
int factorial(int n);

// Known values are set first, the others one after the other; functions may be called.
const int A = 7;
const int B = A * 3;
int c = B + A / 2;
bool d = c > B;
int calls = 0;
int first = next();
int second = next();
int three = factorial(3), four = factorial(3 + 1);
int squares[] = {0, 1, 2 * 2, A + 2};
int8_t small = B - c;
byte cut = small;

int next() { return ++calls; }

int factorial(int n) { return n < 2 ? 1 : n * factorial(n - 1); }

void setup() {
  printf("%d %d %d %d\n", A, B, c, d);
  printf("order %d %d, %d calls\n", first, second, calls);
  printf("%d %d\n", three, four);
  printf("%d %d %d %d\n", squares[0], squares[1], squares[2], squares[3]);
  int unchanged = c;
  c = 100;
  printf("%d %d %s\n", small, cut, unchanged == 24 && d ? "unchanged" : "changed");
}

void loop() {
}
