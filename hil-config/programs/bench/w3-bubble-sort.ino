// 20 times: fill 64 elements from a linear congruential generator that goes on from round to round, bubble sort. Prints the
// sum of a[i] * i of the last round, 44137027.
int a[64];

int main() {
  int x = 1;
  for (int round = 0; round < 20; round++) {
    for (int i = 0; i < 64; i++) {
      x = x * 1103515245 + 12345;
      a[i] = (x >> 16) & 0x7FFF;
    }
    for (int i = 0; i < 63; i++) {
      for (int j = 0; j < 63 - i; j++) {
        if (a[j] > a[j + 1]) {
          int t = a[j];
          a[j] = a[j + 1];
          a[j + 1] = t;
        }
      }
    }
  }
  int sum = 0;
  for (int i = 0; i < 64; i++) sum += a[i] * i;
  printf("%u\n", sum);
}
