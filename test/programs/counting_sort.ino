// expect: 0 0 1 1 1 3 4 4 5 5 5 5 7 9 9
// expect: most frequent: 5, 4 times
// expect: missing: 2 6 8

const byte DIGITS[] = {5, 1, 4, 0, 9, 5, 5, 1, 7, 3, 4, 0, 9, 1, 5};
const int TOTAL = 15;

int main() {
  byte counts[10] = {};
  for (int i = 0; i < TOTAL; i++) counts[DIGITS[i]]++;
  int printed = 0;
  int most = 0;
  for (int digit = 0; digit <= 9; digit++) {
    for (byte n = 0; n < counts[digit]; n++) {
      printf("%d%s", digit, ++printed < TOTAL ? " " : "\n");
    }
    if (counts[digit] > counts[most]) most = digit;
  }
  printf("most frequent: %d, %d times\nmissing:", most, counts[most]);
  for (int digit = 0; digit <= 9; digit++) {
    if (!counts[digit]) printf(" %d", digit);
  }
  printf("\n");
}
