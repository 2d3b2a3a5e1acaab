// expect: 14 20 2 7 1
// expect: 8 1 6 3 0
// expect: 1 0 1 1 1
// expect: -9 9 -1 0 1
// expect: 5 3 7
// expect: 10 1 12 2
// expect: 1 2 3 4

int two = 2, three = 3, four = 4, zero = 0;

int main() {
  printf("%d %d %d %d %d\n", two + three * four, (two + three) * four, four - three + 1, 20 / two - three, 7 - three - three);
  // Shifts bind less tightly than sums, more tightly than comparisons.
  printf("%d %d %d %d %d\n", 1 << two + 1, 1 << two > three, 12 >> two - 1, 12 >> two, zero << three < 0);
  // Comparisons before equality, equality before &.
  printf("%d %d %d %d %d\n", two < three == 1, four & two == two, (four & four) == four, three & 1 == 1, two == 1 < three == 0);
  printf("%d %d %d %d %d\n", -three * three, - -three * three, ~zero, !three, !three == zero);
  printf("%d %d %d\n", four | three & 1, two ^ three & 1 | 2, four | two ^ 1);
  // ?: is right-associative, and binds more tightly than an assignment only.
  int a = zero ? 5 : two ? 10 : 15;
  int b = zero || three && two;
  int c = two + three > four ? four * three : zero;
  int d = (zero, two);
  printf("%d %d %d %d\n", a, b, c, d);
  int e = 1, f = two, g;
  g = e + f;
  int before = e++;
  int after = --g;
  printf("%d %d %d %d\n", before, f, after + 1, -after + e * 3);
}
