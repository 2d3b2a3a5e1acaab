// expect: 6 14 36 11
// expect: led 5, text a and b
// expect: yes 3
// expect: 1 2 3 5
// expect: -4 4

#include <Arduino.h>
#define TWO 2
#define THREE (TWO + 1)
// Without parentheses: the operators around it get hold of its parts.
#define SUM TWO + 4
#define LONG_ONE \
  (THREE * \
   12)
#define LED_BUILTIN 5
#define TEXT "a" " and "
#define BOTH &&
#define COUNT 4
#define EMPTY
#define FOREVER for (;;)
#define DEPTH_OF_ALL COUNT

byte primes[COUNT] = {1, 2, 3, 5};

int main() {
  printf("%d %d %d %d\n", SUM, SUM * 3, LONG_ONE, 3 + TWO * 4);
  printf("led %d, text " TEXT "b\n", LED_BUILTIN);
  int n = 0;
  FOREVER {
    if (++n == THREE) break;
  }
  if (n > TWO BOTH n < COUNT) printf("yes %d\n", n);
  for (int i = 0; i < DEPTH_OF_ALL; i++) printf("%s%d", i ? " " : "", primes[i]);
  printf("\n%d %d\n", -COUNT, EMPTY COUNT);
}
