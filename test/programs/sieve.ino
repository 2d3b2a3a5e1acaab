// expect: 2 3 5 7 11 13 17 19 23 29 31 37 41 43 47 53 59 61
// expect: 18 primes below 64

bool crossed[64];

void cross(int step) {
  for (int n = step * step; n < 64; n += step) crossed[n] = true;
}

void main() {
  int count = 0;
  for (int n = 2; n < 64; n++) {
    if (crossed[n]) continue;
    if (count++ > 0) printf(" ");
    printf("%d", n);
    if (n < 8) cross(n);
  }
  printf("\n%d primes below 64\n", count);
}
