// expect: abc bac cab acb bca cba
// expect: 24 of four, each different: 1

// Heap's algorithm: each permutation from the one before by exchanging two.
char letters[] = {'a', 'b', 'c', 'd'};
int count = 0;
int sum = 0;

void exchange(int a, int b) {
  char kept = letters[a];
  letters[a] = letters[b];
  letters[b] = kept;
}

void visit(int size) {
  if (size == 3) {
    printf("%s%c%c%c", count ? " " : "", letters[0], letters[1], letters[2]);
  }
  count++;
  // Which letter stands where, as a number of four digits.
  for (int i = 0, digits = 0; i < 4; i++) {
    digits = digits * 4 + letters[i] - 'a';
    if (i == 3) sum += digits;
  }
}

void permute(int k, int size) {
  if (k == 1) {
    visit(size);
    return;
  }
  permute(k - 1, size);
  for (int i = 0; i < k - 1; i++) {
    exchange(k % 2 ? 0 : i, k - 1);
    permute(k - 1, size);
  }
}

int main() {
  permute(3, 3);
  Serial.println();
  count = sum = 0;
  permute(4, 4);
  // In each place each of the four digits stands six times: 6 * (0 + 1 + 2 + 3) * (1 + 4 + 16 + 64).
  printf("%d of four, each different: %d\n", count, sum == 3060);
}
