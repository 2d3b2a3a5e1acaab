// expect: |   1   2   3 |
// expect: |   4   5   6 |
// expect: |   7   8  10 |
// expect: determinant -3
// expect: |  30  36  45 |
// expect: |  66  81 102 |
// expect: | 109 134 169 |
// expect: trace 280, symmetric 0

// Three rows of three in one array: element (row, column) is at 3 * row + column.
const int N = 3;

int a[] = {1, 2, 3, 4, 5, 6, 7, 8, 10};
int square[N * N];

int at(int row, int column) { return row % N * N + column % N; }

void show(int x, int y, int z) { printf("| %3d %3d %3d |\n", x, y, z); }

int determinant() {
  int sum = 0;
  for (int column = 0; column < N; column++) {
    sum += a[at(0, column)] * a[at(1, column + 1)] * a[at(2, column + 2)];
    sum -= a[at(2, column)] * a[at(1, column + 1)] * a[at(0, column + 2)];
  }
  return sum;
}

void multiply() {
  for (int row = 0; row < N; row++) {
    for (int column = 0; column < N; column++) {
      square[at(row, column)] = 0;
      for (int k = 0; k < N; k++) square[at(row, column)] += a[at(row, k)] * a[at(k, column)];
    }
  }
}

int main() {
  for (int row = 0; row < N; row++) show(a[at(row, 0)], a[at(row, 1)], a[at(row, 2)]);
  printf("determinant %d\n", determinant());
  multiply();
  for (int i = 0; i < N * N; i += N) show(square[i], square[i + 1], square[i + 2]);
  int trace = 0;
  for (int i = 0; i < N; i++) trace += square[at(i, i)];
  printf("trace %d, symmetric %d\n", trace, square[1] == square[3] && square[2] == square[6]);
}
