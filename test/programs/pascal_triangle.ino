// expect:       1
// expect:      1 1
// expect:     1 2 1
// expect:    1 3 3 1
// expect:   1 4 6 4 1
// expect:  1 5 10 10 5 1
// expect: 1 6 15 20 15 6 1
// expect: C(10, 5) = 252, C(16, 8) = 12870

const int ROWS = 7;
int row[17] = {1};

// The next row in place, from the right, so that no value is needed after it has changed.
void advance(int length) {
  for (int i = length; i > 0; i--) row[i] += row[i - 1];
}

int binomial(int n, int k) {
  int result = 1;
  for (int i = 1; i <= k; i++) result = result * (n - k + i) / i;
  return result;
}

int main() {
  for (int n = 0; n < ROWS; n++) {
    for (int blank = ROWS - 1 - n; blank > 0; blank--) Serial.print(' ');
    for (int k = 0; k <= n; k++) printf("%s%d", k ? " " : "", row[k]);
    Serial.println();
    advance(n + 1);
  }
  printf("C(10, 5) = %d, C(16, 8) = %d\n", binomial(10, 5), binomial(16, 8));
}
