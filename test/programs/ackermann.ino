// expect: A(0, 4) = 5
// expect: A(1, 3) = 5
// expect: A(2, 2) = 7
// expect: A(2, 3) = 9
// expect: A(3, 1) = 13
// expect: deepest 15

int depth = 0;
int deepest = 0;

int ackermann(int m, int n) {
  depth++;
  if (depth > deepest) deepest = depth;
  int result;
  if (m == 0) result = n + 1;
  else if (n == 0) result = ackermann(m - 1, 1);
  else result = ackermann(m - 1, ackermann(m, n - 1));
  depth--;
  return result;
}

void show(int m, int n) { printf("A(%d, %d) = %d\n", m, n, ackermann(m, n)); }

int main() {
  show(0, 4);
  show(1, 3);
  show(2, 2);
  show(2, 3);
  show(3, 1);
  printf("deepest %d\n", deepest);
}
