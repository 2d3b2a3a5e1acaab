// expect: 0 1 1 2 3 5 8 13 21 34
// expect: F(46) = 1836311903
// expect: F(47) = 2971215073 unsigned, -1323752223 as an int
// expect: every third is even: yes
// expect: sum of the first ten: 88

unsigned long fibonacci(int n) {
  unsigned long a = 0, b = 1;
  while (n-- > 0) {
    unsigned long next = a + b;
    a = b;
    b = next;
  }
  return a;
}

int main() {
  bool pattern = true;
  int sum = 0;
  for (int n = 0; n < 10; n++) {
    int f = fibonacci(n);
    if (n) Serial.print(" ");
    Serial.print(f);
    if ((f % 2 == 0) != (n % 3 == 0)) pattern = false;
    sum += f;
  }
  printf("\nF(46) = %d\n", fibonacci(46));
  unsigned long large = fibonacci(47);
  printf("F(47) = %u unsigned, %d as an int\n", large, large);
  // F(0) + ... + F(n) is F(n + 2) - 1.
  printf("every third is even: %s\n", pattern ? "yes" : "no");
  printf("sum of the first ten: %d\n", sum);
}
