// expect: 1 2 4 7 11 16
// expect: countdown 3 2 1 liftoff
// expect: 12321 palindrome, 12345 not
// expect: power 1024, digits 6, sum 21
// expect: 3 levels, local 30 20 10

// Each call has locals of its own.
int level = 0;

void levels(int n) {
  int own = n * 10;
  level++;
  if (n < 3) levels(n + 1);
  printf(" %d", own);
}

int steps(int n) { return n == 0 ? 1 : steps(n - 1) + n; }

void countdown(int n) {
  if (n == 0) {
    printf(" liftoff\n");
    return;
  }
  printf(" %d", n);
  countdown(n - 1);
}

int reversed(int n, int so_far) { return n ? reversed(n / 10, so_far * 10 + n % 10) : so_far; }

int power(int base, int n) {
  if (n == 0) return 1;
  int half = power(base, n / 2);
  return n % 2 ? base * half * half : half * half;
}

byte digits(long n) { return n < 10 ? 1 : 1 + digits(n / 10); }

int digitSum(int n) {
  if (n < 10) return n;
  return n % 10 + digitSum(n / 10);
}

int main() {
  for (int n = 0; n < 6; n++) printf("%s%d", n ? " " : "", steps(n));
  printf("\ncountdown");
  countdown(3);
  printf("%d %s, %d %s\n", 12321, reversed(12321, 0) == 12321 ? "palindrome" : "not", 12345,
         reversed(12345, 0) == 12345 ? "palindrome" : "not");
  printf("power %d, digits %d, sum %d\n", power(2, 10), digits(123456), digitSum(123456));
  printf("3 levels, local");
  levels(1);
  printf("\n");
}
