// expect: 360 = 2^3 * 3^2 * 5
// expect: 97 = 97
// expect: 1001 = 7 * 11 * 13
// expect: 1024 = 2^10
// expect: 2310 = 2 * 3 * 5 * 7 * 11
// expect: 36 has 9 divisors, their sum is 91

void part(int prime, int power, bool first) {
  printf("%s %d", first ? "" : " *", prime);
  if (power > 1) printf("^%d", power);
}

void factor(int n) {
  printf("%d =", n);
  bool first = true;
  for (int prime = 2; prime * prime <= n; prime++) {
    int power = 0;
    while (n % prime == 0) {
      n /= prime;
      power++;
    }
    if (power == 0) continue;
    part(prime, power, first);
    first = false;
  }
  if (n > 1) part(n, 1, first);
  printf("\n");
}

void setup() {
  factor(360);
  factor(97);
  factor(1001);
  factor(1024);
  factor(2310);
  int count = 0, sum = 0;
  for (int d = 1; d <= 36; d++) {
    if (36 % d) continue;
    count++;
    sum += d;
  }
  printf("36 has %d divisors, their sum is %d\n", count, sum);
}

void loop() {
}
