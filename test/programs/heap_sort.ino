// expect: heap 9 6 8 3 5 7 4 2 1
// expect: sorted 1 2 3 4 5 6 7 8 9

int values[] = {3, 6, 4, 2, 5, 7, 8, 9, 1};
const int COUNT = 9;

// Lets a value sink to where both of its children are smaller.
void sink(int at, int end) {
  for (;;) {
    int child = 2 * at + 1;
    if (child >= end) return;
    if (child + 1 < end && values[child + 1] > values[child]) child++;
    if (values[at] >= values[child]) return;
    int kept = values[at];
    values[at] = values[child];
    values[child] = kept;
    at = child;
  }
}

void show() {
  for (int i = 0; i < COUNT; i++) printf(" %d", values[i]);
  printf("\n");
}

void setup() {
  for (int i = COUNT / 2 - 1; i >= 0; i--) sink(i, COUNT);
  printf("heap");
  show();
  for (int end = COUNT - 1; end > 0; end--) {
    int largest = values[0];
    values[0] = values[end];
    values[end] = largest;
    sink(0, end);
  }
  printf("sorted");
  show();
}

void loop() {
}
