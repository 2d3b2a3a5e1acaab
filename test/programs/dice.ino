// expect: 3 5 4 2 2 6 1 4 1 1 2 6
// expect: 1 ***
// expect: 2 ***
// expect: 3 *
// expect: 4 **
// expect: 5 *
// expect: 6 **
// expect: sum 37

// The generator of the C standard's example: a linear congruence modulo 2^32, of which the upper bits are used.
unsigned long seed = 1;

int roll() {
  seed = seed * 1103515245 + 12345;
  return ((int)(seed & 0x7FFFFFFF) >> 16) % 6 + 1;
}

byte counts[7];

int main() {
  int sum = 0;
  for (int i = 0; i < 12; i++) {
    int dots = roll();
    sum += dots;
    counts[dots]++;
    printf("%d%s", dots, i == 11 ? "\n" : " ");
  }
  for (int dots = 1; dots <= 6; dots++) {
    printf("%d ", dots);
    for (int n = counts[dots]; n > 0; n--) Serial.print('*');
    Serial.println();
  }
  printf("sum %d\n", sum);
}
