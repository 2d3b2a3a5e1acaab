// expect: fib: 0 1 1 2 3 5 8 13 21 34 55
// expect: 5! = 120
// expect: gcd 6
// expect: 3^4 = 81
// expect: even 1 odd 0
// expect: 3 calls, total 60

bool isOdd(int n);

int calls = 0;
int total = 0;

int fib(int n) {
  if (n < 2) return n;
  return fib(n - 1) + fib(n - 2);
}

int factorial(int n) { return n <= 1 ? 1 : n * factorial(n - 1); }

int gcd(int a, int b) {
  while (b != 0) {
    int rest = a % b;
    a = b;
    b = rest;
  }
  return a;
}

int power(int base, int exponent) {
  int result = 1;
  for (; exponent > 0; exponent--) result *= base;
  return result;
}

bool isEven(int n) {
  if (n == 0) return true;
  return isOdd(n - 1);
}

bool isOdd(int n) {
  if (n == 0) return false;
  return isEven(n - 1);
}

void add(int value) {
  if (value < 0) return;
  calls++;
  total += value;
}

int main() {
  printf("fib:");
  for (int i = 0; i <= 10; i++) printf(" %d", fib(i));
  printf("\n5! = %d\n", factorial(5));
  printf("gcd %d\n", gcd(48, 18));
  printf("3^4 = %d\n", power(3, 4));
  printf("even %d odd %d\n", isEven(10), isOdd(8));
  add(10); add(-1); add(20); add(30);
  printf("%d calls, total %d\n", calls, total);
}
