// expect: 5 -3 9 0 7 7 1
// expect: -3 0 1 5 7 7 9
// expect: sum 26 max 9
// expect: 1 2 0 0
// expect: 12 2 0 5

int values[] = {5, -3, 9, 0, 7, 7, 1};
const int COUNT = 7;

void show() {
  for (int i = 0; i < COUNT; i++) {
    if (i > 0) printf(" ");
    printf("%d", values[i]);
  }
  printf("\n");
}

void sort() {
  for (int end = COUNT - 1; end > 0; end--) {
    for (int i = 0; i < end; i++) {
      if (values[i] > values[i + 1]) {
        int kept = values[i];
        values[i] = values[i + 1];
        values[i + 1] = kept;
      }
    }
  }
}

int main() {
  show();
  sort();
  show();
  int sum = 0;
  int max = values[0];
  for (int i = 0; i < COUNT; i++) {
    sum += values[i];
    if (values[i] > max) max = values[i];
  }
  printf("sum %d max %d\n", sum, max);

  int local[4] = {1, 2};
  printf("%d %d %d %d\n", local[0], local[1], local[2], local[3]);
  int at = 0;
  local[at++] += 11;
  local[3] = local[at + 1] = 0;
  local[3] -= -5;
  printf("%d %d %d %d\n", local[0], local[1], local[2], local[3]);
  return 0;
}
