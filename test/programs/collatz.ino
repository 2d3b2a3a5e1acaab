// expect: 6: 6 3 10 5 16 8 4 2 1
// expect: longest below 20: 18 with 20 steps
// expect: highest on the way from 15: 160

int steps(int n) {
  int count = 0;
  while (n != 1) {
    n = n & 1 ? 3 * n + 1 : n >> 1;
    ++count;
  }
  return count;
}

void setup() {
  Serial.print("6:");
  int n = 6;
  do {
    Serial.print(" ");
    Serial.print(n);
    if (n == 1) break;
    n = n % 2 ? 3 * n + 1 : n / 2;
  } while (true);
  Serial.println();

  int best = 1, most = 0;
  for (int start = 1; start < 20; start++) {
    int count = steps(start);
    if (count > most) {
      most = count;
      best = start;
    }
  }
  printf("longest below 20: %d with %d steps\n", best, most);

  int high = 0;
  for (n = 15; n > 1; n = n % 2 ? 3 * n + 1 : n / 2) {
    if (n > high) high = n;
  }
  printf("highest on the way from 15: %d\n", high);
}

void loop() {
}
