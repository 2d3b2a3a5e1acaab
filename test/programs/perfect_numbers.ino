// expect: 6 = 1 + 2 + 3
// expect: 28 = 1 + 2 + 4 + 7 + 14
// expect: below 30: 2 perfect, 23 deficient, 4 abundant

int divisorSum(int n) {
  if (n == 1) return 0;
  int sum = 1;
  for (int d = 2; d * d <= n; d++) {
    if (n % d != 0) continue;
    sum += d;
    if (d != n / d) sum += n / d;
  }
  return sum;
}

void show(int n) {
  printf("%d = 1", n);
  for (int d = 2; d < n; d++) {
    if (n % d) continue;
    else printf(" + %d", d);
  }
  printf("\n");
}

int main() {
  int perfect = 0, deficient = 0, abundant = 0;
  for (int n = 1; n < 30; n++) {
    int sum = divisorSum(n);
    if (sum < n) deficient++;
    else if (sum > n) abundant++;
    else {
      perfect++;
      show(n);
    }
  }
  printf("below 30: %d perfect, %d deficient, %d abundant\n", perfect, deficient, abundant);
}
