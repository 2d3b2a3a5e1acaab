// expect: 11 13 17 29 31 42 47 58 63 64 72 86 90 95
// expect: in order, sum 718
// expect: deepest call 6

int numbers[] = {42, 17, 86, 11, 95, 63, 29, 58, 72, 31, 90, 13, 64, 47};
const int COUNT = 14;
int deepest = 0;

void exchange(int a, int b) {
  int kept = numbers[a];
  numbers[a] = numbers[b];
  numbers[b] = kept;
}

// Brings the last number to its place, smaller ones before it.
int partition(int first, int last) {
  int pivot = numbers[last];
  int place = first;
  for (int i = first; i < last; i++) {
    if (numbers[i] < pivot) exchange(i, place++);
  }
  exchange(place, last);
  return place;
}

void sort(int first, int last, int depth) {
  if (depth > deepest) deepest = depth;
  if (first >= last) return;
  int place = partition(first, last);
  sort(first, place - 1, depth + 1);
  sort(place + 1, last, depth + 1);
}

int main() {
  sort(0, COUNT - 1, 1);
  int sum = 0;
  bool inOrder = true;
  for (int i = 0; i < COUNT; i++) {
    printf("%d%c", numbers[i], i < COUNT - 1 ? ' ' : '\n');
    sum += numbers[i];
    if (i > 0 && numbers[i - 1] > numbers[i]) inOrder = false;
  }
  printf("%s, sum %d\n", inOrder ? "in order" : "not in order", sum);
  printf("deepest call %d\n", deepest);
}
