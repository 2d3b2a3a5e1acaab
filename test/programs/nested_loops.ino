// expect: 1
// expect: 2 4
// expect: 3 6 9
// expect: 4 8 12 16
// expect: sum 65
// expect: 10 primes below 30, the last is 29
// expect: pairs 6

int main() {
  int sum = 0;
  for (int i = 1; i <= 4; i++) {
    for (int j = 1; j <= i; j++) {
      int product = i * j;
      sum += product;
      if (j > 1) printf(" ");
      printf("%d", product);
    }
    printf("\n");
  }
  printf("sum %d\n", sum);

  int count = 0;
  int last = 0;
  for (int n = 2; n < 30; n++) {
    bool prime = true;
    for (int d = 2; d * d <= n; d++) {
      if (n % d == 0) {
        prime = false;
        break;
      }
    }
    if (!prime) continue;
    count++;
    last = n;
  }
  printf("%d primes below 30, the last is %d\n", count, last);

  int pairs = 0;
  for (int i = 0, j = 10; i <= j; i++, j--) pairs++;
  printf("pairs %d\n", pairs);
  return 0;
}
