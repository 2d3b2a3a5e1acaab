// expect: 7 -2 40 0 7 -9
// expect: -2 7 40 0 7 -9
// expect: -2 0 7 40 7 -9
// expect: -2 0 7 7 40 -9
// expect: -9 -2 0 7 7 40
// expect: 9 moves

int8_t numbers[] = {7, -2, 40, 0, 7, -9};
const int COUNT = 6;

void show() {
  for (int i = 0; i < COUNT; i++) {
    Serial.print(numbers[i]);
    Serial.print(i + 1 < COUNT ? " " : "\n");
  }
}

int main() {
  int moves = 0;
  show();
  for (int sorted = 1; sorted < COUNT; sorted++) {
    int8_t number = numbers[sorted];
    int at = sorted;
    while (at > 0 && numbers[at - 1] > number) {
      numbers[at] = numbers[at - 1];
      at--;
      moves++;
    }
    if (at == sorted) continue;
    numbers[at] = number;
    show();
  }
  printf("%d moves\n", moves);
}
